#pragma once

#include "lists/po_list_reader.hpp"
#include "lists/record_reader.hpp"
#include "lists/xlsx/sheet_file.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::lists {

/// Records of which the first can be looked at before they are read.
class peeked_records final : public record_reader {
 public:
  explicit peeked_records(std::unique_ptr<record_reader> records) : records_(std::move(records)) {}

  /// The next records, without those that are no rows: as many as are looked at, fewer at the end.
  [[nodiscard]] result<const std::deque<record>*> look_ahead();
  /// Leaves out the first ones of those.
  void drop(std::size_t count);

  [[nodiscard]] result<std::optional<record>> next() override;

 private:
  std::unique_ptr<record_reader> records_;
  std::deque<record> ahead_;
};

/// The names of a list's columns.
struct list_header {
  std::vector<std::string> names;
  std::int64_t line = 0;  ///< where they stand; 0: nowhere, the list is plain text
};

/// That of a plain text: one made-up column; a report of it can be read as a list again.
[[nodiscard]] result<list_header> plain_header();

/// The first record that is not blank, taken out.
[[nodiscard]] result<list_header> read_header(peeked_records& records, const std::string& name);

/// The row of a table that names the PO column, taken out together with titles and remarks above it. If no
/// row fits, the first that names several columns: what is wrong with it is said by `resolve_columns`.
/// Failure `input`: there are no rows.
[[nodiscard]] result<list_header> find_header(peeked_records& records, const list_options& options,
                                              const std::string& name);

/// The same of a sheet. One of one column that begins with POs is plain text. Where the PO column's name
/// spans several rows or columns, all rows of names make up the names: `Supplier` over `Name` and `Country`
/// is `Supplier Name` and `Supplier Country`. `rows` is what `records` reads.
[[nodiscard]] result<list_header> find_sheet_header(peeked_records& records, sheet_rows& rows,
                                                    const list_options& options, const std::string& name);

/// Which of the records names the columns, a PO column among them.
[[nodiscard]] std::optional<std::size_t> find_names(const std::deque<record>& records,
                                                    const list_options& options);

/// Several cells of words, and no number: names, or titles.
[[nodiscard]] bool has_only_words(const record& from);
/// Does a title stand where the names should be, so that the PO column is none? The row below it has more
/// cells and none that looks like a PO, as names that are not known do; or there is one name alone above
/// several columns, and what stands below it does not look like POs.
[[nodiscard]] bool may_be_title(const list_header& header, const std::deque<record>& rows, std::size_t po);
/// The failure that stands for both.
[[nodiscard]] failure uncertain(const std::string& name);
/// `hidden`: rows that were left out.
[[nodiscard]] failure no_rows(const std::string& name, std::uint64_t hidden = 0);

}  // namespace pofetch::lists
