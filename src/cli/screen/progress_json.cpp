#include "cli/screen/json_events.hpp"
#include "cli/screen/output_thread.hpp"
#include "cli/screen/printer.hpp"
#include "os/read_write.hpp"

#include <atomic>
#include <chrono>
#include <unistd.h>
#include <utility>
#include <variant>

namespace pofetch::cli {

namespace {

class json_printer final : public printer {
 public:
  explicit json_printer(progress_model& model)
      : model_(model),
        out_(STDOUT_FILENO, std::chrono::seconds{1}, overflow::wait,
             [this](const std::vector<std::string>& lines, bool tick, bool) { return paint(lines, tick); }) {}

  void on(const progress_event& event) override {
    std::string line = json_line(event);
    if (line.empty()) return;
    if (std::holds_alternative<event::batch_finished>(event)) ended_ = true;
    out_.push(std::move(line));
  }
  void say(std::string_view text) override {
    static_cast<void>(os::write_all(STDERR_FILENO, std::string(text) + "\n"));
  }
  void finish() override { out_.finish(); }

 private:
  std::string paint(const std::vector<std::string>& lines, bool tick) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    if (!tick || ended_) return text;
    const progress_snapshot now = model_.snapshot();
    if (now.started) text += json_progress(now) + "\n";
    return text;
  }

  progress_model& model_;
  /// Nothing stands behind the last event.
  std::atomic<bool> ended_{false};
  output_thread out_;  // last: its thread uses the model
};

}  // namespace

std::unique_ptr<printer> make_json_printer(progress_model& model) {
  return std::make_unique<json_printer>(model);
}

}  // namespace pofetch::cli
