#include "cli/json_events.hpp"
#include "cli/output_thread.hpp"
#include "cli/printer.hpp"
#include "os/read_write.hpp"

#include <atomic>
#include <chrono>
#include <unistd.h>

namespace pofetch::cli {

namespace {

class json_printer final : public printer {
 public:
  explicit json_printer(progress_model& model)
      : model_(model),
        out_(STDOUT_FILENO, std::chrono::seconds{1}, overflow::wait,
             [this](const std::vector<std::string>& lines, bool tick, bool) { return paint(lines, tick); }) {}

  void batch_started(const batch_totals& totals, const intake_counts& intake, unsigned workers) override {
    out_.push(json_batch_started(totals, intake, workers));
  }
  void attachment_finished(unsigned worker, const attachment_record& record) override {
    out_.push(json_attachment_finished(worker, record));
  }
  void retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) override {
    out_.push(json_retrying(worker, why, delay));
  }
  void po_finished(unsigned worker, const po_outcome& outcome) override {
    out_.push(json_po_finished(worker, outcome));
  }
  void notice(notice_level level, std::string_view text) override { out_.push(json_notice(level, text)); }
  void sign_in_needed(std::string_view advice) override { out_.push(json_sign_in_needed(advice)); }
  void signed_in(std::chrono::milliseconds waited) override { out_.push(json_signed_in(waited)); }
  void throttled(const throttling& now) override { out_.push(json_throttled(now)); }
  void batch_finished(const batch_totals& totals, const run_record& run) override {
    ended_ = true;
    out_.push(json_batch_finished(totals, run));
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
