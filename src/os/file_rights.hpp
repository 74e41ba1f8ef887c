#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::os {

/// A sentence of warning if group or others may read the file, which is `what` (`cookie file`).
[[nodiscard]] std::optional<std::string> warn_if_readable_by_others(std::string_view what,
                                                                    const std::filesystem::path& path);

}  // namespace pofetch::os
