#pragma once

#include <pofetch/ledger.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/store.hpp>

#include <cstdint>
#include <functional>

namespace pofetch::pipeline {

struct reconciled {
  std::uint64_t adopted = 0;  ///< whole files whose final row a killed run did not write
  std::uint64_t missing = 0;  ///< files that the ledger claims and that are gone
  std::uint64_t changed = 0;  ///< files that the ledger claims and that are other than it says
  std::uint64_t wanted = 0;   ///< files that --include and --exclude left out, and that they let through now
  std::uint64_t swept = 0;    ///< bodies that a killed run left behind
};

/// Makes ledger and disk agree again before a run: adopts what a killed run had placed, and puts what is
/// missing or changed back to PENDING, with its name, to be fetched again; what earlier runs left out and
/// `config` wants, too. A file is read through only
/// if its modification time is not the one that the ledger remembers. `stopped` is asked before every file
/// and while one is read: once it says yes the failure is `cancelled`, and the next run looks again.
result<reconciled> reconcile(ledger& records, store& files, const pool_config& config,
                             const std::function<bool()>& stopped);

/// What became of the files that another owner of this order was about to place when it ended: each of `left`
/// is completed or pending afterwards. Failures: cancelled (as above); disk, permission: it cannot be told.
result<void> settle_left(po_lease& left, store& files, const std::function<bool()>& stopped);

}  // namespace pofetch::pipeline
