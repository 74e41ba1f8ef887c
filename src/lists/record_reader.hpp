#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::lists {

// Bounds of every form of list, so that a hostile one cannot take the memory.
inline constexpr std::size_t max_cell_size = 1U << 20;    ///< bytes of one cell
inline constexpr std::size_t max_record_size = 8U << 20;  ///< bytes of one record
inline constexpr std::size_t max_line_size = 1U << 20;    ///< bytes of one line of text or JSON
inline constexpr std::size_t max_columns = 4096;          ///< cells of one record

/// Where a cell leads: an address, or a formula with `=` before it that makes one.
struct cell_link {
  std::size_t column = 0;
  std::string target;
};

/// One record as it stands in the list.
struct record {
  /// Physical line on which it begins, from 1.
  std::int64_t line = 0;
  std::vector<std::string> cells;
  /// Why its cells could not be read, one sentence; empty: they could.
  std::string problem;
  bool is_hidden = false;          ///< of a sheet: hidden by hand, by a filter or by a group that is closed
  std::vector<cell_link> links{};  ///< of a sheet: of cells with a HYPERLINK formula
};

/// The records of a list, one after another. Forms that name their columns (CSV, JSON Lines) give the
/// names as the first record.
class record_reader {
 public:
  virtual ~record_reader() = default;

  /// The next record, nothing at the end. Failure `input`: the list cannot be read on; the message names
  /// the line.
  [[nodiscard]] virtual result<std::optional<record>> next() = 0;
};

}  // namespace pofetch::lists
