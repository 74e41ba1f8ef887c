#pragma once

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/work_queue.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch {

/// The folder of a PO on its way to another name. Once begun, both names are that PO's until the ledger is
/// told how it ended.
struct folder_move {
  std::int64_t po_id = 0;
  std::string from;
  std::string to;
  /// In whose word the new name ends; nothing: in none.
  std::optional<po_status> status{};
};

/// Keeps the ledger in line with the folders on the disk, which the caller looks at and renames: nothing
/// here knows the disk. All calls block; one thread at a time. Failures have code `ledger` (or `disk_full`)
/// and leave all as it was.
class folder_journal {
 public:
  virtual ~folder_journal() = default;

  /// After a look at the disk: writes these attachment rows as they are given now, and nothing else of their
  /// POs, but for this: a PO of which one of the given attachments is `pending` becomes PENDING. Of a PO that
  /// is leased, the listed addresses of attachments that are COMPLETED or EXCLUDED are erased.
  /// Gives the POs that another owner has leased: nothing was written of them.
  virtual result<po_ids> amend(std::span<const po_lease> found) = 0;

  /// The next POs of the present list, in its order, each given once a run, whose files are in a folder that
  /// is not named as it should be: `<folder>_<STATUS>` with `with_status`, but for PENDING, which like every
  /// PO without it has `<folder>`. `to` is that name, though another PO may have it. At most `count`; empty:
  /// none is left.
  virtual result<std::vector<folder_move>> misnamed(bool with_status, std::size_t count) = 0;
  /// Has another PO than that one this folder, or is about to get it? Upper and lower case make no
  /// difference.
  [[nodiscard]] virtual result<bool> has_folder(const std::string& folder, std::int64_t but_for) = 0;
  /// These are about to be renamed. Gives those whose new name another PO has or is about to get: they are
  /// not begun.
  [[nodiscard]] virtual result<po_ids> begin_moves(std::span<const folder_move> moves) = 0;
  /// Ends all moves that were begun: the PO of each of these is in its new folder from now on, every other
  /// one is where it was. Where the ledger is only read, only what is read from now on is told so.
  virtual result<void> end_moves(std::span<const folder_move> done) = 0;
  /// Visits every move that was begun and not ended, with the PO as it is known.
  virtual result<void> each_move(
      const std::function<result<void>(const po_lease&, const folder_move&)>& visit) = 0;
};

}  // namespace pofetch
