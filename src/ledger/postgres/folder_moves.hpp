#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/folder_journal.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace pofetch::postgres {

/// Tells which folders should have another name, in the order of the present list; remembers in memory how
/// far it has come.
class misnamed_folders {
 public:
  explicit misnamed_folders(batch_at where) noexcept : where_(where) {}

  /// See folder_journal::misnamed. Failures: ledger.
  [[nodiscard]] result<std::vector<folder_move>> next(bool with_status, std::size_t count);
  void restart() noexcept { position_ = 0; }

 private:
  batch_at where_;
  std::int64_t position_ = 0;
};

/// See folder_journal. Failures: ledger, disk_full.
[[nodiscard]] result<bool> is_folder_owned(batch_at where, const std::string& folder, std::int64_t own_id);
[[nodiscard]] result<po_ids> begin_all_moves(batch_at where, std::span<const folder_move> moves);
[[nodiscard]] result<void> end_all_moves(batch_at where, std::span<const folder_move> done);
[[nodiscard]] result<void> visit_moves(
    batch_at where, const std::function<result<void>(const po_lease&, const folder_move&)>& visit);

}  // namespace pofetch::postgres
