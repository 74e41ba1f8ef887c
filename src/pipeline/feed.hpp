#pragma once

#include "async/semaphore.hpp"
#include "pipeline/worker_manager.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace pofetch::pipeline {

/// Where the workers of one lane get their POs: leases a few at a time from the ledger, on the ledger's
/// thread. Belongs to the lane. What was leased and not handed out when the run stops is given back.
class feed {
 public:
  /// `chunk`: how many POs one visit to the ledger brings.
  /// `stopping`: no further PO is wanted.
  feed(const lane& where, const shared_parts& parts, std::size_t chunk, const bool& stopping);

  /// A PO of which nothing is to be recorded: its lease ends with the next visit to the ledger.
  void put_back(const po_lease& lease) { back_.push_back(lease.po.id); }

  /// Ends the leases of all that was put back or not handed out; no further PO comes. What hinders it is no
  /// matter: leases end with the run.
  [[nodiscard]] awaitable<> give_back();

  /// The next PO; nothing when there is none left, or none is wanted. While others hold some that may come
  /// back it waits. Failure `ledger`: it cannot be read.
  [[nodiscard]] awaitable<result<std::optional<po_lease>>> next();

 private:
  struct refill {
    std::vector<po_lease> leased{};
    bool dry = false;
  };
  /// On the ledger's thread.
  result<refill> lease_after(const po_ids& back);

  /// Between two questions for what others hold.
  static constexpr std::chrono::milliseconds patience{250};

  const shared_parts& parts_;
  clock& time_;
  std::size_t chunk_;
  const bool& stopping_;
  bool dry_ = false;
  std::deque<po_lease> ready_;
  po_ids back_;
  /// One worker refills, the others wait for it.
  async::semaphore refill_;
};

}  // namespace pofetch::pipeline
