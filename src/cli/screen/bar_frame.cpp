#include "cli/screen/bar_frame.hpp"

#include "cli/screen/event_text.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::cli {

namespace {

/// `[#####-----]`, `cells` wide inside.
std::string bar(std::uint64_t done, std::uint64_t total, std::size_t cells) {
  const std::size_t full =
      total == 0 ? cells : static_cast<std::size_t>(std::min(done, total) * cells / total);
  return fmt::format("[{}{}]", std::string(full, '#'), std::string(cells - full, '-'));
}

/// The pieces with two spaces between them, on as many lines as they need, at most `most`.
std::vector<std::string> flow(const std::vector<std::string>& pieces, std::size_t columns, std::size_t most) {
  std::vector<std::string> lines;
  for (const std::string& piece : pieces) {
    const bool fits = !lines.empty() && display_width(lines.back()) + 2 + display_width(piece) <= columns;
    if (fits) {
      lines.back() += "  " + piece;
    } else if (lines.size() < most) {
      lines.push_back(fitted(piece, columns));
    }
  }
  return lines;
}

std::string worker_line(const worker_view& worker, std::size_t columns) {
  constexpr std::size_t cells = 16;
  const std::string counts = fmt::format("{:>4}/{:<4} files {:>10}", worker.files_done, worker.files_found,
                                         human_bytes(worker.bytes));
  const std::string picture = bar(worker.files_done, std::max<std::uint64_t>(worker.files_found, 1), cells);
  return fitted(fmt::format("  PO {} {} {}", padded(worker.po, 16), counts, picture), columns);
}

}  // namespace

bar_frame draw_frame(const progress_snapshot& now, terminal_size size) {
  // All there is to say has room on 80 columns, also while a host is throttled.
  constexpr std::size_t most_lines = 4;
  // The last column stays free: some terminals wrap when it is written to.
  const std::size_t columns = std::max<std::size_t>(size.columns, 2) - 1;
  const std::size_t rows = std::max<std::size_t>(size.rows, 2) - 1;
  bar_frame frame;
  if (!now.started) {
    frame.whole.push_back(fitted(now.at_rest.empty() ? "Reading the list ..." : now.at_rest, columns));
    return frame;
  }
  std::vector<std::string> pieces = status_pieces(now);
  if (columns >= 60 && !now.waiting && now.at_rest.empty())
    pieces.front() = bar(now.pos_done, now.pos_total, 20) + " " + pieces.front();
  frame.whole = flow(pieces, columns, std::min(rows, most_lines));

  std::vector<const worker_view*> busy;
  for (const worker_view& worker : now.workers) {
    if (!worker.po.empty()) busy.push_back(&worker);
  }
  const std::size_t height = rows - std::min(rows, frame.whole.size());
  const bool all = busy.size() <= height;
  const std::size_t shown = all ? busy.size() : height - std::min<std::size_t>(height, 1);
  for (std::size_t i = 0; i < shown; ++i) frame.workers.push_back(worker_line(*busy[i], columns));
  if (!all && height > 0) {
    frame.workers.push_back(fitted(fmt::format("  ... and {} more", busy.size() - shown), columns));
  }
  return frame;
}

std::size_t rows_taken(const bar_frame& frame, std::size_t columns) {
  std::size_t rows = 0;
  for (const auto* lines : {&frame.whole, &frame.workers})
    for (const std::string& line : *lines)
      rows += 1 + (std::max<std::size_t>(display_width(line), 1) - 1) / std::max<std::size_t>(columns, 1);
  return rows;
}

}  // namespace pofetch::cli
