#include "ledger/sqlite/refresh.hpp"

#include "core/po_rules.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <string>

namespace pofetch::sqlite {

result<std::optional<std::string>> find_page_outside(database& db, const page_area& area) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  auto row = db.query(
      "SELECT url FROM purchase_orders WHERE generation = ?1 AND attachments_downloaded > 0 AND "
      "iif(?2 = '', url <> '', substr(url, 1, length(?2)) <> ?2 OR "
      "(?3 <> '' AND substr(url, 1, length(?3)) = ?3)) LIMIT 1");
  if (!row) return row.error();
  row->bind_all(*generation, std::string_view(area.below), std::string_view(area.except));
  const auto found = row->step();
  if (!found) return found.error();
  return *found ? std::optional<std::string>(row->text("url")) : std::nullopt;
}

result<refresh_facts> count_scope(database& db, const refresh_scope& scope) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  static const std::string sql = fmt::format(
      "SELECT coalesce(sum(status = 1), 0) AS completed, coalesce(sum(status = 4), 0) AS empty_ones, "
      "min(last_checked) AS oldest "
      "FROM purchase_orders WHERE generation = ?1 AND status IN ({}) AND (last_checked IS NULL OR "
      "(last_checked < ?2 AND (changed <> 0 OR NOT ?3)))",
      core::numbers_done());
  auto row = db.query(sql);
  if (!row) return row.error();
  row->bind_all(*generation, before_of(scope), scope.changed_only ? 1 : 0);
  const auto found = row->step();
  if (!found) return found.error();
  refresh_facts facts;
  facts.by_status[static_cast<std::size_t>(po_status::completed)] = row->count("completed");
  facts.by_status[static_cast<std::size_t>(po_status::no_attachments)] = row->count("empty_ones");
  if (!row->is_null("oldest")) facts.oldest = from_milliseconds(row->integer("oldest"));
  return facts;
}

result<void> mark_changed(database& db, std::span<const order_change> changes) {
  if (changes.empty()) return {};
  auto change = transaction::begin(db);
  if (!change) return change.error();
  for (const order_change& one : changes) {
    // The key of a PO is its number.
    static const std::string sql = fmt::format(
        "UPDATE purchase_orders SET changed = 1 WHERE key = ?1 AND status IN ({}) AND "
        "(?2 = '' OR updated_at <> ?2)",
        core::numbers_done());
    auto marked = db.run(sql, one.number, one.updated_at);
    if (!marked) return marked;
  }
  return change->commit();
}

result<void> mark_unchanged(database& db, const refresh_scope& scope,
                            std::chrono::system_clock::time_point at) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  static const std::string sql = fmt::format(
      "UPDATE purchase_orders SET last_checked = ?3 WHERE generation = ?1 AND status IN ({}) AND "
      "changed = 0 AND last_checked < min(?2, ?3)",
      core::numbers_done());
  return db.run(sql, *generation, before_of(scope), to_milliseconds(at));
}

}  // namespace pofetch::sqlite
