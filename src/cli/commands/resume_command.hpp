#pragma once

#include "cli/arguments.hpp"

#include <string>
#include <string_view>

namespace pofetch::cli {

/// The word as a POSIX shell reads it back, quoted only where needed; with characters that a terminal would
/// act on, as `$'...'` (bash, zsh, ksh).
[[nodiscard]] std::string shell_quoted(std::string_view word);

/// The command line that goes on with this run: what was given, without the values of --header. What came
/// from files and variables is still there and is not repeated. `extra` is added at the end
/// (`--retry-skipped`).
[[nodiscard]] std::string resume_command(const arguments& line, std::string_view extra = "");

}  // namespace pofetch::cli
