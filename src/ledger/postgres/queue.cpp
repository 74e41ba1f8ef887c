#include "ledger/postgres/queue.hpp"

#include "core/po_rules.hpp"
#include "ledger/postgres/rows.hpp"
#include "ledger/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace pofetch::postgres {
namespace {

/// A lease is a commit; so many at a time cost hardly more than one.
constexpr std::size_t most_at_once = 32;

/// On a row `p`; $2 are the states as bits, $3 the codes, $4 the keys (NULL: any).
constexpr std::string_view chosen =
    "((($2::bigint >> p.status) & 1) = 1 AND (cardinality($3::text[]) = 0 OR (p.error_code <> '' AND "
    "p.error_code = "
    "ANY($3)) OR EXISTS (SELECT 1 FROM pofetch.attachments AS a WHERE a.po_id = p.id AND a.status = 3 AND "
    "a.error_code <> '' AND a.error_code = ANY($3))) AND ($4::text[] IS NULL OR p.key = ANY($4)))";

result<bool> is_manifest(batch_at where) {
  const auto row = where.db.ask(command(
      "SELECT source = 'manifest' AS manifest FROM pofetch.runs WHERE batch = $1 ORDER BY id DESC LIMIT 1",
      where.batch));
  if (!row) return row.error();
  return row->size() != 0 && row->truth(0, "manifest");
}

/// Adds $2, $3 and $4.
result<void> add_choice(command& to, batch_at where, const work_choice& choice) {
  const auto manifest = is_manifest(where);
  if (!manifest) return manifest.error();
  column codes;
  for (const std::string& code : choice.error_codes) codes.add(std::string_view(code));
  to.add(records::states_of(choice)).add(codes);
  if (choice.numbers.empty()) {
    to.add(std::nullopt);
    return {};
  }
  column keys;
  for (const std::string& key : records::keys_of(choice, *manifest)) keys.add(std::string_view(key));
  to.add(keys);
  return {};
}

column column_of(std::span<const std::int64_t> ids) {
  std::vector<std::int64_t> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  column many;
  for (const std::int64_t id : sorted) many.add(id);
  return many;
}

const std::string& lease_sql() {
  static const std::string sql = fmt::format(
      "WITH free AS MATERIALIZED (SELECT po_id FROM pofetch.work WHERE batch = $1 AND node IS NULL AND "
      "position > $2 "
      "AND NOT po_id = ANY($3::bigint[]) AND EXISTS (SELECT 1 FROM pofetch.batches WHERE id = $1 AND state = "
      "'ready' AND wanted = 'run') ORDER BY position LIMIT $4 FOR UPDATE SKIP LOCKED), "
      "taken AS (UPDATE pofetch.work AS w SET node = $5 FROM free WHERE w.po_id = free.po_id RETURNING "
      "w.po_id, "
      "w.position) "
      "SELECT {}, t.position, p.status IN ({}) AS again, p.pages, {}, {} FROM taken AS t "
      "JOIN pofetch.purchase_orders AS p ON p.id = t.po_id ORDER BY t.position",
      po_columns, core::numbers_done(), known_columns, listed_column);
  return sql;
}

/// What says how much one node may take, and whether to look from the beginning again.
constexpr const char* state_sql =
    "SELECT b.rescues, (SELECT count(*) FROM pofetch.nodes AS n WHERE n.batch = b.id AND n.state = 'alive') "
    "AS nodes, "
    "(SELECT count(*) FROM (SELECT 1 FROM pofetch.work AS w WHERE w.batch = b.id AND w.node IS NULL AND "
    "w.position > $2 "
    "LIMIT 1024) AS few) AS free FROM pofetch.batches AS b WHERE b.id = $1";

}  // namespace

void queue::restart(bool work_is_there) {
  choice_ = {};
  again_.reset();
  made_ = work_is_there;
  joined_ = work_is_there;
  cursor_ = 0;
  furthest_ = 0;
  held_.clear();
  given_back_.clear();
}

void queue::forget_all() {
  held_.clear();
  cursor_ = 0;
}

result<void> queue::make_work() {
  if (made_) return {};
  static const std::string sql = fmt::format(
      "INSERT INTO pofetch.work (po_id, batch, position) SELECT p.id, p.batch, p.position FROM "
      "pofetch.purchase_orders AS p WHERE p.batch = $1 AND p.generation = pofetch.generation($1) AND "
      "p.position > $5 "
      "AND ({} OR ($6 AND p.status IN ({}) AND (p.last_checked IS NULL OR (p.last_checked < $7 AND "
      "(p.changed OR NOT "
      "$8))))) ON CONFLICT (po_id) DO NOTHING",
      chosen, core::numbers_done());
  command fill(sql, where_.batch);
  if (auto added = add_choice(fill, where_, choice_); !added) return added;
  const refresh_scope scope = again_.value_or(refresh_scope());
  fill.add(furthest_).add(again_.has_value()).add(records::before_of(scope)).add(scope.changed_only);
  std::vector<command> commands;
  commands.emplace_back("DELETE FROM pofetch.work WHERE batch = $1 AND node IS NULL", where_.batch);
  commands.push_back(std::move(fill));
  commands.emplace_back("UPDATE pofetch.batches SET state = 'ready' WHERE id = $1", where_.batch);
  const auto done = where_.db.commit(std::move(commands));
  if (!done) return done.error();
  if (done->fenced) return make_failure(errc::ledger, "This node was taken for dead before the work began.");
  made_ = true;
  return {};
}

