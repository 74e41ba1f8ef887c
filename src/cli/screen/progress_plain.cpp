#include "cli/screen/event_text.hpp"
#include "cli/screen/output_thread.hpp"
#include "cli/screen/printer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <unistd.h>
#include <utility>

namespace pofetch::cli {

namespace {

class plain_printer final : public printer {
 public:
  plain_printer(progress_model& model, plain_style style)
      : model_(model),
        style_(style),
        lines_(style.failures, style.least),
        out_(STDERR_FILENO, std::chrono::milliseconds{250}, overflow::drop,
             [this](const std::vector<std::string>& lines, bool tick, bool) { return paint(lines, tick); }) {}

  void on(const progress_event& event) override {
    for (std::string& line : lines_.of(event)) out_.push(std::move(line));
  }

  void say(std::string_view text) override { out_.push(std::string(text)); }

  void finish() override { out_.finish(); }

 private:
  std::string paint(const std::vector<std::string>& lines, bool tick) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    if (tick && style_.status) text += status_line();
    return text;
  }

  /// Every 5 s, and whenever another tenth is done, but at most once a second.
  std::string status_line() {
    const progress_snapshot now = model_.snapshot();
    if (!now.started) return {};
    const std::uint64_t tenth = now.pos_total == 0 ? 0 : now.pos_done * 10 / now.pos_total;
    const auto since = now.elapsed - said_at_;
    const bool due =
        since >= std::chrono::seconds{5} || (tenth != said_tenth_ && since >= std::chrono::seconds{1});
    if (!due) return {};
    said_at_ = now.elapsed;
    said_tenth_ = tenth;
    return fmt::format("{}\n", fmt::join(status_pieces(now), ", "));
  }

  progress_model& model_;
  const plain_style style_;
  event_lines lines_;
  std::chrono::milliseconds said_at_{0};
  std::uint64_t said_tenth_ = 0;
  output_thread out_;  // last: its thread uses all of the above
};

}  // namespace

std::unique_ptr<printer> make_plain_printer(progress_model& model, plain_style style) {
  return std::make_unique<plain_printer>(model, style);
}

}  // namespace pofetch::cli
