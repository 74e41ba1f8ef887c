#pragma once

#include <string_view>

namespace pofetch::lists {

/// How a CSV file is written.
struct csv_dialect {
  /// Stands for "no delimiter": the whole line is one cell.
  static constexpr char none = '\x1f';

  char delimiter = none;
  /// The first line is `sep=;` as Excel writes it: no record.
  bool has_sep_line = false;
  /// There is space between delimiter and opening quote, so space around cells does not count. Else
  /// space is part of the cell (RFC 4180 section 2).
  bool trims = false;
  /// Records begin and end with the delimiter, which is no cell's end there.
  bool is_framed = false;
  /// At least two lines were looked at, and the delimiter splits all into as many cells.
  bool even = false;
};

/// Finds the dialect from the beginning of the text. A delimiter (comma, semicolon, tab, bar) must stand
/// in the first line outside quotes; the one that splits the most of the next lines into as many
/// cells as the first wins. `preferred` (0: none) wins a draw.
[[nodiscard]] csv_dialect detect_csv_dialect(std::string_view sample, char preferred = 0);

}  // namespace pofetch::lists
