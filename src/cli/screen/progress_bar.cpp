#include "cli/screen/bar_frame.hpp"
#include "cli/screen/event_text.hpp"
#include "cli/screen/output_thread.hpp"
#include "cli/screen/printer.hpp"
#include "cli/screen/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace pofetch::cli {

namespace {

/// Terminals that know this show what stands between the two at once; the others ignore both.
constexpr std::string_view begin_update = "\x1b[?2026h";
constexpr std::string_view end_update = "\x1b[?2026l";
constexpr std::string_view erase_below = "\x1b[J";

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

  void on(const progress_event& event) override {
    for (std::string& line : lines_.of(event)) out_.push(std::move(line));
  }

  void say(std::string_view text) override { out_.push(std::string(text)); }

  void finish() override { out_.finish(); }

 private:
  /// Lines wait for the next repaint, so that many of them do not make the terminal flicker.
  std::string paint(const std::vector<std::string>& lines, bool tick, bool last) {
    waiting_.insert(waiting_.end(), lines.begin(), lines.end());
    if (!tick && !last) return {};
    const terminal_size size = size_of_terminal(STDERR_FILENO);
    std::string text(begin_update);
    text += to_beginning(size);
    // These may be longer than the terminal is wide: what they are written over has to go first.
    if (!waiting_.empty()) text += erase_below;
    for (const std::string& line : waiting_) text += line + "\n";
    waiting_.clear();

    frame_ = draw_frame(model_.snapshot(), size);
    if (last) frame_.workers.clear();
    std::size_t left = frame_.whole.size() + frame_.workers.size();
    for (const std::string& line : frame_.whole) text += styled("\x1b[1m", line) + end_of(--left, last);
    for (const std::string& line : frame_.workers) text += styled("\x1b[2m", line) + end_of(--left, last);
    text += erase_below;
    text += end_update;
    return text;
  }

  /// To the beginning of the frame before, which is written over in place.
  [[nodiscard]] std::string to_beginning(terminal_size size) const {
    const std::size_t height = rows_taken(frame_, size.columns);
    if (height == 0) return {};
    const std::size_t up = std::min(height, size.rows) - 1;
    return up == 0 ? "\r" : fmt::format("\r\x1b[{}A", up);
  }

  [[nodiscard]] std::string styled(const char* start, const std::string& line) const {
    return colour_ ? start + line + "\x1b[0m" : line;
  }

  /// What the frame before had behind it on that line goes.
  [[nodiscard]] static std::string end_of(std::size_t left, bool last) {
    return left > 0 || last ? "\x1b[K\n" : "\x1b[K";
  }

  progress_model& model_;
  const bool colour_;
  event_lines lines_{true, notice_level::info};
  std::vector<std::string> waiting_;
  bar_frame frame_;    // as it stands on the screen
  output_thread out_;  // last: its thread uses all of the above
};

}  // namespace

std::unique_ptr<printer> make_bar_printer(progress_model& model) {
  return std::make_unique<bar_printer>(model);
}

}  // namespace pofetch::cli
