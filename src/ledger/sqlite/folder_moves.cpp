#include "ledger/sqlite/folder_moves.hpp"

#include "core/folder_name.hpp"
#include "ledger/sqlite/folder_names.hpp"
#include "ledger/sqlite/pages.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <string>
#include <utility>

namespace pofetch::sqlite {
namespace {

/// `position`: that of the PO.
result<folder_move> read_misnamed(const statement& row, std::int64_t& position) {
  position = row.integer("position");
  folder_move move{row.integer("id"), row.text("folder"), row.text("plain")};
  if (row.is_null("wanted")) return move;
  const auto status = to_po_status(row.integer("wanted"));
  if (!status) return status.error();
  move.status = *status;
  move.to = core::folder_with_status(move.to, *status);
  return move;
}

result<void> begin_one(database& db, const folder_move& move) {
  auto row =
      db.query("INSERT INTO folder_moves (po_id, folder, folder_key, folder_status) VALUES (?, ?, ?, ?)");
  if (!row) return row.error();
  const std::string key = core::folder_key(move.to);
  row->bind_all(move.po_id, move.to, key);
  row->bind(4, nullptr);
  if (move.status) row->bind(4, static_cast<int>(*move.status));
  return row->run();
}

}  // namespace

result<std::vector<folder_move>> misnamed_folders::next(bool with_status, std::size_t count) {
  // A folder is there once a file is complete, or if it had been named before.
  auto rows = db_.query(
      "SELECT position, id, folder, coalesce(plain_folder, folder) AS plain, "
      "iif(?1 AND status <> 0, status, NULL) AS wanted FROM purchase_orders WHERE generation = "
      "(SELECT coalesce(list, id) FROM runs ORDER BY id DESC LIMIT 1) AND position > ?2 "
      "AND folder_key IS NOT NULL AND (attachments_downloaded > 0 OR folder_status IS NOT NULL) "
      "AND folder_status IS NOT wanted ORDER BY position LIMIT ?3");
  if (!rows) return rows.error();
  rows->bind_all(with_status ? 1 : 0, position_, limit_of(count));
  std::int64_t last = position_;
  auto found =
      collect<folder_move>(*rows, [&last](const statement& row) { return read_misnamed(row, last); });
  if (found) position_ = last;
  return found;
}

result<po_ids> begin_all_moves(database& db, std::span<const folder_move> moves) {
  po_ids refused;
  if (moves.empty()) return refused;
  auto change = transaction::begin(db);
  if (!change) return change.error();
  for (const folder_move& move : moves) {
    const auto owned = is_folder_owned(db, move.to, move.po_id);
    if (!owned) return owned.error();
    if (*owned) {
      refused.push_back(move.po_id);
      continue;
    }
    if (auto begun = begin_one(db, move); !begun) return begun.error();
  }
  if (auto done = change->commit(); !done) return done.error();
  return refused;
}

result<void> end_all_moves(database& db, std::span<const folder_move> done) {
  auto change = transaction::begin(db);
  if (!change) return change.error();
  for (const folder_move& move : done) {
    auto moved = db.run(
        "UPDATE purchase_orders AS p SET plain_folder = iif(m.folder_status IS NULL, NULL, "
        "coalesce(p.plain_folder, p.folder)), folder_status = m.folder_status, folder = m.folder, "
        "folder_key = m.folder_key FROM folder_moves AS m WHERE m.po_id = ?1 AND p.id = ?1",
        move.po_id);
    if (!moved) return moved;
  }
  if (auto ended = db.execute("DELETE FROM folder_moves"); !ended) return ended;
  return change->commit();
}

result<void> visit_moves(database& db,
                         const std::function<result<void>(const po_lease&, const folder_move&)>& visit) {
  std::vector<folder_move> open;
  {
    auto rows = db.query("SELECT po_id, folder FROM folder_moves ORDER BY po_id");
    if (!rows) return rows.error();
    for (;;) {
      const auto more = rows->step();
      if (!more) return more.error();
      if (!*more) break;
      open.push_back({rows->integer("po_id"), {}, rows->text("folder")});
    }
  }
  for (folder_move& move : open) {
    const auto lease = read_lease(db, move.po_id);
    if (!lease) return lease.error();
    if (!*lease) continue;
    move.from = (*lease)->po.folder;
    if (auto visited = visit(**lease, move); !visited) return visited;
  }
  return {};
}

}  // namespace pofetch::sqlite
