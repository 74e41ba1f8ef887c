#pragma once

#include "cli/screen/progress_model.hpp"

#include <pofetch/progress.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pofetch::cli {

/// What is to be said of a PO that ended PARTIAL or FAILED: a line for every attachment that failed, or one
/// for the PO. Empty for all other outcomes. Printable.
struct failure_line {
  std::string code;
  std::string text;
};
[[nodiscard]] std::vector<failure_line> failure_lines(const po_outcome& outcome);

/// `12 of 50 POs (24 %)`, `96 files`, ...: the whole in pieces, the most important first.
[[nodiscard]] std::vector<std::string> status_pieces(const progress_snapshot& now);

/// `Warning: ...`, `Error: ...`, or the text alone.
[[nodiscard]] std::string notice_line(notice_level level, std::string_view text);

/// What is shown of the time in which a run waits for a new session.
[[nodiscard]] std::string sign_in_needed_line(std::string_view advice);
[[nodiscard]] std::string signed_in_line(std::chrono::milliseconds waited);

/// `throttling host: 12 of 16 at once, 19.5 requests/s`, or that it is over.
[[nodiscard]] std::string throttling_text(const event::throttled& now);

/// Lets the first failures of every code through, then says once that the rest is only counted.
class failure_filter {
 public:
  /// What to show for this line; empty: nothing. Any thread.
  [[nodiscard]] std::string pass(const failure_line& line);

 private:
  static constexpr unsigned most_of_a_code = 100;
  std::mutex guard_;
  std::unordered_map<std::string, unsigned> seen_;
};

/// What the events of a run are as lines for people: failures, notices of a level, waiting for a session.
class event_lines {
 public:
  event_lines(bool failures, notice_level least) : failures_(failures), least_(least) {}

  /// The lines of one event; none for most. Any thread.
  [[nodiscard]] std::vector<std::string> of(const progress_event& event);

 private:
  [[nodiscard]] std::vector<std::string> of_failures(const po_outcome& outcome);

  const bool failures_;
  const notice_level least_;
  failure_filter filter_;
};

}  // namespace pofetch::cli
