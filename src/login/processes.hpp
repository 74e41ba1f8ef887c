#pragma once

#include <filesystem>
#include <sys/types.h>
#include <vector>

namespace pofetch::login {

/// Processes whose command line names this folder, or that have it for what is temporary (TMPDIR), but for
/// this one. Processes that come and go meanwhile, or may not be looked at, are no trouble.
[[nodiscard]] std::vector<pid_t> processes_in(const std::filesystem::path& folder);

}  // namespace pofetch::login
