#pragma once

#include "cli/arguments.hpp"
#include "cli/options.hpp"
#include "cli/screen/progress_model.hpp"

#include <pofetch/batch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::cli {

/// How a run ended, for a person: counts, files, time and speed, the commonest errors, where the report is,
/// and the one command that goes on, if there is something to go on with.
[[nodiscard]] std::string run_summary(const batch_result& done, const arguments& line, const options& values,
                                      const progress_snapshot& now, const std::vector<error_cause>& causes);

}  // namespace pofetch::cli
