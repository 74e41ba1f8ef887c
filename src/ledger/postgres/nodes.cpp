#include "ledger/postgres/nodes.hpp"

#include <pofetch/version.hpp>

#include <utility>

namespace pofetch::postgres {

result<std::optional<std::int64_t>> find_batch(session& db, const std::string& name, bool make) {
  if (make) {
    const auto made =
        db.ask(command("INSERT INTO pofetch.batches (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name));
    if (!made) return made.error();
  }
  const auto row = db.ask(command("SELECT id FROM pofetch.batches WHERE name = $1", name));
  if (!row) return row.error();
  return row->size() == 0 ? std::nullopt : std::optional(row->integer(0, "id"));
}

result<std::optional<batch_facts>> read_batch(session& db, const std::string& name) {
  const auto row = db.ask(command(
      "SELECT b.id, b.token, b.state, b.wanted, b.settings, coalesce((SELECT r.source FROM pofetch.runs AS r "
      "WHERE r.batch = b.id ORDER BY r.id DESC LIMIT 1), '') AS source FROM pofetch.batches AS b WHERE "
      "b.name = "
      "$1",
      name));
  if (!row) return row.error();
  if (row->size() == 0) return std::optional<batch_facts>();
  return std::optional(batch_facts{row->integer(0, "id"), row->text(0, "token"), row->text(0, "state"),
                                   row->text(0, "wanted"), row->text(0, "settings"), row->text(0, "source")});
}

result<bool> want(session& db, const std::string& name, const std::string& what) {
  const auto done =
      db.ask(command("UPDATE pofetch.batches SET wanted = $2 WHERE name = $1 RETURNING id", name, what));
  if (!done) return done.error();
  return done->size() != 0;
}

result<std::vector<node_status>> list_nodes(session& db, const std::string& batch) {
  const auto rows = db.ask(command(
      "SELECT n.name, n.version, n.state = 'alive' AS alive, n.working, (extract(epoch FROM "
      "clock_timestamp() - n.seen) "
      "* 1000)::bigint AS silent, (SELECT count(*) FROM pofetch.work AS w WHERE w.node = n.id) AS holds FROM "
      "pofetch.nodes AS n JOIN pofetch.batches AS b ON b.id = n.batch WHERE b.name = $1 AND (n.state = "
      "'alive' OR "
      "EXISTS (SELECT 1 FROM pofetch.work AS w WHERE w.node = n.id)) ORDER BY n.id",
      batch));
  if (!rows) return rows.error();
  std::vector<node_status> nodes;
  for (std::size_t i = 0; i < rows->size(); ++i)
    nodes.push_back({rows->text(i, "name"), rows->text(i, "version"), rows->truth(i, "alive"),
                     rows->truth(i, "working"), std::chrono::milliseconds(rows->integer(i, "silent")),
                     rows->count(i, "holds")});
  return nodes;
}

result<batch_names> list_batches(session& db) {
  const auto rows =
      db.ask(command("SELECT name, state = 'finished' AS finished FROM pofetch.batches ORDER BY id"));
  if (!rows) return rows.error();
  batch_names names;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    names.all.push_back(rows->text(i, "name"));
    if (!rows->truth(i, "finished")) names.open.push_back(names.all.back());
  }
  return names;
}

result<std::int64_t> register_node(session& db, std::int64_t batch, const std::string& name) {
  const auto row =
      db.ask(command("INSERT INTO pofetch.nodes (batch, name, version) VALUES ($1, $2, $3) RETURNING id",
                     batch, name, std::string(version)));
  if (!row) return row.error();
  return row->integer(0, "id");
}

result<void> leave(session& db) {
  std::vector<command> commands;
  commands.emplace_back("UPDATE pofetch.work SET node = NULL WHERE node = $1", db.node());
  commands.emplace_back("UPDATE pofetch.nodes SET state = 'gone' WHERE id = $1", db.node());
  const auto left = db.ask_alive(std::move(commands));
  return left ? result<void>() : result<void>(left.error());
}

}  // namespace pofetch::postgres
