#pragma once

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch {

/// Which POs of the present list are worked on. Every condition that is given must hold. INVALID ones, which
/// have no usable number, are never among them.
struct work_choice {
  /// In one of these states. None: as every run, PENDING, PARTIAL, FAILED and NOT_FOUND.
  std::vector<po_status> statuses{};
  /// SKIPPED ones as well.
  bool retry_skipped = false;
  /// With one of these codes, as they stand in reports (`timeout`, `http_404`): of the PO itself, or of an
  /// attachment of it that FAILED.
  std::vector<std::string> error_codes{};
  /// One of these, by number. But in a manifest, leading zeros do not matter.
  std::vector<std::string> numbers{};
};

/// How many POs a choice means.
struct work_count {
  std::array<std::uint64_t, po_status_count> by_status{};  ///< index: po_status

  [[nodiscard]] std::uint64_t orders() const noexcept {
    std::uint64_t sum = 0;
    for (const std::uint64_t each : by_status) sum += each;
    return sum;
  }
};

/// POs by their numbers in the ledger (`purchase_order::id`).
using po_ids = std::vector<std::int64_t>;

/// Hands out POs and takes what became of them. One object is one owner of leases: a run, or one node of many
/// that work on a batch. Nobody else gets a PO while it is leased.
///
/// A lease ends when a result other than PENDING is recorded, when it is given back, with the run, and when
/// its owner gives no sign of life for `lease_time`. A result of a lease that is not held any more is
/// refused: the PO may be another one's by now.
///
/// All calls block; one thread at a time. Failures have code `ledger` (or `disk_full`) and leave all as it
/// was.
class work_queue {
 public:
  virtual ~work_queue() = default;

  /// From now on, until the next run begins, `lease` hands out these. Without it: those of an empty choice.
  virtual result<void> choose(const work_choice& choice) = 0;
  /// The next POs to work on, in list order, at most `count`, each handed out once a run: the chosen ones,
  /// and what `ledger::begin_refresh` named. Empty: none is left.
  [[nodiscard]] virtual result<std::vector<po_lease>> lease(std::size_t count) = 0;
  /// After a `lease` that brought none: do other owners hold some that may come back, so that it is worth
  /// while to ask again?
  [[nodiscard]] virtual result<bool> awaits_others() { return false; }
  /// How long leases last without a sign of life: a successful call of `lease`, `renew` or
  /// `record_and_intend`. Nothing: as long as the run, since nobody else can work on this batch.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> lease_time() const { return std::nullopt; }
  /// A sign of life for all leases.
  virtual result<void> renew() = 0;
  /// Ends these leases without a result. This owner does not get them again in this run. Those that are not
  /// held are passed over.
  virtual result<void> give_back(std::span<const std::int64_t> leased) = 0;

  /// Of `done`, replaces what is known of these POs and their attachments. What is known of a PO's last look
  /// stays where the outcome has none, but for its pages. The listed address of an attachment that is
  /// COMPLETED or EXCLUDED is erased.
  ///
  /// Of `next`, the attachments marked `committing` are verified and about to be renamed: remembers names,
  /// sizes and digests, so that a file whose final row is missing can be adopted after a crash.
  ///
  /// All in one transaction, for what costs is the sync at its end. Gives the POs of either whose lease is
  /// not held: nothing was written of them, and nothing of them may be placed.
  [[nodiscard]] virtual result<po_ids> record_and_intend(std::span<const po_outcome> done,
                                                         std::span<const po_outcome> next) = 0;
  [[nodiscard]] result<po_ids> record(std::span<const po_outcome> done) {
    return record_and_intend(done, {});
  }
  [[nodiscard]] result<po_ids> intend(std::span<const po_outcome> next) {
    return record_and_intend({}, next);
  }
};

}  // namespace pofetch
