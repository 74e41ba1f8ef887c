#include "ledger/sqlite/ledger_pages.hpp"

#include "core/folder_name.hpp"
#include "ledger/sqlite/ledger_file.hpp"
#include "ledger/sqlite/rows.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::sqlite {
namespace {

/// What sorts behind everything that begins with it.
std::string behind_all(std::string_view prefix) { return std::string(prefix) + "\xf4\x8f\xbf\xbf"; }

std::string path_in(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

bool is_on_disk(const attachment_record& one) {
  return one.status == attachment_status::completed && !one.name.empty();
}

}  // namespace

result<ledger_pages> ledger_pages::open(const std::filesystem::path& file) {
  auto db = open_for_reading(file);
  if (!db) return db.error();
  const auto generation = generation_of(*db);
  if (!generation) return generation.error();
  return ledger_pages(std::move(*db), *generation);
}

result<std::vector<placed_row>> ledger_pages::rows_of(statement& rows) {
  std::vector<placed_row> page;
  for (;;) {
    const auto more = rows.step();
    if (!more) return more.error();
    if (!*more) return page;
    auto row = read_placed_row(rows);
    if (!row) return row.error();
    page.push_back(std::move(*row));
  }
}

result<std::vector<placed_row>> ledger_pages::orders(const order_filter& filter) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM purchase_orders WHERE generation = ?1 AND position > ?2 AND (?3 < 0 OR status = ?3) "
      "AND (?4 = '' OR error_code = ?4) AND (?5 = '' OR (number >= ?5 AND number < ?6)) ORDER BY position "
      "LIMIT ?7",
      placed_row_columns);
  auto rows = db_.query(sql);
  if (!rows) return rows.error();
  const std::string last = behind_all(filter.number_prefix);
  rows->bind_all(generation_, filter.after, filter.status ? static_cast<int>(*filter.status) : -1,
                 std::string_view(filter.error_code), std::string_view(filter.number_prefix),
                 std::string_view(last), static_cast<std::int64_t>(filter.limit));
  return rows_of(*rows);
}

result<std::optional<placed_row>> ledger_pages::order(const std::string& number) {
  // The key is the number without leading zeros, but in a manifest.
  static const std::string sql = fmt::format(
      "SELECT {} FROM purchase_orders WHERE key IN (?1, ltrim(?1, '0')) AND generation = ?2 AND number = ?1 "
      "LIMIT 1",
      placed_row_columns);
  std::vector<placed_row> found;
  {
    auto rows = db_.query(sql);
    if (!rows) return rows.error();
    rows->bind_all(std::string_view(number), generation_);
    auto read = rows_of(*rows);
    if (!read) return read.error();
    found = std::move(*read);
  }
  if (found.empty()) return std::optional<placed_row>();
  auto known = read_attachments(db_, found.front().row.outcome.po.id);
  if (!known) return known.error();
  found.front().row.outcome.attachments = std::move(*known);
  return std::optional<placed_row>(std::move(found.front()));
}

result<std::vector<error_group>> ledger_pages::errors() {
  std::vector<error_group> groups;
  {
    auto rows = db_.query(
        "SELECT error_code, count(*) AS orders FROM purchase_orders WHERE generation = ? AND error_code <> "
        "'' "
        "GROUP BY error_code ORDER BY 2 DESC, 1");
    if (!rows) return rows.error();
    rows->bind(1, generation_);
    for (;;) {
      const auto more = rows->step();
      if (!more) return more.error();
      if (!*more) break;
      groups.push_back({rows->text("error_code"), rows->count("orders")});
    }
  }
  for (error_group& each : groups) {
    auto rows = db_.query(
        "SELECT number, error_message FROM purchase_orders WHERE generation = ? AND error_code = ? "
        "ORDER BY position LIMIT 3");
    if (!rows) return rows.error();
    rows->bind_all(generation_, std::string_view(each.code));
    for (;;) {
      const auto more = rows->step();
      if (!more) return more.error();
      if (!*more) break;
      each.examples.emplace_back(rows->text("number"), rows->text("error_message"));
    }
  }
  return groups;
}

result<std::vector<complete_file>> ledger_pages::files(std::int64_t after, std::size_t limit) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM purchase_orders WHERE generation = ?1 AND position > ?2 AND attachments_downloaded > 0 "
      "ORDER BY position LIMIT ?3",
      placed_row_columns);
  std::vector<placed_row> page;
  {
    auto rows = db_.query(sql);
    if (!rows) return rows.error();
    rows->bind_all(generation_, after, static_cast<std::int64_t>(limit));
    auto read = rows_of(*rows);
    if (!read) return read.error();
    page = std::move(*read);
  }
  std::vector<complete_file> found;
  for (const placed_row& each : page) {
    const purchase_order& po = each.row.outcome.po;
    auto known = read_attachments(db_, po.id);
    if (!known) return known.error();
    for (attachment_record& one : *known)
      if (is_on_disk(one))
        found.push_back({each.position, po.number, path_in(po.folder, one.name), std::move(one)});
    if (found.size() >= limit) break;
  }
  return found;
}

result<std::optional<complete_file>> ledger_pages::file(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const std::string key = core::folder_key(folder);
  std::vector<placed_row> found;
  {
    static const std::string sql =
        fmt::format("SELECT {} FROM purchase_orders WHERE folder_key = ? AND folder = ?", placed_row_columns);
    auto rows = db_.query(sql);
    if (!rows) return rows.error();
    rows->bind_all(std::string_view(key), std::string_view(folder));
    auto read = rows_of(*rows);
    if (!read) return read.error();
    found = std::move(*read);
  }
  for (const placed_row& each : found) {
    auto known = read_attachments(db_, each.row.outcome.po.id);
    if (!known) return known.error();
    for (attachment_record& one : *known)
      if (is_on_disk(one) && one.name == name)
        return std::optional<complete_file>(
            {each.position, each.row.outcome.po.number, path, std::move(one)});
  }
  return std::optional<complete_file>();
}

}  // namespace pofetch::sqlite
