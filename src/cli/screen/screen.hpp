#pragma once

#include "cli/options.hpp"
#include "cli/screen/event_log.hpp"
#include "cli/screen/printer.hpp"
#include "cli/screen/progress_model.hpp"

#include <memory>
#include <string_view>

namespace pofetch::cli {

/// Everything that listens to one run: the counters, what is shown, and the log.
class screen {
 public:
  /// Failure `config`: the log file cannot be written.
  [[nodiscard]] static result<std::unique_ptr<screen>> open(const options& values, bool planning);

  screen(const options& values, bool planning, std::unique_ptr<event_log> log);

  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  /// Where the engine's events go. As long as the screen lives.
  [[nodiscard]] progress& events() { return all_; }
  [[nodiscard]] progress_model& model() { return model_; }

  /// A line for the person at the terminal. Any thread.
  void say(std::string_view text) { printer_->say(text); }

  /// Nothing is shown afterwards. Any number of times, from one thread.
  void finish();

 private:
  progress_model model_;
  std::unique_ptr<event_log> log_;
  std::unique_ptr<printer> printer_;
  progress_fan_out all_;
};

}  // namespace pofetch::cli
