#pragma once

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch {

/// One PO of the list, ready for the ledger.
struct po_entry {
  /// What makes two rows the same PO. Unique within the ledger.
  std::string key;
  po_status status = po_status::pending;  ///< pending or invalid
  std::string number;
  std::string prefix;
  std::string supplier;
  std::string group;
  std::string folder;
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::optional<failure> error{};
  /// The PO's time of its last change, from a list that says it; a done PO of which another one is known
  /// wants another look. Empty: not said.
  std::string updated_at{};
  /// What this row of the list says of one of its attachments: of a list that names them, which has a row for
  /// each. Rows that share a key with an earlier one of their PO get one with a number behind it, unless they
  /// name the same address: then they say nothing new.
  std::optional<listed_attachment> listed{};
};

/// What a run is about. No secret stands in it.
struct run_info {
  std::string input;     ///< file name or `-`
  std::string source;    ///< web, api, manifest
  std::string base_url;  ///< masked
  std::vector<std::string> columns;
  std::chrono::system_clock::time_point started_at{};
  /// Of a list that the instance gives: what was asked for; a list goes on only where that is the same.
  std::string listing{};
  /// The list holds what has changed only: the one of the run before goes on, and POs that do not stand in
  /// this one keep their places. `listed_to` stays what it was until it is written anew.
  bool goes_on = false;
};

struct intake_counts {
  std::uint64_t rows = 0;      ///< entries offered
  std::uint64_t repeated = 0;  ///< of these, POs that stood in the list before
  std::uint64_t invalid = 0;   ///< of these, rows without a usable PO
  /// Lines of the first of the repeated ones. Not kept: only `end_intake` tells.
  std::vector<std::int64_t> repeated_lines{};
  static constexpr std::size_t lines_told = 10;
};

/// Totals over the POs of the present list.
struct batch_totals {
  std::array<std::uint64_t, po_status_count> by_status{};  ///< index: po_status
  std::uint64_t purchase_orders = 0;
  std::uint64_t attachments_found = 0;
  std::uint64_t attachments_downloaded = 0;
  /// EXCLUDED ones of COMPLETED POs: by their names, or because they are no files.
  std::uint64_t attachments_left_out = 0;
  std::uint64_t bytes = 0;
  /// Of the POs that are done, by status: those that this run looks at again. Known before the work only.
  std::array<std::uint64_t, po_status_count> again{};
  /// Earliest and latest look, of the POs that were ever looked at.
  std::optional<std::chrono::system_clock::time_point> oldest_look{};
  std::optional<std::chrono::system_clock::time_point> newest_look{};
};

/// The last run, as far as it came.
struct run_record {
  run_info info;
  std::optional<std::chrono::system_clock::time_point> finished_at{};
  bool interrupted = false;  ///< stopped, killed, or still running
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  double elapsed_seconds = 0;
  intake_counts intake;
  /// Up to where the instance's list was read: see `ledger::set_listed_to`.
  std::string listed_to{};
};

/// Which COMPLETED and NO_ATTACHMENTS POs of the present list a run looks at again.
struct refresh_scope {
  /// Those whose last look is older than that, or that were never looked at; nothing: all.
  std::optional<std::chrono::system_clock::time_point> before{};
  /// Of these, only those that were never looked at, or of which the source said that they have changed.
  bool changed_only = false;
};

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

/// The POs of one circuit-breaker group.
struct po_group {
  std::string name;
  std::uint64_t orders = 0;
};

struct refresh_facts : work_count {
  /// Of those that were looked at before: the earliest look.
  std::optional<std::chrono::system_clock::time_point> oldest{};
};

/// Where a source has the pages of its POs, as the beginning of their addresses. Nothing: they have none.
struct page_area {
  std::string below;
  std::string except{};  ///< nothing: all that is below
};

/// A PO of which the source says when it was last changed.
struct order_change {
  std::string number;
  std::string updated_at;
};

/// One PO as reports show it.
struct report_row {
  po_outcome outcome;
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::uint64_t attachments_found = 0;
  std::uint64_t attachments_downloaded = 0;
  std::uint64_t bytes = 0;
};

/// Two completed files of one content.
struct same_content {
  /// Folder and row of the one that the ledger learned of first.
  std::string folder;
  attachment_record first;
  /// The PO of the other one, and the row of that alone.
  po_lease other;
};

/// The folder of a PO on its way to another name. Both names are that PO's until the ledger is told how it
/// ended.
struct folder_move {
  std::int64_t po_id = 0;
  std::string from;
  std::string to;
};

/// The truth about what is done; survives kill -9 at any moment. All calls block. One thread at a
/// time: the engine calls it on the ledger thread only. Every failure has code `ledger` (or
/// `disk_full`) and leaves the ledger as it was before the call.
class ledger {
 public:
  virtual ~ledger() = default;

  // --- intake ---

  /// Starts a run: the list that follows replaces the one before; states are kept by key.
  virtual result<void> begin_run(const run_info& info) = 0;
  /// Adds entries in the order of the list. A key that was added before in this run is counted and
  /// otherwise left alone, but for what the entry lists.
  virtual result<void> add(std::span<const po_entry> entries) = 0;
  /// The list is whole.
  virtual result<intake_counts> end_intake() = 0;
  /// Starts a run, instead of the three above, that goes on with the list of the last one: nothing is read
  /// again, what was asked stands. Gives what is known of it, counts of its intake included. Failure `ledger`
  /// also if there was no run, or its list was not read to its end.
  virtual result<run_record> resume_run(std::chrono::system_clock::time_point started_at) = 0;
  /// The groups of the present list with its usable POs; those without a group are left out. In no order.
  [[nodiscard]] virtual result<std::vector<po_group>> groups() = 0;

  /// Erases the listed addresses of all attachments that are COMPLETED or EXCLUDED: a list that was read anew
  /// has brought them again.
  virtual result<void> erase_addresses() = 0;

  // --- another look at what is done; after `end_intake` ---

  /// The page of a PO of the present list that has files and was not read there (it may be none, so an empty
  /// text): its files are known by other keys. Nothing: there is no such PO.
  virtual result<std::optional<std::string>> page_outside(const page_area& area) = 0;
  /// From now on `lease` hands out these, too, whatever is chosen. May be called again with another scope.
  virtual result<refresh_facts> begin_refresh(const refresh_scope& scope) = 0;
  /// The source says so of these: a done PO of which another time is known is remembered as changed until it
  /// has been looked at. Numbers that are not in the list are passed over.
  virtual result<void> note_changes(std::span<const order_change> changes) = 0;
  /// The source has named all that changed since their looks: the POs in that scope which were looked at
  /// before and are not remembered as changed are as they were at `at`.
  virtual result<void> end_changes(const refresh_scope& scope, std::chrono::system_clock::time_point at) = 0;
  /// The instance's list has been read up to that time of change, and all that it named is in the ledger.
  virtual result<void> set_listed_to(const std::string& time) = 0;

  // --- work ---

  /// From now on, until the next run begins, `lease` hands out these. Without it: those of an empty choice.
  virtual result<void> choose(const work_choice& choice) = 0;
  /// How many POs `lease` would hand out at this moment, were they chosen so: by the same condition. Changes
  /// nothing.
  [[nodiscard]] virtual result<work_count> count(const work_choice& choice) = 0;
  /// The next POs to work on, in list order, each handed out once a run: the chosen ones, and what
  /// `begin_refresh` named. Empty: none is left.
  [[nodiscard]] virtual result<std::vector<po_lease>> lease(std::size_t count) = 0;
  /// The attachments marked `committing` are verified and about to be renamed: remembers names, sizes
  /// and digests, so that a file whose final row is missing can be adopted after a crash.
  virtual result<void> intend(std::span<const po_outcome> outcomes) = 0;
  /// Replaces what is known of these POs and their attachments, in one transaction. What is known of a PO's
  /// last look stays where the outcome has none, but for its pages. The listed address of an attachment that
  /// is COMPLETED or EXCLUDED is erased.
  virtual result<void> record(std::span<const po_outcome> outcomes) = 0;
  /// `record(done)` and `intend(next)` in one transaction: what costs is the sync at its end.
  virtual result<void> record_and_intend(std::span<const po_outcome> done,
                                         std::span<const po_outcome> next) = 0;
  /// After a look at the disk: writes these attachment rows as they are given now, and nothing else of their
  /// POs, but for this: a PO of which one of the given attachments is `pending` becomes PENDING.
  virtual result<void> amend(std::span<const po_lease> found) = 0;
  /// Begins to rename folders: the next POs of the present list, in its order, each offered once a run, whose
  /// files are in a folder that is not named as it should be: `<folder>_<STATUS>` with `with_status`, but for
  /// PENDING, which like every PO without it has `<folder>`. A new name is one that no other PO has or is
  /// about to get and of which `is_taken` says no. At most `count`; empty: none is left.
  virtual result<std::vector<folder_move>> begin_moves(
      bool with_status, std::size_t count,
      const std::function<result<bool>(const std::string& folder)>& is_taken) = 0;
  /// Ends all moves that were begun: the PO of each of these is in its new folder from now on, every other
  /// one is where it was. Where the ledger is only read, only what is read from now on is told so.
  virtual result<void> end_moves(std::span<const folder_move> done) = 0;
  /// Ends the run.
  virtual result<void> end_run(const run_record& run) = 0;

  // --- reading ---

  [[nodiscard]] virtual result<batch_totals> totals() = 0;
  [[nodiscard]] virtual result<run_record> last_run() = 0;
  /// Visits every PO of the present list, in its order, attachments included; memory stays flat. Stops
  /// at the first failure that `visit` returns, and returns it.
  virtual result<void> each(const std::function<result<void>(const report_row&)>& visit) = 0;
  /// Visits every PO, of this list or an earlier one, that has an attachment in that state.
  virtual result<void> each_with(attachment_status status,
                                 const std::function<result<void>(const po_lease&)>& visit) = 0;
  /// Visits every move that was begun and not ended, with the PO as it is known.
  virtual result<void> each_move(
      const std::function<result<void>(const po_lease&, const folder_move&)>& visit) = 0;
  /// Visits every completed attachment whose size (not 0) and SHA-256 are those of an earlier one, with that
  /// one. A visit may amend what it is given. Stops at the first failure that `visit` returns, and returns
  /// it.
  virtual result<void> each_copy(const std::function<result<void>(const same_content&)>& visit) = 0;
};

}  // namespace pofetch
