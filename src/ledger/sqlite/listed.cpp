#include "ledger/sqlite/listed.hpp"

#include "ledger/sqlite/pages.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

namespace pofetch::sqlite {
namespace {

/// The line that has a key without a number behind it.
struct first_line {
  bool there = false;
  std::string url;
  std::int64_t alike = 0;
};

result<first_line> find_first(database& db, const list_place& place, std::string_view key) {
  auto row =
      db.query("SELECT url, alike FROM listed_attachments WHERE po_id = ?1 AND key = ?2 AND generation = ?3");
  if (!row) return row.error();
  row->bind_all(place.po_id, key, place.generation);
  const auto found = row->step();
  if (!found) return found.error();
  if (!*found) return first_line();
  return first_line{true, row->text("url"), row->integer("alike")};
}

/// Addresses that differ by a secret only share a key; a mark finds one of many such.
std::int64_t mark_of(std::string_view url) {
  return static_cast<std::int64_t>(std::hash<std::string_view>()(url));
}

result<bool> is_named_before(database& db, const list_place& place, std::string_view url) {
  auto row = db.query(
      "SELECT 1 FROM listed_attachments WHERE po_id = ?1 AND mark = ?2 AND generation = ?3 AND url = ?4");
  if (!row) return row.error();
  row->bind_all(place.po_id, mark_of(url), place.generation, url);
  return row->step();
}

result<void> put_listed(database& db, const list_place& place, std::string_view key, bool is_first,
                        const listed_attachment& listed) {
  auto row = db.query(
      "INSERT OR REPLACE INTO listed_attachments (po_id, key, generation, position, line, url, "
      "authorization, name, sha256, problem, alike, mark, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, "
      "?)");
  if (!row) return row.error();
  const attachment& file = listed.file;
  row->bind_all(place.po_id, key, place.generation, place.position, listed.line, file.url, file.authorization,
                file.name, file.sha256, listed.problem);
  row->bind(11, nullptr);
  if (!is_first) row->bind(11, mark_of(file.url));
  row->bind(12, nullptr);
  if (file.size) row->bind(12, *file.size);
  return row->run();
}

listed_attachment read_line(const statement& row) {
  listed_attachment listed;
  listed.line = row.integer("line");
  listed.problem = row.text("problem");
  listed.file.key = row.text("key");
  listed.file.url = row.text("url");
  listed.file.authorization = row.text("authorization");
  listed.file.name = row.text("name");
  listed.file.sha256 = row.text("sha256");
  if (!row.is_null("size")) listed.file.size = row.count("size");
  listed.file.user_named = true;
  return listed;
}

}  // namespace

result<void> add_listed(database& db, const list_place& place, const listed_attachment& listed) {
  const std::string& key = listed.file.key;
  const auto first = find_first(db, place, key);
  if (!first) return first.error();
  if (!first->there) return put_listed(db, place, key, true, listed);
  if (first->url == listed.file.url) return {};
  const auto again = is_named_before(db, place, listed.file.url);
  if (!again) return again.error();
  if (*again) return {};
  auto counted =
      db.run("UPDATE listed_attachments SET alike = alike + 1 WHERE po_id = ? AND key = ?", place.po_id, key);
  if (!counted) return counted;
  return put_listed(db, place, fmt::format("{} #{}", key, first->alike + 1), false, listed);
}

result<void> keep_one_list(database& db, std::int64_t generation) {
  return db.run("DELETE FROM listed_attachments WHERE generation <> ?", generation);
}

result<std::vector<listed_attachment>> read_listed(database& db, std::int64_t po_id) {
  auto rows = db.query(
      "SELECT line, problem, key, url, authorization, name, sha256, size FROM listed_attachments "
      "WHERE po_id = ? ORDER BY position");
  if (!rows) return rows.error();
  rows->bind(1, po_id);
  return collect<listed_attachment>(
      *rows, [](const statement& row) -> result<listed_attachment> { return read_line(row); });
}

result<void> erase_addresses(database& db, std::int64_t po_id) {
  return db.run(
      "UPDATE listed_attachments AS l SET url = '', authorization = '' WHERE po_id = ? AND url <> '' AND "
      "EXISTS "
      "(SELECT 1 FROM attachments AS a WHERE a.po_id = l.po_id AND a.key = l.key AND a.status IN (2, 4))",
      po_id);
}

result<void> erase_all_addresses(database& db) {
  return db.run(
      "UPDATE listed_attachments AS l SET url = '', authorization = '' WHERE url <> '' AND EXISTS "
      "(SELECT 1 FROM attachments AS a WHERE a.po_id = l.po_id AND a.key = l.key AND a.status IN (2, 4))");
}

}  // namespace pofetch::sqlite
