#pragma once

#include "cli/options.hpp"

#include <optional>
#include <string>

namespace pofetch::cli {

/// `pofetch --help` (no command) or `pofetch COMMAND --help`: at most 80 columns, options in groups with
/// their defaults.
[[nodiscard]] std::string help_text(std::optional<command> what);

/// `pofetch --version`: name and version, then compiler and libraries.
[[nodiscard]] std::string version_text();

}  // namespace pofetch::cli
