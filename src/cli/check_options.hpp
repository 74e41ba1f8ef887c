#pragma once

#include "cli/options.hpp"
#include "settings/resolve.hpp"

#include <string>
#include <vector>

namespace pofetch::cli {

/// What concerns the command line alone: operands and needed options are there, reports have a known ending
/// and a folder, nothing that is read is written over, no password stands on the command line. The rest is
/// `validate`. Failure `config` or `input`, one sentence that names the option.
[[nodiscard]] result<void> check_options(const settings::resolution& decided);

/// Things worth a word that stop nothing.
[[nodiscard]] std::vector<std::string> option_warnings(const settings::resolution& decided);

}  // namespace pofetch::cli
