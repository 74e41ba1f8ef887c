#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <functional>

namespace pofetch::postgres {

/// Sums over the present list; all zero before the first run. Failures: ledger.
[[nodiscard]] result<batch_totals> read_totals(batch_at where);

/// Failures: ledger (also if there was no run).
[[nodiscard]] result<run_record> read_last_run(batch_at where);

/// See batch_reader: pages of rows, so that no transaction is long. A visit may use the ledger as it likes.
[[nodiscard]] result<void> visit_list(batch_at where,
                                      const std::function<result<void>(const report_row&)>& visit);
[[nodiscard]] result<void> visit_with(batch_at where, attachment_status status,
                                      const std::function<result<void>(const po_lease&)>& visit);
[[nodiscard]] result<void> visit_copies(batch_at where,
                                        const std::function<result<void>(const same_content&)>& visit);

}  // namespace pofetch::postgres
