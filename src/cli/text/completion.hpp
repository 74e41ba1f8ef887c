#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>

namespace pofetch::cli {

/// `pofetch --completion SHELL`: what makes `bash`, `zsh` or `fish` complete commands, options and their
/// values. Failure config: another shell.
[[nodiscard]] result<std::string> completion_script(std::string_view shell);

}  // namespace pofetch::cli
