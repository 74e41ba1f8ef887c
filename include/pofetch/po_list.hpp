#pragma once

#include <pofetch/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pofetch {

/// One row of the list, as read. A row that names several POs comes once for each.
struct po_row {
  /// Line (or record) in the input, from 1, for messages.
  std::int64_t line = 0;
  /// Canonical number; empty: the row names no usable PO.
  std::string number;
  /// `PO` or `PM` if the list wrote it so, else empty.
  std::string prefix;
  /// Why the row is not usable, when `number` is empty: a sentence that names the line. Else a remark.
  std::string problem;
  std::string supplier;
  /// Values of the `folder_columns`, in their order.
  std::vector<std::string> folders;
  /// All cells, one for each of the list's columns.
  std::vector<std::string> cells;
  /// When the order was last changed, from a list that the instance itself gives.
  std::string updated_at{};
  /// Manifest only: what to fetch.
  std::string url;
  std::string filename;
  std::string sha256;
  std::optional<std::uint64_t> size{};
};

/// What was understood of a list before its rows: words for people.
struct list_facts {
  std::string form;       ///< `XLSX`, `CSV`, `JSON Lines`, `plain text`
  std::string sheet;      ///< name of the sheet, of a workbook
  std::string separator;  ///< `comma`, `semicolon`, ..., of a CSV file
  std::string encoding;   ///< `UTF-8`, ..., of a text
  /// Row of the column names, from 1; 0: there are none.
  std::int64_t header_line = 0;
  std::string po_column;
  std::string supplier_column;  ///< empty: there is none
  std::vector<std::string> folder_columns;
  /// Rows of a sheet, up to the one read last, that a person does not see: hidden by hand, by a filter, or in
  /// a closed group.
  std::uint64_t hidden_rows = 0;
  bool hidden_left_out = false;  ///< they were asked not to be read
  /// What the person should know: sentences.
  std::vector<std::string> remarks;
};

/// A list of purchase orders, read as a stream: memory does not grow with the rows.
class po_list {
 public:
  virtual ~po_list() = default;

  /// Names of the list's columns; one made-up name for plain text.
  [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;

  /// Has the list a `url` column?
  [[nodiscard]] virtual bool is_manifest() const = 0;

  /// What was understood of it.
  [[nodiscard]] virtual list_facts facts() const { return {}; }

  /// The next row, nothing at the end. Failure `input`: the list cannot be read on.
  [[nodiscard]] virtual result<std::optional<po_row>> next() = 0;
};

}  // namespace pofetch
