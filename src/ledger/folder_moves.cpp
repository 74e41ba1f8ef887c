#include "ledger/folder_moves.hpp"

#include "ledger/reader.hpp"
#include "ledger/rows.hpp"
#include "ledger/transaction.hpp"

#include <optional>
#include <string>
#include <utility>

namespace pofetch::sqlite {
namespace {

/// A PO in a folder whose name is not what it should be.
struct misnamed {
  std::int64_t id = 0;
  std::string folder;
  std::string plain;
  std::optional<po_status> status{};  ///< that the name is to end in
  std::int64_t position = 0;
};

result<std::vector<misnamed>> find_misnamed(database& db, std::int64_t after, bool with_status,
                                            std::size_t count) {
  // A folder is there once a file is complete, or if it had been named before.
  auto rows = db.query(
      "SELECT id, folder, coalesce(plain_folder, folder), iif(?1 AND status <> 0, status, NULL) AS wanted, "
      "position FROM purchase_orders WHERE generation = "
      "(SELECT coalesce(list, id) FROM runs ORDER BY id DESC LIMIT 1) AND position > ?2 "
      "AND folder_key IS NOT NULL AND (attachments_downloaded > 0 OR folder_status IS NOT NULL) "
      "AND folder_status IS NOT wanted ORDER BY position LIMIT ?3");
  if (!rows) return rows.error();
  rows->bind_all(with_status ? 1 : 0, after, static_cast<std::int64_t>(count));
  std::vector<misnamed> found;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) return found;
    misnamed one{rows->integer(0), rows->text(1), rows->text(2), std::nullopt, rows->integer(4)};
    if (!rows->is_null(3)) {
      const auto status = to_po_status(rows->integer(3));
      if (!status) return status.error();
      one.status = *status;
    }
    found.push_back(std::move(one));
  }
}

result<folder_move> begin_one(database& db, const misnamed& one, const folder_question& is_taken) {
  const std::string wanted = one.status ? folder_with_status(one.plain, *one.status) : one.plain;
  auto to = free_folder(db, wanted, one.id, is_taken);
  if (!to) return to.error();
  auto row =
      db.query("INSERT INTO folder_moves (po_id, folder, folder_key, folder_status) VALUES (?, ?, ?, ?)");
  if (!row) return row.error();
  const std::string key = folder_key(*to);
  row->bind_all(one.id, *to, key);
  if (one.status)
    row->bind(4, static_cast<int>(*one.status));
  else
    row->bind(4, nullptr);
  if (auto done = row->run(); !done) return done.error();
  return folder_move{one.id, one.folder, std::move(*to)};
}

}  // namespace

result<std::vector<folder_move>> folder_moves::begin(bool with_status, std::size_t count,
                                                     const folder_question& is_taken) {
  const auto found = find_misnamed(db_, position_, with_status, count);
  if (!found) return found.error();
  std::vector<folder_move> moves;
  if (found->empty()) return moves;
  auto change = transaction::begin(db_);
  if (!change) return change.error();
  for (const misnamed& one : *found) {
    auto move = begin_one(db_, one, is_taken);
    if (!move) return move.error();
    moves.push_back(std::move(*move));
  }
  if (auto done = change->commit(); !done) return done.error();
  position_ = found->back().position;
  return moves;
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
      open.push_back({rows->integer(0), {}, rows->text(1)});
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
