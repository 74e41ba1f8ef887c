#include "ledger/sqlite/rows.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sqlite {
namespace {

/// What is read is good as a rule: the advice is made for a failure alone.
template <class T>
result<T> advised(result<T> read) {
  if (read) return read;
  failure why = read.error();
  why.message += damaged_advice();
  return why;
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
  records::set_flags(record, row.integer("flags"));
  return record;
}

}  // namespace

result<po_status> to_po_status(std::int64_t number) { return advised(records::to_po_status(number, {})); }

result<attachment_status> to_attachment_status(std::int64_t number) {
  return advised(records::to_attachment_status(number, {}));
}

result<std::vector<std::string>> from_json(std::string_view json) {
  return advised(records::from_json(json));
}

result<std::vector<page_mark>> pages_from_json(const std::string& text) {
  return advised(records::pages_from_json(text));
}

error_columns::error_columns(const std::optional<failure>& error)
    : code(error ? code_word(*error) : std::string()),
      message(error ? std::string_view(error->message) : std::string_view()) {}

std::optional<failure> read_error(const statement& row) {
  const std::string code = row.text("error_code");
  if (code.empty()) return std::nullopt;
  return failure_from_word(code, row.text("error_message"));
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
  std::vector<attachment_record> known;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) break;
    auto record = read_attachment(*rows);
    if (!record) return record.error();
    known.push_back(std::move(*record));
  }
  // They are few and come in order of key: cheaper to sort here than in SQLite.
  const auto by_ordinal = [](const attachment_record& a, const attachment_record& b) {
    return a.ordinal < b.ordinal;
  };
  if (!std::is_sorted(known.begin(), known.end(), by_ordinal))
    std::stable_sort(known.begin(), known.end(), by_ordinal);
  return known;
}

result<void> write_attachment(database& db, std::int64_t po_id, const attachment_record& record) {
  const error_columns error(record.error);
  return db.run(
      "INSERT OR REPLACE INTO attachments (po_id, key, ordinal, name, url, status, bytes, sha256, "
      "media_type, "
      "attempts, mtime_ns, error_code, error_message, validator, listed_at, flags) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      po_id, record.key, record.ordinal, record.name, record.url, static_cast<int>(record.status),
      record.bytes, record.sha256, record.media_type, record.attempts, record.mtime_ns, error.code,
      error.message, record.validator, record.listed_at, records::flags_of(record));
}

}  // namespace pofetch::sqlite
