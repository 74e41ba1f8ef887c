#pragma once

#include <pofetch/batch_reader.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace pofetch::lists {

/// What a cell shows: a file or folder, by its path within the output folder.
struct path_cell {
  std::string path;
};

/// What a cell shows: a page of the source.
struct url_cell {
  std::string url;
};

/// A cell of a report; each format writes it in its own way. The time 1970-01-01T00:00:00Z stands for "not
/// known".
using cell_value =
    std::variant<std::string, std::uint64_t, std::chrono::system_clock::time_point, path_cell, url_cell>;

/// A column that a table of purchase orders gets behind those of the list.
struct order_column {
  std::string_view name;
  double width;  ///< in characters, where a format has widths
  cell_value (*of)(const report_row& row);
};

/// All of them, from left to right, for CSV and XLSX. A new column is a row of this table, and a name in
/// MANUAL.md.
[[nodiscard]] std::span<const order_column> order_columns() noexcept;

/// When its list of attachments was last read whole; the epoch: never.
[[nodiscard]] std::chrono::system_clock::time_point last_checked(const po_outcome& po);

/// As the source said it, else as the list does.
[[nodiscard]] const std::string& supplier_of(const po_outcome& po);

/// Its folder; empty while nothing of it is on disk.
[[nodiscard]] std::string folder_of(const report_row& row);

}  // namespace pofetch::lists
