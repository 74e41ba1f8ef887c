#pragma once

#include "ledger/sqlite/chosen.hpp"
#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

namespace pofetch::sqlite {

/// Hands out the POs that want work, in the order of the present list; remembers in memory how far it
/// has come.
class queue {
 public:
  explicit queue(database& db) : db_(db), chosen_(work_choice()) {}

  /// The next ones, at most `count`; none: the list is at its end. Failures: ledger.
  [[nodiscard]] result<std::vector<po_lease>> next(std::size_t count);

  /// Starts again at the first PO of the list, with an empty choice and without those that are done.
  void restart() {
    position_ = 0;
    chosen_ = chosen(work_choice());
    again_.reset();
    release_all();
  }

  /// Was it handed out, and not released since?
  [[nodiscard]] bool holds(std::int64_t po_id) const { return held_.count(po_id) != 0; }
  void release(std::int64_t po_id) { held_.erase(po_id); }
  void release_all() noexcept { held_.clear(); }

  /// Hands out these from now on. Failures: ledger.
  [[nodiscard]] result<void> choose(const work_choice& choice);

  /// Hands out those of the done ones, too.
  void look_again(const refresh_scope& scope) noexcept { again_ = scope; }

 private:
  /// Without their attachments. `last`: position of the last row that was looked at.
  [[nodiscard]] result<std::vector<po_lease>> find(std::size_t count, std::int64_t& last);

  database& db_;
  std::int64_t position_ = 0;
  chosen chosen_;
  std::optional<refresh_scope> again_;
  /// Ids of what is leased: what is under way, and what was when the run was stopped.
  std::unordered_set<std::int64_t> held_;
};

/// As `ledger::count` says. Failures: ledger.
[[nodiscard]] result<work_count> count_chosen(database& db, const work_choice& choice);

/// As `ledger::groups` says. Failures: ledger.
[[nodiscard]] result<std::vector<po_group>> read_groups(database& db);

}  // namespace pofetch::sqlite
