#pragma once

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/store.hpp>

#include <cstdint>
#include <functional>

namespace pofetch::pipeline {

struct deduped {
  std::uint64_t files = 0;  ///< that are hard links now
  std::uint64_t bytes = 0;  ///< that are on the disk once less
};

/// Makes files of one content hard links of the one that the ledger learned of first. Only files that this
/// ledger calls completed, and that stand on the disk as it says, are touched. A kill in the midst costs
/// nothing: a file whose time is not the recorded one is read through by the next run, and its content is
/// right. `stopped` is asked before each file. Failures: those of the ledger and of `link_copy`, unsupported
/// (the store has no hard links); what was linked by then stays.
[[nodiscard]] result<deduped> dedupe(ledger& records, store& files, const std::function<bool()>& stopped);

}  // namespace pofetch::pipeline
