#pragma once

#include <pofetch/ledger.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::lists {

/// The columns that a table of purchase orders gets behind those of the list.
inline constexpr std::array<std::string_view, 12> result_columns = {
    "STATUS", "SUPPLIER",       "ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED", "ATTACHMENT_NAMES",
    "BYTES",  "LAST_PROCESSED", "ERROR_CODE",        "ERROR_MESSAGE",          "DOWNLOAD_FOLDER",
    "PO_URL", "LAST_CHECKED"};

/// Positions of the list's own columns. A list that is an earlier report has result columns as well, which
/// are not its own.
[[nodiscard]] std::vector<std::size_t> own_columns(std::span<const std::string> columns);

/// What these are called in a report, where no two columns have names that are equal but for case and blanks
/// around them: further ones of a name are `Note_2`, `Note_3`, and one without a name is `UNNAMED_4` by its
/// place in the list.
[[nodiscard]] std::vector<std::string> own_names(std::span<const std::string> columns);

/// Is the list an earlier report, and the name of this column one that the report has given to a column
/// without?
[[nodiscard]] bool is_made_up(std::span<const std::string> columns, std::size_t column);

/// What the result columns are called behind those of that list: a name that the list has itself (in any
/// case) gets the prefix `POFETCH_`.
[[nodiscard]] std::vector<std::string> result_names(std::span<const std::string> columns);

/// Names of the attachments, `; ` between; ` (GONE)` behind those that the source does not list any more.
[[nodiscard]] std::string names_of(const std::vector<attachment_record>& attachments);

/// Why the PO is not complete: its own failure, else the first of its attachments'; null: it is.
[[nodiscard]] const failure* reason_of(const po_outcome& po);

/// When its list of attachments was last read whole; the epoch: never.
[[nodiscard]] std::chrono::system_clock::time_point last_checked(const po_outcome& po);

/// As the source said it, else as the list does.
[[nodiscard]] const std::string& supplier_of(const po_outcome& po);

}  // namespace pofetch::lists
