#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <span>

namespace pofetch::sqlite {

/// Takes a list into the ledger. Every run has a generation; a PO belongs to the present list if it
/// bears the generation of the last run. So a new list costs one pass over its own rows, and what
/// earlier ones left stays. A kill in the middle leaves part of a list, which the next run's replaces.
class intake {
 public:
  /// `durable`: the list and all states are on stable storage after `end`. `db` must outlive it.
  intake(database& db, bool durable) noexcept : db_(db), durable_(durable) {}

  /// Starts a run and so a generation. Failures: ledger, disk_full.
  [[nodiscard]] result<void> begin(const run_info& info);

  /// Adds the next entries in one transaction: some thousand at a time are quickest. Failures: ledger
  /// (also before `begin`), disk_full.
  [[nodiscard]] result<void> add(std::span<const po_entry> entries);

  /// As `ledger::resume_run` says, but for what it gives. Failures: ledger, disk_full.
  [[nodiscard]] result<void> resume(std::chrono::system_clock::time_point started_at);

  /// Notes what was counted. Failures: ledger, disk_full.
  [[nodiscard]] result<intake_counts> end();

 private:
  /// Where the list stands; taken over only once it is committed.
  struct progress {
    std::int64_t position = 0;
    intake_counts counts;
  };

  struct known_po;
  [[nodiscard]] result<void> take(const po_entry& entry, progress& at);
  [[nodiscard]] result<void> take_order(const po_entry& entry, const known_po& known, progress& at);
  [[nodiscard]] result<void> insert(const po_entry& entry, std::int64_t position);

  [[nodiscard]] result<known_po> find(std::string_view key);
  [[nodiscard]] result<void> update(const po_entry& entry, const known_po& known, std::int64_t position);
  [[nodiscard]] result<std::string> folder_for(const po_entry& entry, const known_po& known);
  [[nodiscard]] result<bool> has_files(std::int64_t id);
  result<void> unite_spellings();

  database& db_;
  bool durable_;
  std::int64_t run_ = 0;
  std::int64_t generation_ = 0;
  bool goes_on_ = false;
  progress at_;
};

}  // namespace pofetch::sqlite
