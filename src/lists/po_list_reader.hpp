#pragma once

#include "core/po_number.hpp"

#include <pofetch/error.hpp>
#include <pofetch/po_list.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::lists {

/// What the rows of a list stand for.
enum class list_kind {
  automatic,        ///< a manifest if there is a `url` column
  purchase_orders,  ///< a PO each; a `url` column is like any other
  manifest,         ///< an attachment each; there must be a `url` column
};

/// Which purchase orders a cell means.
using number_rule = std::function<core::po_cell(std::string_view cell)>;

/// How a list is opened. Column names are compared without case, spaces, punctuation and accents.
struct list_options {
  /// File, or `-` for standard input.
  std::string input;
  /// Of a workbook: its name or its number from 1. Empty: the first that is not hidden.
  std::string sheet{};
  /// Empty: found by its name.
  std::string po_column{};
  /// Empty: found by its name; a list need not have one.
  std::string supplier_column{};
  std::vector<std::string> folder_columns{};
  list_kind kind = list_kind::automatic;
  /// Leaves out the rows of a sheet that are hidden, by hand, by a filter or in a closed group.
  bool visible_rows = false;
  /// Of the source; not for a manifest.
  number_rule read_numbers = core::parse_po_cell;
};

/// Opens a list of purchase orders in whatever form it is (spec: XLSX, CSV, TSV, semicolon, bar, JSON Lines,
/// plain text), found by its content first and by the ending of its name second, and reads up to its
/// first row. The row of column names is found by itself, below titles and empty rows.
///
/// Rows: blank ones, rules of dashes and repeated rows of names are left out. Cells beyond the header are
/// ignored, missing ones are empty. A row that cannot be used comes with an empty `number` and a sentence in
/// `problem`. A cell with several POs gives several rows with the same line; something beside them that has
/// digits and is no PO gives one more, which cannot be used; other words are a remark in the first one's
/// `problem`. A line of plain text that holds more than POs cannot be used. In a manifest a row without an
/// absolute http(s) address, shown or as the cell's link, or with a malformed `sha256` or `size`, cannot be
/// used. `cells` are the list's text as UTF-8, but for secrets in cells that begin with http:// or https://
/// and in a manifest's `url` column, which are masked; `url` itself is not masked.
///
/// Failure `input`: the list cannot be read, is no text, has no rows, or lacks a column; the message names
/// the columns that it has, and the other sheets of the workbook. Or it is not certain which of its numbers
/// are POs. Or the PO column of a sheet begins with
/// errors of formulas alone.
[[nodiscard]] result<std::unique_ptr<po_list>> open_po_list(const list_options& options);

}  // namespace pofetch::lists
