#pragma once

#include "cli/arguments.hpp"
#include "cli/options.hpp"

#include <pofetch/batch.hpp>

#include <string_view>

namespace pofetch::cli {

// One function a command: does it, prints, and says how it went.

[[nodiscard]] exit_state command_run(const arguments& line, const options& values);
[[nodiscard]] exit_state command_plan(const arguments& line, const options& values);
[[nodiscard]] exit_state command_status(const options& values);
[[nodiscard]] exit_state command_verify(const options& values);
[[nodiscard]] exit_state command_report(const options& values);
/// pause, resume and stop.
[[nodiscard]] exit_state command_tell(const options& values, node_wish wish);
[[nodiscard]] exit_state command_login(const options& values);
[[nodiscard]] exit_state command_doctor(const options& values);
[[nodiscard]] exit_state command_serve(const arguments& line, const options& values);
[[nodiscard]] exit_state command_submit(const settings::resolution& decided);
[[nodiscard]] exit_state command_watch(const options& values);
/// What keeps `pofetch doctor` from looking at anything, in its own form.
exit_state doctor_refused(const failure& why, bool as_json);

/// `pofetch: text` on standard error, masked and printable.
void complain(std::string_view text);
/// The failure, and for one of the machine what to do about it.
void complain(const failure& why);
void warn(std::string_view text);
/// The same without a lead.
void tell(std::string_view text);

/// On standard output. False when nobody reads it.
bool print(std::string_view text);

}  // namespace pofetch::cli
