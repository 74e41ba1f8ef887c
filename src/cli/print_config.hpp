#pragma once

#include "cli/environment.hpp"
#include "cli/resolve.hpp"

#include <string>

namespace pofetch::cli {

/// What is in force, as TOML that can be used as a config file, with a comment where each value comes from.
/// What is not set stands there as a comment. Values of --header and passwords in URLs are masked.
[[nodiscard]] std::string print_config(const resolution& decided, const environment& variables);

}  // namespace pofetch::cli
