#pragma once

#include "cli/arguments.hpp"
#include "cli/options.hpp"
#include "cli/progress_model.hpp"

#include <pofetch/batch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::cli {

/// How a run ended, for a person: counts, files, time and speed, the commonest errors, where the report is,
/// and the one command that goes on, if there is something to go on with.
[[nodiscard]] std::string run_summary(const batch_result& done, const arguments& line, const options& values,
                                      const progress_snapshot& now, const std::vector<error_cause>& causes);

/// What to do about a failure of this machine, before the same command is run again; empty where the message
/// itself says it.
[[nodiscard]] std::string_view machine_advice(errc code) noexcept;

/// The exit state that a failure before or outside of a run leads to.
[[nodiscard]] exit_state exit_state_of(const failure& why) noexcept;

}  // namespace pofetch::cli
