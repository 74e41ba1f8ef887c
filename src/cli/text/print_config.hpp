#pragma once

#include "settings/environment.hpp"
#include "settings/resolve.hpp"

#include <string>
#include <string_view>

namespace pofetch::cli {

/// What is in force, as TOML that can be used as a config file, with a comment where each value comes from.
/// What is not set stands there as a comment. Values of --header and passwords in URLs are masked.
[[nodiscard]] std::string print_config(const settings::resolution& decided,
                                       const settings::environment& variables);

/// A basic string (TOML 1.0, "String") that reads back as `text` and does nothing to a terminal.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace pofetch::cli
