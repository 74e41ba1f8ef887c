#pragma once

#include "cli/screen/progress_model.hpp"

#include <pofetch/progress.hpp>

#include <memory>
#include <string_view>

namespace pofetch::cli {

/// Shows a run to somebody. Events may come from any thread.
class printer : public progress {
 public:
  /// A line for the person at the terminal, whatever else is shown. Any thread.
  virtual void say(std::string_view text) = 0;

  /// Writes what is left; nothing is written afterwards. Before the model goes.
  virtual void finish() = 0;
};

struct plain_style {
  /// A line about the whole now and then.
  bool status = true;
  /// A line for every file and PO that failed.
  bool failures = true;
  notice_level least = notice_level::info;
};

/// Lines for people, on standard error: the whole every 5 s or 10 %, failures once.
[[nodiscard]] std::unique_ptr<printer> make_plain_printer(progress_model& model, plain_style style);

/// A picture that is painted over, on standard error: a line for the whole and one for each worker, as many
/// as the terminal is high. Failures and notices scroll by above it.
[[nodiscard]] std::unique_ptr<printer> make_bar_printer(progress_model& model);

/// JSON Lines for programs, on standard output. See json_events.hpp for the events.
[[nodiscard]] std::unique_ptr<printer> make_json_printer(progress_model& model);

}  // namespace pofetch::cli
