#include "ledger/sqlite/queue.hpp"

#include "core/po_rules.hpp"
#include "ledger/sqlite/listed.hpp"
#include "ledger/sqlite/pages.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/refresh.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace pofetch::sqlite {
namespace {

result<chosen> chosen_of(database& db, const work_choice& choice) {
  const auto manifests =
      db.number("SELECT coalesce((SELECT source = 'manifest' FROM runs ORDER BY id DESC LIMIT 1), 0)");
  if (!manifests) return manifests.error();
  return chosen(choice, *manifests != 0);
}

}  // namespace

result<void> queue::choose(const work_choice& choice) {
  auto made = chosen_of(db_, choice);
  if (!made) return made.error();
  chosen_ = std::move(*made);
  return {};
}

result<std::vector<po_lease>> queue::find(std::size_t count, std::int64_t& last) {
  const auto generation = generation_of(db_);
  if (!generation) return generation.error();
  static const std::string sql = fmt::format(
      "SELECT id, number, prefix, supplier, breaker_group, folder, position, key, pages, status IN ({0}) AS "
      "again, "
      "?5 AND status IN ({0}) AND (last_checked IS NULL OR (last_checked < ?6 AND (changed <> 0 OR NOT ?7))) "
      "AS refreshed FROM purchase_orders WHERE generation = ?3 AND position > ?4 AND ({1} OR refreshed) "
      "ORDER BY position LIMIT ?8",
      core::numbers_done(), chosen::condition);
  auto rows = db_.query(sql);
  if (!rows) return rows.error();
  const refresh_scope scope = again_.value_or(refresh_scope());
  rows->bind_all(chosen_.states(), chosen_.codes(), *generation, position_, again_ ? 1 : 0, before_of(scope),
                 scope.changed_only ? 1 : 0, chosen_.every_number() ? limit_of(count) : -1);
  std::vector<po_lease> found;
  while (found.size() < count) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) break;
    if (auto in_order = go_on(last, rows->integer("position")); !in_order) return in_order.error();
    const bool refreshed = rows->integer("refreshed") != 0;
    if (!refreshed && !chosen_.has(rows->text("key"))) continue;
    po_lease next{read_purchase_order(*rows), {}};
    next.again = rows->integer("again") != 0;
    if (next.again) {
      auto pages = pages_from_json(rows->text("pages"));
      if (!pages) return pages.error();
      next.pages = std::move(*pages);
    }
    found.push_back(std::move(next));
  }
  return found;
}

result<std::vector<po_lease>> queue::next(std::size_t count) {
  const auto snapshot = read_snapshot::begin(db_);
  if (!snapshot) return snapshot.error();
  std::int64_t last = position_;
  auto found = find(count, last);
  if (!found) return found.error();
  for (po_lease& each : *found) {
    auto known = read_attachments(db_, each.po.id);
    if (!known) return known.error();
    each.known = std::move(*known);
    auto listed = read_listed(db_, each.po.id);
    if (!listed) return listed.error();
    each.listed = std::move(*listed);
  }
  position_ = last;
  for (const po_lease& each : *found) held_.insert(each.po.id);
  return found;
}

result<work_count> count_chosen(database& db, const work_choice& choice) {
  const auto snapshot = read_snapshot::begin(db);
  if (!snapshot) return snapshot.error();
  const auto only = chosen_of(db, choice);
  if (!only) return only.error();
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  static const std::string sql =
      fmt::format("SELECT status, key FROM purchase_orders WHERE generation = ?3 AND {}", chosen::condition);
  auto rows = db.query(sql);
  if (!rows) return rows.error();
  rows->bind_all(only->states(), only->codes(), *generation);
  work_count counted;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) return counted;
    const auto status = to_po_status(rows->integer("status"));
    if (!status) return status.error();
    if (only->every_number() || only->has(rows->text("key")))
      ++counted.by_status[static_cast<std::size_t>(*status)];
  }
}

result<std::vector<po_group>> read_groups(database& db) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  static const std::string sql = fmt::format(
      "SELECT breaker_group, count(*) AS orders FROM purchase_orders WHERE generation = ?1 AND breaker_group "
      "<> '' AND "
      "status <> {} GROUP BY breaker_group",
      static_cast<int>(po_status::invalid));
  auto rows = db.query(sql);
  if (!rows) return rows.error();
  rows->bind(1, *generation);
  return collect<po_group>(*rows, [](const statement& row) -> result<po_group> {
    return po_group{row.text("breaker_group"), row.count("orders")};
  });
}

}  // namespace pofetch::sqlite
