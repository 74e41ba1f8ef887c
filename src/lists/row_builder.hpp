#pragma once

#include "core/po_number.hpp"
#include "lists/list_columns.hpp"
#include "lists/record_reader.hpp"

#include <pofetch/po_list.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::lists {

/// Every PO of one cell carries a copy of the row: above so many bytes of copies the row is unusable.
inline constexpr std::size_t max_copied_size = 64U << 20;

/// Makes rows of records: first `take` a record, then `next` until it gives nothing.
class row_builder {
 public:
  /// `plain`: the list is plain text; a line with several POs gives each its own cell, and one with anything
  /// else is unusable.
  row_builder(list_columns columns, std::size_t column_count, bool plain, number_rule read_numbers)
      : columns_(std::move(columns)),
        column_count_(column_count),
        plain_(plain),
        read_numbers_(std::move(read_numbers)) {}

  void take(record from);

  /// The next row of the record taken last: one at least.
  [[nodiscard]] std::optional<po_row> next();

 private:
  void take_order(const record& from);
  [[nodiscard]] std::string no_po(const std::string& text, const core::po_cell& read) const;
  void keep_lost(const std::vector<std::string>& rejected);
  void take_manifest(const record& from);
  [[nodiscard]] std::string address_in(const record& from) const;
  [[nodiscard]] std::string manifest_problem(const record& from);
  void mask_cells();
  [[nodiscard]] const std::string& cell(const record& from, std::optional<std::size_t> column) const;

  list_columns columns_;
  std::size_t column_count_;
  bool plain_;
  number_rule read_numbers_;
  po_row row_;  ///< what the rows of the record have in common
  /// Empty: one row without a number. The last one may have none: its `prefix` is what may have been a PO.
  std::vector<core::parsed_po> orders_;
  std::size_t next_order_ = 0;
  bool exhausted_ = true;
};

}  // namespace pofetch::lists
