#include "ledger/postgres/folder_moves.hpp"

#include "core/folder_name.hpp"
#include "ledger/postgres/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace pofetch::postgres {
namespace {

result<void> commit(batch_at where, std::vector<command> commands) {
  const auto done = where.db.commit(std::move(commands));
  if (!done) return done.error();
  if (done->fenced)
    return make_failure(errc::ledger, "This node was taken for dead: others name the folders.");
  return {};
}

std::int64_t limit_of(std::size_t count) {
  return static_cast<std::int64_t>(std::min<std::size_t>(count, std::numeric_limits<std::int32_t>::max()));
}

}  // namespace

result<std::vector<folder_move>> misnamed_folders::next(bool with_status, std::size_t count) {
  // A folder is there once a file is complete, or if it had been named before.
  const auto rows =
      where_.db.ask(command("SELECT position, id, folder, coalesce(plain_folder, folder) AS plain, CASE WHEN "
                            "$2 AND status <> 0 THEN "
                            "status END AS wanted FROM pofetch.purchase_orders WHERE batch = $1 AND "
                            "generation = pofetch.generation($1) "
                            "AND position > $3 AND folder_key IS NOT NULL AND (attachments_downloaded > 0 OR "
                            "folder_status IS NOT NULL) "
                            "AND folder_status IS DISTINCT FROM CASE WHEN $2 AND status <> 0 THEN status END "
                            "ORDER BY position LIMIT $4",
                            where_.batch, with_status, position_, limit_of(count)));
  if (!rows) return rows.error();
  std::vector<folder_move> found;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    folder_move move{rows->integer(i, "id"), rows->text(i, "folder"), rows->text(i, "plain")};
    if (!rows->is_null(i, "wanted")) {
      const auto status = status_of(rows->integer(i, "wanted"));
      if (!status) return status.error();
      move.status = *status;
      move.to = core::folder_with_status(move.to, *status);
    }
    found.push_back(std::move(move));
  }
  if (rows->size() != 0) position_ = rows->integer(rows->size() - 1, "position");
  return found;
}

result<bool> is_folder_owned(batch_at where, const std::string& folder, std::int64_t own_id) {
  const auto row = where.db.ask(command(
      "SELECT EXISTS (SELECT 1 FROM pofetch.purchase_orders WHERE batch = $1 AND folder_key = $2 AND id <> "
      "$3) OR EXISTS "
      "(SELECT 1 FROM pofetch.folder_moves WHERE batch = $1 AND folder_key = $2 AND po_id <> $3) AS owned",
      where.batch, core::folder_key(folder), own_id));
  if (!row) return row.error();
  return row->truth(0, "owned");
}

result<po_ids> begin_all_moves(batch_at where, std::span<const folder_move> moves) {
  po_ids refused;
  column ids, folders, keys, statuses;
  std::set<std::string> taken;
  bool any = false;
  for (const folder_move& move : moves) {
    std::string key = core::folder_key(move.to);
    const auto owned = is_folder_owned(where, move.to, move.po_id);
    if (!owned) return owned.error();
    if (*owned || !taken.insert(key).second) {
      refused.push_back(move.po_id);
      continue;
    }
    any = true;
    ids.add(move.po_id);
    folders.add(std::string_view(move.to));
    keys.add(std::string_view(key));
    statuses.add(move.status ? std::optional(static_cast<std::int64_t>(*move.status)) : std::nullopt);
  }
  if (!any) return refused;
  std::vector<command> commands;
  commands.emplace_back(
      "INSERT INTO pofetch.folder_moves (po_id, batch, folder, folder_key, folder_status) SELECT n.id, "
      "$1::bigint, n.folder, "
      "n.key, n.status FROM unnest($2::bigint[], $3::text[], $4::text[], $5::int[]) AS n (id, folder, key, "
      "status) ORDER BY "
      "n.id",
      where.batch, ids, folders, keys, statuses);
  if (auto done = commit(where, std::move(commands)); !done) return done.error();
  return refused;
}

result<void> end_all_moves(batch_at where, std::span<const folder_move> done) {
  column ids;
  for (const folder_move& move : done) ids.add(move.po_id);
  std::vector<command> commands;
  commands.emplace_back(
      "UPDATE pofetch.purchase_orders AS p SET plain_folder = CASE WHEN m.folder_status IS NOT NULL THEN "
      "coalesce(p.plain_folder, p.folder) END, folder_status = m.folder_status, folder = m.folder, "
      "folder_key = "
      "m.folder_key FROM pofetch.folder_moves AS m WHERE m.batch = $1 AND m.po_id = ANY($2::bigint[]) AND "
      "p.id = m.po_id",
      where.batch, ids);
  commands.emplace_back("DELETE FROM pofetch.folder_moves WHERE batch = $1", where.batch);
  return commit(where, std::move(commands));
}

result<void> visit_moves(batch_at where,
                         const std::function<result<void>(const po_lease&, const folder_move&)>& visit) {
  static const std::string sql = fmt::format(
      "SELECT {}, {}, m.folder AS new_folder FROM pofetch.folder_moves AS m JOIN pofetch.purchase_orders AS "
      "p ON p.id = "
      "m.po_id WHERE m.batch = $1 ORDER BY m.po_id",
      po_columns, known_columns);
  const auto rows = where.db.ask(command(sql, where.batch));
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto lease = read_lease(*rows, i);
    if (!lease) return lease.error();
    const folder_move move{lease->po.id, lease->po.folder, rows->text(i, "new_folder")};
    if (auto visited = visit(*lease, move); !visited) return visited;
  }
  return {};
}

}  // namespace pofetch::postgres
