#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <cstdint>
#include <span>
#include <unordered_set>

namespace pofetch::postgres {

/// What became of a pipeline of results.
struct written {
  /// This node has been taken for dead: nothing was written.
  bool fenced = false;
  /// It is done, but the answer was lost.
  bool unseen = false;
  /// Those whose row of `work` says that this node holds them.
  std::unordered_set<std::int64_t> held{};
};

/// One pipeline behind the fence: of `done` the state of the orders and of their attachments, where an
/// attachment that is known but not in the outcome is forgotten, unless it is completed: its file is there;
/// of `next` the files about to be placed. Of orders that this node does not hold nothing is written.
/// Failures: ledger, disk_full.
[[nodiscard]] result<written> write_outcomes(batch_at where, std::span<const po_outcome> done,
                                             std::span<const po_outcome> next);

/// See folder_journal::amend, behind the fence: gives those that another node holds, or all if this one was
/// taken for dead. Failures: ledger (also for an order that is not there), disk_full.
[[nodiscard]] result<po_ids> write_amendments(batch_at where, std::span<const po_lease> found);

/// As `write_amendments`, for files that a dead node was about to place, and only as long as nobody has
/// settled them: by then others may have placed theirs. Failures: ledger (also if this node was taken for
/// dead), disk_full.
[[nodiscard]] result<void> settle_intents(batch_at where, std::int64_t dead, std::span<const po_lease> found);

}  // namespace pofetch::postgres
