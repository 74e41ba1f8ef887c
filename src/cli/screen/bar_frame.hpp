#pragma once

#include "cli/screen/progress_model.hpp"
#include "cli/screen/terminal.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pofetch::cli {

/// The picture of one moment as lines that fit the terminal: the whole first (more than one line if the
/// terminal is narrow), then the busy workers, as many as there is height for. No escape sequences.
struct bar_frame {
  std::vector<std::string> whole;
  std::vector<std::string> workers;
};
[[nodiscard]] bar_frame draw_frame(const progress_snapshot& now, terminal_size size);

/// Rows that the frame takes on a terminal of so many columns: one a line, more where the terminal has become
/// narrower since and has broken lines over.
[[nodiscard]] std::size_t rows_taken(const bar_frame& frame, std::size_t columns);

}  // namespace pofetch::cli
