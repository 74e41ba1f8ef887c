#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <cstdint>
#include <functional>
#include <span>

namespace pofetch::sqlite {

/// In one transaction: of `done` the state of the POs and of their attachments, where an attachment that is
/// known but not in the outcome is forgotten, unless it is completed: its file is on disk; of `next` the
/// `committing` attachments and nothing else. Failures: ledger (also for a PO that is not there), disk_full.
[[nodiscard]] result<void> write_outcomes(database& db, std::span<const po_outcome> done,
                                          std::span<const po_outcome> next);

/// Writes these attachments over what is known of them, in one transaction; others of the same PO stay.
/// A PO with a pending one among those given becomes PENDING. Of a PO that is under way, listed addresses of
/// files that are there are erased. Failures: ledger (also for a PO that is not there), disk_full.
[[nodiscard]] result<void> write_amendments(database& db, std::span<const po_lease> found,
                                            const std::function<bool(std::int64_t po_id)>& is_under_way);

}  // namespace pofetch::sqlite
