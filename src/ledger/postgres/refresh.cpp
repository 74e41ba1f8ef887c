#include "ledger/postgres/refresh.hpp"

#include "core/po_rules.hpp"
#include "ledger/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::postgres {

result<std::optional<std::string>> find_page_outside(batch_at where, const page_area& area) {
  const auto row = where.db.ask(command(
      "SELECT url FROM pofetch.purchase_orders WHERE batch = $1 AND generation = pofetch.generation($1) AND "
      "attachments_downloaded > 0 AND CASE WHEN $2::text = '' THEN url <> '' ELSE left(url, length($2)) <> "
      "$2 OR "
      "($3::text <> '' AND left(url, length($3)) = $3) END ORDER BY position LIMIT 1",
      where.batch, area.below, area.except));
  if (!row) return row.error();
  return row->size() == 0 ? std::nullopt : std::optional<std::string>(row->text(0, "url"));
}

result<refresh_facts> count_scope(batch_at where, const refresh_scope& scope) {
  static const std::string sql = fmt::format(
      "SELECT count(*) FILTER (WHERE status = 1) AS completed, count(*) FILTER (WHERE status = 4) AS "
      "empty_ones, "
      "min(last_checked) AS oldest FROM pofetch.purchase_orders WHERE batch = $1 AND generation = "
      "pofetch.generation($1) "
      "AND status IN ({}) AND (last_checked IS NULL OR (last_checked < $2 AND (changed OR NOT $3)))",
      core::numbers_done());
  const auto row = where.db.ask(command(sql, where.batch, records::before_of(scope), scope.changed_only));
  if (!row) return row.error();
  refresh_facts facts;
  facts.by_status[static_cast<std::size_t>(po_status::completed)] = row->count(0, "completed");
  facts.by_status[static_cast<std::size_t>(po_status::no_attachments)] = row->count(0, "empty_ones");
  if (!row->is_null(0, "oldest")) facts.oldest = records::from_milliseconds(row->integer(0, "oldest"));
  return facts;
}

result<void> mark_changed(batch_at where, std::span<const order_change> changes) {
  if (changes.empty()) return {};
  column numbers, times;
  for (const order_change& each : changes) {
    numbers.add(std::string_view(each.number));
    times.add(std::string_view(each.updated_at));
  }
  // The key of an order is its number.
  static const std::string sql = fmt::format(
      "UPDATE pofetch.purchase_orders AS p SET changed = true FROM unnest($2::text[], $3::text[]) AS n "
      "(number, at) WHERE "
      "p.batch = $1 AND p.key = n.number AND p.status IN ({}) AND (n.at = '' OR p.updated_at <> n.at)",
      core::numbers_done());
  const auto done = where.db.ask(command(sql, where.batch, numbers, times));
  return done ? result<void>() : result<void>(done.error());
}

result<void> mark_unchanged(batch_at where, const refresh_scope& scope,
                            std::chrono::system_clock::time_point at) {
  static const std::string sql = fmt::format(
      "UPDATE pofetch.purchase_orders SET last_checked = $3 WHERE batch = $1 AND generation = "
      "pofetch.generation($1) AND "
      "status IN ({}) AND NOT changed AND last_checked < least($2::bigint, $3::bigint)",
      core::numbers_done());
  const auto done =
      where.db.ask(command(sql, where.batch, records::before_of(scope), records::to_milliseconds(at)));
  return done ? result<void>() : result<void>(done.error());
}

}  // namespace pofetch::postgres
