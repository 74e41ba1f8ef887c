#pragma once

#include "lists/po_list_reader.hpp"
#include "lists/record_reader.hpp"
#include "lists/xlsx/sheet_links.hpp"
#include "lists/xlsx/sheet_reader.hpp"

#include <pofetch/error.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::lists {

/// The rows of a sheet, with all that they come from.
class sheet_rows : public record_reader {
 public:
  /// The merged cells that begin in that row; reads the whole sheet for it.
  [[nodiscard]] virtual result<std::vector<cell_range>> merged_in(std::int64_t row) = 0;
  /// Where the cells of that column lead; reads the whole sheet for it, if it has links.
  [[nodiscard]] virtual result<sheet_links> links_of(std::size_t column) = 0;
};

/// One sheet of a workbook, opened.
struct opened_sheet {
  std::unique_ptr<sheet_rows> rows;
  std::string sheet;  ///< its name
  std::vector<std::string>
      remarks;  ///< sentences for the person: it is open in Excel, there are other sheets
};

/// Opens the sheet that the options ask for, if the input is a workbook (XLSX). Nothing: it is no workbook
/// and no other document of an office program, so a text. Standard input and pipes are never looked at.
///
/// Failure `input`: a workbook that cannot be used (encrypted, .xls, .ods, .xlsb, a web page under a
/// workbook's name, a lock file, damaged, still being written, without such a sheet); one sentence says what
/// it is and what to do. Failures of scratch_file. A file that changes while it is read fails at its end.
[[nodiscard]] result<std::optional<opened_sheet>> open_sheet(const list_options& options,
                                                             const std::string& name);

}  // namespace pofetch::lists
