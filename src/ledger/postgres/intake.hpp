#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <span>

namespace pofetch::postgres {

/// Takes a list into a batch, some thousand rows a pipeline: what they meet in the ledger is read first, and
/// all that follows of it is written in one go. As sqlite/intake.hpp otherwise.
class intake {
 public:
  explicit intake(batch_at where) noexcept : where_(where) {}

  /// Starts a run and so a generation. Failures: ledger, disk_full.
  [[nodiscard]] result<void> begin(const run_info& info);
  /// Failures: ledger (also before `begin`), disk_full.
  [[nodiscard]] result<void> add(std::span<const po_entry> entries);
  /// As `ledger::resume_run` says, but for what it gives. Failures: ledger, disk_full.
  [[nodiscard]] result<void> resume(std::chrono::system_clock::time_point started_at);
  /// Notes what was counted. Failures: ledger, disk_full.
  [[nodiscard]] result<intake_counts> end();

 private:
  result<void> commit(std::vector<command> commands);

  batch_at where_;
  std::int64_t run_ = 0;
  std::int64_t generation_ = 0;
  bool goes_on_ = false;
  std::int64_t position_ = 0;
  intake_counts counts_{};
};

}  // namespace pofetch::postgres
