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
