#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace pofetch::sqlite {

/// The present list: `generation` of its POs; 0 before the first run. Failures: ledger.
[[nodiscard]] result<std::int64_t> generation_of(database& db);

/// Sums over the present list; all zero before the first run. Failures: ledger.
[[nodiscard]] result<batch_totals> read_totals(database& db);

/// Failures: ledger (also if there was no run).
[[nodiscard]] result<run_record> read_last_run(database& db);

/// Visits every PO of the present list in its order. No statement is open during a visit: it may use
/// the ledger as it likes.
[[nodiscard]] result<void> visit_list(database& db,
                                      const std::function<result<void>(const report_row&)>& visit);

/// A PO of the present list, without its attachments, and its place there.
struct placed_row {
  std::int64_t position = 0;
  report_row row;
};
/// The columns that `read_placed_row` expects. Failures: ledger.
inline constexpr std::string_view placed_row_columns =
    "id, number, prefix, supplier, breaker_group, folder, position, line, cells, found_supplier, status, "
    "url, "
    "error_code, error_message, attachments_found, attachments_downloaded, bytes, last_processed, "
    "last_checked";
[[nodiscard]] result<placed_row> read_placed_row(const statement& row);

/// The PO of that id with all its attachments; nothing if there is none. Failures: ledger.
[[nodiscard]] result<std::optional<po_lease>> read_lease(database& db, std::int64_t id);

/// Visits every PO that has an attachment in that state, in the order in which the ledger learned of
/// them. A visit may use the ledger as it likes.
[[nodiscard]] result<void> visit_with(database& db, attachment_status status,
                                      const std::function<result<void>(const po_lease&)>& visit);

}  // namespace pofetch::sqlite
