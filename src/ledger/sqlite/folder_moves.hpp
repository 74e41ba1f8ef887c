#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/folder_journal.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace pofetch::sqlite {

/// Tells which folders should have another name, in the order of the present list; remembers in memory how
/// far it has come.
class misnamed_folders {
 public:
  explicit misnamed_folders(database& db) noexcept : db_(db) {}

  /// See folder_journal::misnamed. Failures: ledger.
  [[nodiscard]] result<std::vector<folder_move>> next(bool with_status, std::size_t count);

  /// Starts again at the first PO of the list.
  void restart() noexcept { position_ = 0; }

 private:
  database& db_;
  std::int64_t position_ = 0;
};

/// See folder_journal::begin_moves. What is begun stands in `folder_moves` until it is ended, so that a
/// rename of a killed run is known by both its names. Failures: ledger, disk_full.
[[nodiscard]] result<po_ids> begin_all_moves(database& db, std::span<const folder_move> moves);

/// As `folder_journal::end_moves` says. Failures: ledger, disk_full.
[[nodiscard]] result<void> end_all_moves(database& db, std::span<const folder_move> done);

/// Visits every open move. A visit may use the ledger as it likes. Failures: ledger, those of `visit`.
[[nodiscard]] result<void> visit_moves(
    database& db, const std::function<result<void>(const po_lease&, const folder_move&)>& visit);

}  // namespace pofetch::sqlite
