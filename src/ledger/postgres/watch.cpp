#include "ledger/postgres/watch.hpp"

#include "ledger/postgres/outcome_writer.hpp"
#include "ledger/postgres/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace pofetch::postgres {

std::chrono::nanoseconds watch::boottime() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

result<watch> watch::open(session_options options, std::int64_t batch, std::int64_t node,
                          std::chrono::milliseconds lease, clock now) {
  auto db = session::open(std::move(options));
  if (!db) return db.error();
  db->write_as(node);
  return watch(std::move(*db), batch, lease, now ? std::move(now) : clock(boottime));
}

result<bool> watch::beat() {
  const auto done = db_.ask_alive({});
  if (!done) return done.error();
  return !done->fenced;
}

bool watch::is_silent(std::int64_t id, std::int64_t beat) {
  const auto now = now_();
  const auto [found, is_new] = seen_.try_emplace(id, seen{beat, now});
  if (!is_new && found->second.beat != beat) found->second = {beat, now};
  return now - found->second.since >= lease_;
}

/// Only if it still gives no sign of life; one whose commit is under way at this moment is alive.
result<bool> watch::take_for_dead(std::int64_t id, std::int64_t beat) {
  const auto done =
      db_.ask(command("UPDATE pofetch.nodes SET state = 'dead' WHERE id = (SELECT id FROM pofetch.nodes "
                      "WHERE id = $1 AND beat = "
                      "$2 AND state = 'alive' FOR UPDATE SKIP LOCKED) RETURNING id",
                      id, beat));
  if (!done) return done.error();
  return done->size() != 0;
}

result<std::vector<dead_node>> watch::look() {
  const auto rows = db_.ask(command(
      "SELECT n.id, n.name, n.beat, n.state = 'alive' AS alive FROM pofetch.nodes AS n WHERE n.batch = $1 "
      "AND n.id <> $2 "
      "AND (n.state = 'alive' OR (n.state = 'dead' AND (EXISTS (SELECT 1 FROM pofetch.work AS w WHERE w.node "
      "= n.id) OR "
      "EXISTS (SELECT 1 FROM pofetch.intents AS i WHERE i.batch = $1 AND i.node = n.id)))) ORDER BY n.id",
      batch_, db_.node()));
  if (!rows) return rows.error();
  std::vector<dead_node> dead;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::int64_t id = rows->integer(i, "id");
    bool is_dead = !rows->truth(i, "alive");
    if (!is_dead && is_silent(id, rows->integer(i, "beat"))) {
      const auto taken = take_for_dead(id, rows->integer(i, "beat"));
      if (!taken) return taken.error();
      is_dead = *taken;
    }
    if (is_dead) dead.push_back({id, rows->text(i, "name")});
  }
  return dead;
}

result<std::string> watch::wanted() {
  const auto row = db_.ask(command("SELECT wanted FROM pofetch.batches WHERE id = $1", batch_));
  if (!row) return row.error();
  return row->size() == 0 ? std::string("stop") : row->text(0, "wanted");
}

result<void> watch::each_left(const dead_node& dead,
                              const std::function<result<void>(const po_lease&)>& visit) {
  static const std::string sql = fmt::format(
      "SELECT {}, {} FROM pofetch.intents AS left_one JOIN pofetch.purchase_orders AS p ON p.id = "
      "left_one.po_id WHERE "
      "left_one.batch = $1 AND left_one.node = $2 ORDER BY p.id",
      po_columns, known_columns);
  const auto rows = db_.ask(command(sql, batch_, dead.id));
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto lease = read_lease(*rows, i);
    if (!lease) return lease.error();
    auto& known = lease->known;
    const auto is_other = [](const attachment_record& one) {
      return one.status != attachment_status::committing;
    };
    known.erase(std::remove_if(known.begin(), known.end(), is_other), known.end());
    if (auto visited = visit(*lease); !visited) return visited;
  }
  return {};
}

result<void> watch::settle(const dead_node& dead, std::span<const po_lease> found) {
  return settle_intents({db_, batch_}, dead.id, found);
}

result<void> watch::release(const dead_node& dead) {
  std::vector<command> commands;
  commands.emplace_back("SELECT count(*) AS open FROM pofetch.intents WHERE batch = $1 AND node = $2", batch_,
                        dead.id);
  commands.emplace_back(
      "UPDATE pofetch.work SET node = NULL WHERE node = $2 AND NOT EXISTS (SELECT 1 FROM pofetch.intents "
      "WHERE batch = $1 "
      "AND node = $2) AND EXISTS (SELECT 1 FROM pofetch.nodes WHERE id = $2 AND state = 'dead')",
      batch_, dead.id);
  commands.emplace_back("UPDATE pofetch.batches SET rescues = rescues + 1 WHERE id = $1", batch_);
  const auto done = db_.ask_alive(std::move(commands));
  if (!done) return done.error();
  if (done->fenced) return make_failure(errc::ledger, "This node was taken for dead itself.");
  if (done->tables[0].integer(0, "open") == 0) return {};
  return make_failure(
      errc::ledger,
      fmt::format("The node '{}' was about to place files that are not settled yet.", dead.name));
}

}  // namespace pofetch::postgres
