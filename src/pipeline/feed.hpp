#pragma once

#include "async/semaphore.hpp"
#include "pipeline/worker_manager.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <deque>
#include <optional>

namespace pofetch::pipeline {

/// Where the workers of one lane get their POs: leases a few at a time from the ledger, on the ledger's
/// thread. Belongs to the lane. What was leased and not handed out when the run stops simply stays
/// PENDING.
class feed {
 public:
  /// `chunk`: how many POs one visit to the ledger brings.
  feed(const lane& where, const shared_parts& parts, std::size_t chunk);

  /// The next PO; nothing when there is none left. Failure `ledger`: it cannot be read.
  [[nodiscard]] awaitable<result<std::optional<po_lease>>> next();

 private:
  const shared_parts& parts_;
  std::size_t chunk_;
  bool dry_ = false;
  std::deque<po_lease> ready_;
  /// One worker refills, the others wait for it.
  async::semaphore refill_;
};

}  // namespace pofetch::pipeline
