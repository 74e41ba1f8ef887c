#pragma once

#include "cli/options.hpp"
#include "settings/resolve.hpp"

#include <string>
#include <vector>

namespace pofetch::cli {

/// What must hold before anything is started: operands and needed options are there, bounds hold, files to be
/// read exist, reports have a known ending and a folder. Failure `config` or `input`, one sentence that
/// names the option.
[[nodiscard]] result<void> check_options(const settings::resolution& decided);

/// Things worth a word that stop nothing.
[[nodiscard]] std::vector<std::string> option_warnings(const settings::resolution& decided);

}  // namespace pofetch::cli
