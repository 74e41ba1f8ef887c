#pragma once

#include "ledger/postgres/session.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

namespace pofetch::postgres {

/// One batch in the database, as one node works on it.
struct batch_at {
  session& db;
  std::int64_t batch = 0;
};

/// Hands out the open orders of the present list, in its order, to this node: rows of `work` of which it
/// writes that they are its own.
class queue {
 public:
  explicit queue(batch_at where) noexcept : where_(where) {}

  /// The next ones, at most `count`; none: nothing is free. Failures: ledger, disk_full.
  [[nodiscard]] result<std::vector<po_lease>> next(std::size_t count);
  /// See work_queue::awaits_others.
  [[nodiscard]] result<bool> awaits_others();
  /// See work_queue::give_back.
  [[nodiscard]] result<void> give_back(std::span<const std::int64_t> leased);
  /// Ends all leases of this node. Failures: ledger.
  [[nodiscard]] result<void> give_back_all();

  /// Starts again at the first order of the list, with an empty choice and without those that are done.
  /// `work` is made anew with the next call of `next`, unless somebody else has made it.
  void restart(bool work_is_there);
  void choose(const work_choice& choice) {
    choice_ = choice;
    made_ = made_ && joined_;
  }
  void look_again(const refresh_scope& scope) {
    again_ = scope;
    made_ = made_ && joined_;
  }
  /// Writes what is chosen into `work`, if that is not done yet; then others may take part. Failures: ledger.
  [[nodiscard]] result<void> make_work();

  [[nodiscard]] bool holds(std::int64_t po_id) const { return held_.count(po_id) != 0; }
  void release(std::int64_t po_id) { held_.erase(po_id); }
  [[nodiscard]] std::size_t held() const noexcept { return held_.size(); }
  /// Others have taken over: nothing is held, and everything may come again.
  void forget_all();

 private:
  result<std::vector<po_lease>> read(const table& rows);
  result<void> free_orphans();

  static constexpr std::size_t no_share = 0x7fffffff;

  batch_at where_;
  work_choice choice_{};
  std::optional<refresh_scope> again_{};
  bool made_ = false;
  bool joined_ = false;
  std::int64_t cursor_ = 0;
  /// Position of the last one that this node has got in this run.
  std::int64_t furthest_ = 0;
  /// As far as was seen when the cursor went back.
  std::int64_t rescues_ = 0;
  /// The most that one lease may bring where others work, too.
  std::size_t share_ = no_share;
  std::unordered_set<std::int64_t> held_;
  /// Were given back by this node, which does not get them again.
  std::vector<std::int64_t> given_back_;
};

/// As `ledger::count` says. Failures: ledger.
[[nodiscard]] result<work_count> count_chosen(batch_at where, const work_choice& choice);

/// As `ledger::groups` says. Failures: ledger.
[[nodiscard]] result<std::vector<po_group>> read_groups(batch_at where);

}  // namespace pofetch::postgres
