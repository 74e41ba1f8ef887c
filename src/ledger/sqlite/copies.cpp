#include "ledger/sqlite/copies.hpp"

#include "ledger/sqlite/reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::sqlite {
namespace {

constexpr int copies_at_once = 256;

/// Rows of `attachments` have no index by content (see schema.cpp): one sort finds all of them.
constexpr const char* find_them = R"sql(
DROP TABLE IF EXISTS temp.copies;
CREATE TEMP TABLE copies (
  id INTEGER PRIMARY KEY,
  po_id INTEGER NOT NULL, key TEXT NOT NULL,
  first_po_id INTEGER NOT NULL, first_key TEXT NOT NULL
);
INSERT INTO copies (po_id, key, first_po_id, first_key)
  SELECT po_id, key, first_po_id, first_key FROM (
    SELECT po_id, key, first_value(po_id) OVER same AS first_po_id, first_value(key) OVER same AS first_key
    FROM attachments WHERE status = 2 AND bytes > 0 AND sha256 <> ''
    WINDOW same AS (PARTITION BY sha256, bytes ORDER BY po_id, key))
  WHERE po_id <> first_po_id OR key <> first_key;
)sql";

struct pair_of_rows {
  std::int64_t id = 0;
  std::int64_t po_id = 0;
  std::string key;
  std::int64_t first_po_id = 0;
  std::string first_key;
};

result<std::vector<pair_of_rows>> page_after(database& db, std::int64_t last) {
  auto rows = db.query(
      "SELECT id, po_id, key, first_po_id, first_key FROM temp.copies WHERE id > ? ORDER BY id LIMIT ?");
  if (!rows) return rows.error();
  rows->bind_all(last, copies_at_once);
  std::vector<pair_of_rows> page;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) return page;
    page.push_back({rows->integer("id"), rows->integer("po_id"), rows->text("key"),
                    rows->integer("first_po_id"), rows->text("first_key")});
  }
}

/// The PO with that one attachment; nothing if either is not there any more.
result<std::optional<po_lease>> one_of(database& db, std::int64_t po_id, const std::string& key) {
  auto lease = read_lease(db, po_id);
  if (!lease) return lease;
  if (!*lease) return lease;
  auto& known = (*lease)->known;
  known.erase(
      std::remove_if(known.begin(), known.end(), [&key](const auto& each) { return each.key != key; }),
      known.end());
  if (known.empty()) return std::optional<po_lease>();
  return lease;
}

result<void> visit_all(database& db, const std::function<result<void>(const same_content&)>& visit) {
  for (std::int64_t last = 0;;) {
    const auto page = page_after(db, last);
    if (!page) return page.error();
    if (page->empty()) return {};
    for (const pair_of_rows& each : *page) {
      last = each.id;
      auto first = one_of(db, each.first_po_id, each.first_key);
      if (!first) return first.error();
      auto other = one_of(db, each.po_id, each.key);
      if (!other) return other.error();
      if (!*first || !*other) continue;
      const same_content both{(*first)->po.folder, std::move((*first)->known.front()), std::move(**other)};
      if (auto visited = visit(both); !visited) return visited;
    }
  }
}

}  // namespace

result<void> visit_copies(database& db, const std::function<result<void>(const same_content&)>& visit) {
  if (auto found = db.execute(find_them); !found) return found;
  auto visited = visit_all(db, visit);
  auto dropped = db.execute("DROP TABLE temp.copies");
  return visited ? dropped : visited;
}

}  // namespace pofetch::sqlite
