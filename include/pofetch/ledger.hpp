#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/batch_reader.hpp>
#include <pofetch/error.hpp>
#include <pofetch/folder_journal.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/work_queue.hpp>

#include <chrono>
#include <cstdint>
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

/// Which COMPLETED and NO_ATTACHMENTS POs of the present list a run looks at again.
struct refresh_scope {
  /// Those whose last look is older than that, or that were never looked at; nothing: all.
  std::optional<std::chrono::system_clock::time_point> before{};
  /// Of these, only those that were never looked at, or of which the source said that they have changed.
  bool changed_only = false;
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

/// The truth about what is done; survives kill -9 at any moment. Beginning and end of a run stand here, what
/// a run does in between in the three ports. All calls block. One thread at a time: the engine calls it on
/// the ledger thread only. Every failure has code `ledger` (or `disk_full`) and leaves the ledger as it was
/// before the call.
class ledger : public work_queue, public batch_reader, public folder_journal {
 public:
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

  /// Ends the run, and with it all leases of this owner.
  virtual result<void> end_run(const run_record& run) = 0;
};

}  // namespace pofetch
