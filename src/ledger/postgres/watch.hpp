#pragma once

#include "ledger/postgres/session.hpp"

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::postgres {

/// A node whose orders are to be rescued.
struct dead_node {
  std::int64_t id = 0;
  std::string name;
};

/// One node's eye on the others of its batch, on a connection of its own: a ledger that is busy for long must
/// not stop its signs of life. Whoever sees the same `beat` of a node for a whole lease, by his own clock
/// that goes on while the machine sleeps, takes it for dead; clocks of other machines decide nothing. One
/// thread at a time.
///
/// A rescue has an order that matters (tests/cluster/README.md): the node is dead, then its place in the
/// store is taken from it, then what it was about to place is settled, and only then its orders are free.
/// Every step may be done twice, and by somebody else if the rescuer dies.
class watch {
 public:
  /// `boottime`, but for tests.
  using clock = std::function<std::chrono::nanoseconds()>;
  /// CLOCK_BOOTTIME: CLOCK_MONOTONIC stands still while the machine sleeps, and a node that woke up would
  /// take all others for alive, and itself.
  [[nodiscard]] static std::chrono::nanoseconds boottime();

  /// `node`: the one that looks. Failures: as session::open.
  [[nodiscard]] static result<watch> open(session_options options, std::int64_t batch, std::int64_t node,
                                          std::chrono::milliseconds lease, clock now = {});

  /// From now on a server that is away is waited for so long.
  void be_patient_for(std::chrono::milliseconds time) noexcept { db_.be_patient_for(time); }

  /// A sign of life of the node itself; false: it was taken for dead. Failures: ledger.
  [[nodiscard]] result<bool> beat();

  /// Whoever could not look for a while has not seen others silent, either: then all are watched anew.
  void forget() noexcept { seen_.clear(); }

  /// Takes those for dead that are, and gives all dead ones whose orders are not free yet. Failures: ledger.
  [[nodiscard]] result<std::vector<dead_node>> look();

  /// What people want of all nodes: run, pause, stop. Failures: ledger.
  [[nodiscard]] result<std::string> wanted();

  /// Visits every order of which that node was about to place files: known are these files alone. Failures:
  /// ledger, those of `visit`.
  [[nodiscard]] result<void> each_left(const dead_node& dead,
                                       const std::function<result<void>(const po_lease&)>& visit);

  /// What a look at the store has found of them, after its place there was taken from that node. What
  /// somebody else has settled meanwhile is left alone. Failures: ledger (also: this node was taken for dead
  /// itself).
  [[nodiscard]] result<void> settle(const dead_node& dead, std::span<const po_lease> found);

  /// Frees its orders. Failure `ledger`: what it was about to place is not settled, or this node was taken
  /// for dead.
  [[nodiscard]] result<void> release(const dead_node& dead);

 private:
  struct seen {
    std::int64_t beat = 0;
    std::chrono::nanoseconds since{0};
  };
  watch(session db, std::int64_t batch, std::chrono::milliseconds lease, clock now)
      : db_(std::move(db)), batch_(batch), lease_(lease), now_(std::move(now)) {}
  [[nodiscard]] bool is_silent(std::int64_t id, std::int64_t beat);
  [[nodiscard]] result<bool> take_for_dead(std::int64_t id, std::int64_t beat);

  session db_;
  std::int64_t batch_;
  std::chrono::milliseconds lease_;
  clock now_;
  std::map<std::int64_t, seen> seen_;
};

}  // namespace pofetch::postgres
