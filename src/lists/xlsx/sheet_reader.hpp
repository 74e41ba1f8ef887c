#pragma once

#include "lists/record_reader.hpp"
#include "lists/xlsx/shared_strings.hpp"
#include "lists/xlsx/workbook.hpp"
#include "lists/xlsx/xml_events.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::lists {

/// As many as a sheet has (ECMA-376 leaves it open, every spreadsheet program ends here).
inline constexpr std::int64_t max_sheet_rows = 1'048'576;

/// Rows from 1, columns from 0, both ends included.
struct cell_range {
  std::int64_t first_row = 0;
  std::int64_t last_row = 0;
  std::size_t first_column = 0;
  std::size_t last_column = 0;
};

/// The cells of a reference such as `B2` or `B2:C9`.
[[nodiscard]] std::optional<cell_range> range_of(std::string_view reference);

/// The merged cells, which a person sees as one, of a sheet's part that begin in that row. They stand behind
/// all rows. Failure `input`: the part is damaged; `name` is the file in messages.
[[nodiscard]] result<std::vector<cell_range>> read_merged_cells(byte_source& part, std::int64_t row,
                                                                const std::string& name);

/// The rows of one sheet as it is unpacked: a record for each that has a value in it, `line` its number in
/// the sheet. Cells are what a person sees in plain notation: numbers and dates as `number_text` and
/// `date_text` say, formulas by the value that was saved with them (errors as `#REF!`; none saved: the
/// formula itself, behind `=`), TRUE and FALSE. Merged cells have their value in the first one. Formulas that
/// make links come with their records.
///
/// Failure `input`: the sheet is damaged, has more rows than a sheet can have, or passes a bound of
/// record_reader.hpp; the message names the row.
class sheet_reader final : public record_reader {
 public:
  /// What a cell needs of its workbook.
  struct surroundings {
    std::string name;  ///< of the file, in messages
    std::vector<bool> date_styles;
    bool from_1904 = false;
    std::unique_ptr<shared_strings> strings;  ///< null: there are none
  };

  sheet_reader(std::unique_ptr<byte_source> part, surroundings around);
  ~sheet_reader() override;

  [[nodiscard]] result<std::optional<record>> next() override;

 private:
  class parser;
  struct raw_cell {
    std::size_t column = 0;
    std::string type;
    std::size_t style = 0;
    std::string text;
    bool is_formula = false;  ///< `text` is the formula
    std::string link;         ///< the formula by which the cell is a link
  };
  struct raw_row {
    std::int64_t number = 0;
    bool is_hidden = false;
    std::vector<raw_cell> cells;
  };

  [[nodiscard]] result<void> read_some();
  [[nodiscard]] result<void> read_rest();
  [[nodiscard]] result<record> arranged(const raw_row& row);
  [[nodiscard]] result<std::string> text_of(const raw_cell& cell, std::int64_t row);

  std::unique_ptr<byte_source> part_;
  surroundings around_;
  std::unique_ptr<parser> parser_;
  std::string buffer_;
  bool at_end_ = false;
};

}  // namespace pofetch::lists
