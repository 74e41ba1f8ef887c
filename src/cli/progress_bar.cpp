#include "cli/bar_frame.hpp"
#include "cli/event_text.hpp"
#include "cli/output_thread.hpp"
#include "cli/printer.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace pofetch::cli {

namespace {

/// The cursor is never hidden, so there is nothing to restore when the process is killed: between frames it
/// stands at the end of the last line.
class bar_printer final : public printer {
 public:
  explicit bar_printer(progress_model& model)
      : model_(model),
        colour_(can_colour(STDERR_FILENO)),
        out_(STDERR_FILENO, std::chrono::milliseconds{200}, overflow::drop,
             [this](const std::vector<std::string>& lines, bool tick, bool last) {
               return paint(lines, tick, last);
             }) {}

  void po_finished(unsigned, const po_outcome& outcome) override {
    for (const failure_line& line : failure_lines(outcome)) {
      if (std::string text = filter_.pass(line); !text.empty()) out_.push(std::move(text));
    }
  }

  void notice(notice_level level, std::string_view text) override { out_.push(notice_line(level, text)); }

  void sign_in_needed(std::string_view advice) override { out_.push(sign_in_needed_line(advice)); }
  void signed_in(std::chrono::milliseconds waited) override { out_.push(signed_in_line(waited)); }

  void say(std::string_view text) override { out_.push(std::string(text)); }

  void finish() override { out_.finish(); }

 private:
  /// Lines wait for the next repaint, so that many of them do not make the terminal flicker.
  std::string paint(const std::vector<std::string>& lines, bool tick, bool last) {
    waiting_.insert(waiting_.end(), lines.begin(), lines.end());
    if (!tick && !last) return {};
    const terminal_size size = size_of_terminal(STDERR_FILENO);
    std::string text = erase(size);
    for (const std::string& line : waiting_) text += line + "\n";
    waiting_.clear();

    bar_frame frame = draw_frame(model_.snapshot(), size);
    if (last) frame.workers.clear();
    height_ = frame.whole.size() + frame.workers.size();
    std::size_t row = 0;
    for (const std::string& line : frame.whole) text += styled("\x1b[1m", line) + end_of(++row, last);
    for (const std::string& line : frame.workers) text += styled("\x1b[2m", line) + end_of(++row, last);
    return text;
  }

  /// To the beginning of the frame before, and nothing left below.
  [[nodiscard]] std::string erase(terminal_size size) const {
    if (height_ == 0) return {};
    const std::size_t up = std::min(height_, size.rows) - 1;
    return up == 0 ? "\r\x1b[J" : fmt::format("\r\x1b[{}A\x1b[J", up);
  }

  [[nodiscard]] std::string styled(const char* start, const std::string& line) const {
    return colour_ ? start + line + "\x1b[0m" : line;
  }

  [[nodiscard]] std::string end_of(std::size_t row, bool last) const {
    return row < height_ || last ? "\n" : "";
  }

  progress_model& model_;
  const bool colour_;
  failure_filter filter_;
  std::vector<std::string> waiting_;
  std::size_t height_ = 0;
  output_thread out_;  // last: its thread uses all of the above
};

}  // namespace

std::unique_ptr<printer> make_bar_printer(progress_model& model) {
  return std::make_unique<bar_printer>(model);
}

}  // namespace pofetch::cli
