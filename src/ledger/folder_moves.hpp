#pragma once

#include "ledger/database.hpp"
#include "ledger/folder_names.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace pofetch::sqlite {

/// Folders that get the name of their PO's state, or lose it. What is begun stands in `folder_moves` until
/// it is ended, so that a rename of a killed run is known by both its names.
class folder_moves {
 public:
  explicit folder_moves(database& db) noexcept : db_(db) {}

  /// The next of the present list that need another name, at most `count`. Failures: ledger, disk_full, those
  /// of `is_taken`.
  [[nodiscard]] result<std::vector<folder_move>> begin(bool with_status, std::size_t count,
                                                       const folder_question& is_taken);

  /// Starts again at the first PO of the list.
  void restart() noexcept { position_ = 0; }

 private:
  database& db_;
  std::int64_t position_ = 0;
};

/// As `ledger::end_moves` says. Failures: ledger, disk_full.
[[nodiscard]] result<void> end_all_moves(database& db, std::span<const folder_move> done);

/// Visits every open move. A visit may use the ledger as it likes. Failures: ledger, those of `visit`.
[[nodiscard]] result<void> visit_moves(
    database& db, const std::function<result<void>(const po_lease&, const folder_move&)>& visit);

}  // namespace pofetch::sqlite
