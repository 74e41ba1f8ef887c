#include "ledger/rows.hpp"

#include "ledger/json_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::sqlite {
namespace {

constexpr std::int64_t flag_gone = 1;
constexpr std::int64_t flag_superseded = 2;

failure no_such_state(std::string_view of, std::int64_t number) {
  return make_failure(errc::ledger,
                      fmt::format("The ledger is damaged: {} is not the number of a state of {}. {}", number,
                                  of, damaged_advice()));
}

result<attachment_record> read_attachment(const statement& row) {
  attachment_record record;
  record.key = row.text("key");
  record.ordinal = row.integer("ordinal");
  record.name = row.text("name");
  record.url = row.text("url");
  const auto status = to_attachment_status(row.integer("status"));
  if (!status) return status.error();
  record.status = *status;
  record.bytes = row.count("bytes");
  record.sha256 = row.text("sha256");
  record.media_type = row.text("media_type");
  record.attempts = row.integer("attempts");
  record.mtime_ns = row.integer("mtime_ns");
  record.error = read_error(row);
  record.validator = row.text("validator");
  record.listed_at = row.text("listed_at");
  const std::int64_t flags = row.integer("flags");
  record.gone = (flags & flag_gone) != 0;
  record.superseded = (flags & flag_superseded) != 0;
  return record;
}

}  // namespace

std::int64_t to_milliseconds(std::chrono::system_clock::time_point time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::chrono::system_clock::time_point from_milliseconds(std::int64_t count) noexcept {
  // A damaged file may hold any number; the clock ends in 2262.
  using time_point = std::chrono::system_clock::time_point;
  const std::int64_t first = to_milliseconds(time_point::min());
  const std::int64_t last = to_milliseconds(time_point::max());
  return time_point(std::chrono::milliseconds(std::clamp(count, first, last)));
}

result<po_status> to_po_status(std::int64_t number) {
  if (number < 0 || number >= po_status_count) return no_such_state("a purchase order", number);
  return static_cast<po_status>(number);
}

result<attachment_status> to_attachment_status(std::int64_t number) {
  if (number < 0 || number > static_cast<int>(attachment_status::excluded)) {
    return no_such_state("an attachment", number);
  }
  return static_cast<attachment_status>(number);
}

error_columns::error_columns(const std::optional<failure>& error)
    : code(error ? code_word(*error) : std::string()),
      message(error ? std::string_view(error->message) : std::string_view()) {}

std::optional<failure> read_error(const statement& row) {
  const std::string code = row.text("error_code");
  if (code.empty()) return std::nullopt;
  return failure_from_word(code, row.text("error_message"));
}

std::string pages_to_json(const std::vector<page_mark>& pages) {
  if (pages.empty()) return {};
  std::vector<std::string> texts;
  for (const page_mark& page : pages) {
    texts.push_back(page.url);
    texts.push_back(page.validator);
  }
  return to_json(texts);
}

result<std::vector<page_mark>> pages_from_json(const std::string& text) {
  std::vector<page_mark> pages;
  if (text.empty()) return pages;
  auto texts = from_json(text);
  if (!texts) return texts.error();
  for (std::size_t i = 0; i + 1 < texts->size(); i += 2)
    pages.push_back({std::move((*texts)[i]), std::move((*texts)[i + 1])});
  return pages;
}

purchase_order read_purchase_order(const statement& row) {
  purchase_order po;
  po.id = row.integer("id");
  po.number = row.text("number");
  po.prefix = row.text("prefix");
  po.supplier = row.text("supplier");
  po.group = row.text("breaker_group");
  po.folder = row.text("folder");
  return po;
}

result<std::vector<attachment_record>> read_attachments(database& db, std::int64_t po_id) {
  auto rows = db.query(
      "SELECT key, ordinal, name, url, status, bytes, sha256, media_type, attempts, mtime_ns, error_code, "
      "error_message, validator, listed_at, flags FROM attachments WHERE po_id = ?");
  if (!rows) return rows.error();
  rows->bind(1, po_id);
  std::vector<attachment_record> records;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) break;
    auto record = read_attachment(*rows);
    if (!record) return record.error();
    records.push_back(std::move(*record));
  }
  // They are few and come in order of key: cheaper to sort here than in SQLite.
  const auto by_ordinal = [](const attachment_record& a, const attachment_record& b) {
    return a.ordinal < b.ordinal;
  };
  if (!std::is_sorted(records.begin(), records.end(), by_ordinal)) {
    std::stable_sort(records.begin(), records.end(), by_ordinal);
  }
  return records;
}

result<void> write_attachment(database& db, std::int64_t po_id, const attachment_record& record) {
  const error_columns error(record.error);
  const std::int64_t flags = (record.gone ? flag_gone : 0) | (record.superseded ? flag_superseded : 0);
  return db.run(
      "INSERT OR REPLACE INTO attachments (po_id, key, ordinal, name, url, status, bytes, sha256, "
      "media_type, "
      "attempts, mtime_ns, error_code, error_message, validator, listed_at, flags) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      po_id, record.key, record.ordinal, record.name, record.url, static_cast<int>(record.status),
      record.bytes, record.sha256, record.media_type, record.attempts, record.mtime_ns, error.code,
      error.message, record.validator, record.listed_at, flags);
}

}  // namespace pofetch::sqlite