result<std::vector<po_lease>> queue::read(const table& rows) {
  std::vector<po_lease> leased;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto next = read_lease(rows, i);
    if (!next) return next.error();
    next->again = rows.truth(i, "again");
    if (next->again) {
      auto pages = records::pages_from_json(rows.text(i, "pages"));
      if (!pages) return pages.error();
      next->pages = std::move(*pages);
    }
    auto listed = read_listed(rows, i);
    if (!listed) return listed.error();
    next->listed = std::move(*listed);
    leased.push_back(std::move(*next));
  }
  return leased;
}

result<std::vector<po_lease>> queue::next(std::size_t count) {
  if (auto made = make_work(); !made) return made.error();
  const std::size_t most = std::min(count, share_);
  std::vector<command> commands;
  // A lease that a crash of the server takes back is found out when its result is written.
  commands.emplace_back("SELECT set_config('synchronous_commit', 'off', true)");
  commands.emplace_back(lease_sql(), where_.batch, cursor_, column_of(given_back_),
                        static_cast<std::int64_t>(most), where_.db.node());
  commands.emplace_back(state_sql, where_.batch, cursor_);
  const auto done = where_.db.ask_alive(std::move(commands));
  if (!done) return done.error();
  if (done->fenced) {
    forget_all();
    return make_failure(errc::ledger, "This node was taken for dead.");
  }
  const table& rows = done->tables[1];
  const table& state = done->tables[2];
  auto leased = read(rows);
  if (!leased) return leased;
  for (const po_lease& each : *leased) held_.insert(each.po.id);
  if (done->repeated) {
    if (auto freed = free_orphans(); !freed) return freed.error();
  }
  if (rows.size() != 0) cursor_ = rows.integer(rows.size() - 1, "position");
  furthest_ = std::max(furthest_, cursor_);
  if (state.size() == 0) return leased;
  if (rows.size() < most || state.integer(0, "rescues") != rescues_) cursor_ = 0;
  rescues_ = state.integer(0, "rescues");
  const std::uint64_t nodes = std::max<std::uint64_t>(state.count(0, "nodes"), 1);
  // The tail is not for one node alone.
  const std::uint64_t fair = std::max<std::uint64_t>(state.count(0, "free") / (2 * nodes), 1);
  share_ = nodes == 1 ? no_share : std::min<std::size_t>(most_at_once, fair);
  return leased;
}

result<bool> queue::awaits_others() {
  const auto row = where_.db.ask(command(
      "SELECT EXISTS (SELECT 1 FROM pofetch.batches AS b JOIN pofetch.work AS w ON w.batch = b.id WHERE b.id "
      "= $1 "
      "AND b.state = 'ready' AND w.node IS DISTINCT FROM $2 AND NOT w.po_id = ANY($3::bigint[])) AS others",
      where_.batch, where_.db.node(), column_of(given_back_)));
  if (!row) return row.error();
  return row->truth(0, "others");
}

/// What a lease brought whose answer was lost.
result<void> queue::free_orphans() {
  column held;
  for (const std::int64_t id : held_) held.add(id);
  cursor_ = 0;
  const auto freed = where_.db.ask(
      command("UPDATE pofetch.work SET node = NULL WHERE node = $1 AND NOT po_id = ANY($2::bigint[])",
              where_.db.node(), held));
  return freed ? result<void>() : result<void>(freed.error());
}

result<void> queue::give_back(std::span<const std::int64_t> leased) {
  std::vector<std::int64_t> mine;
  for (const std::int64_t id : leased)
    if (held_.erase(id) != 0) mine.push_back(id);
  if (mine.empty()) return {};
  given_back_.insert(given_back_.end(), mine.begin(), mine.end());
  std::vector<command> commands;
  commands.emplace_back("UPDATE pofetch.work SET node = NULL WHERE node = $1 AND po_id = ANY($2::bigint[])",
                        where_.db.node(), column_of(mine));
  const auto done = where_.db.ask_alive(std::move(commands));
  return done ? result<void>() : result<void>(done.error());
}

result<void> queue::give_back_all() {
  held_.clear();
  std::vector<command> commands;
  commands.emplace_back("UPDATE pofetch.work SET node = NULL WHERE node = $1", where_.db.node());
  const auto done = where_.db.ask_alive(std::move(commands));
  return done ? result<void>() : result<void>(done.error());
}

result<work_count> count_chosen(batch_at where, const work_choice& choice) {
  static const std::string sql = fmt::format(
      "SELECT p.status, count(*) AS orders FROM pofetch.purchase_orders AS p WHERE p.batch = $1 AND "
      "p.generation = "
      "pofetch.generation($1) AND {} GROUP BY p.status",
      chosen);
  command look(sql, where.batch);
  if (auto added = add_choice(look, where, choice); !added) return added.error();
  const auto rows = where.db.ask(look);
  if (!rows) return rows.error();
  work_count counted;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto status = status_of(rows->integer(i, "status"));
    if (!status) return status.error();
    counted.by_status[static_cast<std::size_t>(*status)] = rows->count(i, "orders");
  }
  return counted;
}

result<std::vector<po_group>> read_groups(batch_at where) {
  const auto rows = where.db.ask(
      command("SELECT breaker_group, count(*) AS orders FROM pofetch.purchase_orders WHERE batch = $1 AND "
              "generation = "
              "pofetch.generation($1) AND breaker_group <> '' AND status <> $2 GROUP BY breaker_group",
              where.batch, static_cast<int>(po_status::invalid)));
  if (!rows) return rows.error();
  std::vector<po_group> groups;
  for (std::size_t i = 0; i < rows->size(); ++i)
    groups.push_back({rows->text(i, "breaker_group"), rows->count(i, "orders")});
  return groups;
}

}  // namespace pofetch::postgres
