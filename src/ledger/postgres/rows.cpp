#include "ledger/postgres/rows.hpp"

#include "ledger/words.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace pofetch::postgres {
namespace {

namespace json = boost::json;

constexpr std::string_view no_advice = "Ask for a backup of it.";

failure damaged() { return make_failure(errc::ledger, "The ledger is damaged: a row does not read as one."); }

/// A row that the server wrote as an object.
class json_row {
 public:
  explicit json_row(const json::object& row) noexcept : row_(row) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    const json::value* value = row_.if_contains(name);
    const json::string* found = value == nullptr ? nullptr : value->if_string();
    return found == nullptr ? std::string() : from_wire({found->data(), found->size()});
  }
  [[nodiscard]] std::int64_t integer(std::string_view name) const {
    const json::value* value = row_.if_contains(name);
    const std::int64_t* found = value == nullptr ? nullptr : value->if_int64();
    return found == nullptr ? 0 : *found;
  }
  [[nodiscard]] std::uint64_t count(std::string_view name) const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(integer(name), 0));
  }
  [[nodiscard]] bool is_null(std::string_view name) const {
    const json::value* value = row_.if_contains(name);
    return value == nullptr || value->is_null();
  }

 private:
  const json::object& row_;
};

result<attachment_record> read_attachment(const json_row& row) {
  attachment_record record;
  record.key = row.text("key");
  record.ordinal = row.integer("ordinal");
  record.name = row.text("name");
  record.url = row.text("url");
  const auto status = records::to_attachment_status(row.integer("status"), no_advice);
  if (!status) return status.error();
  record.status = *status;
  record.bytes = row.count("bytes");
  record.sha256 = row.text("sha256");
  record.media_type = row.text("media_type");
  record.attempts = row.integer("attempts");
  record.mtime_ns = row.integer("mtime_ns");
  if (const std::string code = row.text("error_code"); !code.empty())
    record.error = failure_from_word(code, row.text("error_message"));
  record.validator = row.text("validator");
  record.listed_at = row.text("listed_at");
  records::set_flags(record, row.integer("flags"));
  return record;
}

json::object to_object(const attachment_record& record) {
  json::object row;
  row["key"] = to_wire(record.key);
  row["ordinal"] = record.ordinal;
  row["name"] = to_wire(record.name);
  row["url"] = to_wire(record.url);
  row["status"] = static_cast<int>(record.status);
  row["bytes"] = static_cast<std::int64_t>(record.bytes);
  row["sha256"] = record.sha256;
  row["media_type"] = to_wire(record.media_type);
  row["attempts"] = record.attempts;
  row["mtime_ns"] = record.mtime_ns;
  row["error_code"] = code_of(record.error);
  row["error_message"] = to_wire(message_of(record.error));
  row["validator"] = to_wire(record.validator);
  row["listed_at"] = to_wire(record.listed_at);
  row["flags"] = records::flags_of(record);
  return row;
}

listed_attachment read_line(const json_row& row) {
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

/// NULL is read as null.
result<json::value> parse_column(const table& rows, std::size_t row, const char* column) {
  if (rows.is_null(row, column)) return json::value();
  json::error_code error;
  const std::string_view text = rows.raw(row, column);
  auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return damaged();
  return value;
}

void put(std::vector<attachment_record>& known, attachment_record record) {
  const auto same =
      std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.key == record.key; });
  if (same == known.end())
    known.push_back(std::move(record));
  else
    *same = std::move(record);
}

result<void> add_intended(const json::value& intended, std::vector<attachment_record>& known) {
  if (!intended.is_object()) return {};
  std::map<std::string, attachment_record> by_key;
  for (const auto& each : intended.get_object()) {
    if (!each.value().is_object()) return damaged();
    auto record = read_attachment(json_row(each.value().get_object()));
    if (!record) return record.error();
    by_key[record->key] = std::move(*record);
  }
  for (auto& each : by_key) put(known, std::move(each.second));
  std::sort(known.begin(), known.end(), [](const auto& a, const auto& b) {
    return std::tie(a.ordinal, a.key) < std::tie(b.ordinal, b.key);
  });
  return {};
}

}  // namespace

purchase_order read_purchase_order(const table& rows, std::size_t row) {
  purchase_order po;
  po.id = rows.integer(row, "id");
  po.number = rows.text(row, "number");
  po.prefix = rows.text(row, "prefix");
  po.supplier = rows.text(row, "supplier");
  po.group = rows.text(row, "breaker_group");
  po.folder = rows.text(row, "folder");
  return po;
}

result<std::vector<attachment_record>> read_known(const table& rows, std::size_t row) {
  std::vector<attachment_record> known;
  const auto stored = parse_column(rows, row, "known");
  if (!stored) return stored.error();
  if (stored->is_array()) {
    for (const json::value& each : stored->get_array()) {
      if (!each.is_object()) return damaged();
      auto record = read_attachment(json_row(each.get_object()));
      if (!record) return record.error();
      known.push_back(std::move(*record));
    }
  }
  const auto intended = parse_column(rows, row, "intended");
  if (!intended) return intended.error();
  if (auto added = add_intended(*intended, known); !added) return added.error();
  return known;
}

result<std::vector<listed_attachment>> read_listed(const table& rows, std::size_t row) {
  std::vector<listed_attachment> listed;
  const auto lines = parse_column(rows, row, "listed");
  if (!lines) return lines.error();
  if (!lines->is_array()) return listed;
  for (const json::value& each : lines->get_array()) {
    if (!each.is_object()) return damaged();
    listed.push_back(read_line(json_row(each.get_object())));
  }
  return listed;
}

result<po_lease> read_lease(const table& rows, std::size_t row) {
  po_lease lease{read_purchase_order(rows, row), {}};
  auto known = read_known(rows, row);
  if (!known) return known.error();
  lease.known = std::move(*known);
  return lease;
}

result<po_status> status_of(std::int64_t number) { return records::to_po_status(number, no_advice); }

std::optional<failure> read_error(const table& rows, std::size_t row) {
  const std::string code = rows.text(row, "error_code");
  if (code.empty()) return std::nullopt;
  return failure_from_word(code, rows.text(row, "error_message"));
}

std::string code_of(const std::optional<failure>& error) { return error ? code_word(*error) : std::string(); }

std::string_view message_of(const std::optional<failure>& error) {
  return error ? std::string_view(error->message) : std::string_view();
}

std::string intents_of(std::span<const attachment_record> all) {
  json::object files;
  for (const attachment_record& each : all)
    if (each.status == attachment_status::committing) files[to_wire(each.key)] = to_object(each);
  return files.empty() ? std::string() : json::serialize(files);
}

void attachment_rows::add(std::int64_t po_id, std::span<const attachment_record> all) {
  for (const attachment_record& record : all)
    if (record.status != attachment_status::committing)
      rows_[{po_id, std::string_view(record.key)}] = &record;
}

std::pair<column, column> attachment_rows::keys() const {
  std::pair<column, column> keys;
  for (const auto& each : rows_) {
    keys.first.add(each.first.first);
    keys.second.add(each.first.second);
  }
  return keys;
}

command attachment_rows::upsert(std::string_view condition) const {
  column ordinal, name, url, status, bytes, sha256, media_type, attempts, mtime_ns, error_code, error_message,
      validator, listed_at, flags;
  for (const auto& each : rows_) {
    const attachment_record& record = *each.second;
    ordinal.add(record.ordinal);
    name.add(std::string_view(record.name));
    url.add(std::string_view(record.url));
    status.add(static_cast<int>(record.status));
    bytes.add(record.bytes);
    sha256.add(std::string_view(record.sha256));
    media_type.add(std::string_view(record.media_type));
    attempts.add(record.attempts);
    mtime_ns.add(record.mtime_ns);
    error_code.add(std::string_view(code_of(record.error)));
    error_message.add(message_of(record.error));
    validator.add(std::string_view(record.validator));
    listed_at.add(std::string_view(record.listed_at));
    flags.add(records::flags_of(record));
  }
  const auto [po_id, key] = keys();
  return command(
      fmt::format(
          "INSERT INTO pofetch.attachments (po_id, key, ordinal, name, url, status, bytes, sha256, "
          "media_type, "
          "attempts, mtime_ns, error_code, error_message, validator, listed_at, flags) SELECT n.* FROM "
          "unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::bigint[], "
          "$8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::text[], "
          "$15::text[], $16::bigint[]) AS n (po_id, key, ordinal, name, url, status, bytes, sha256, "
          "media_type, "
          "attempts, mtime_ns, error_code, error_message, validator, listed_at, flags) WHERE {} "
          "ORDER BY n.po_id, n.key ON CONFLICT (po_id, key) DO UPDATE SET ordinal = excluded.ordinal, "
          "name = excluded.name, url = excluded.url, status = excluded.status, bytes = excluded.bytes, "
          "sha256 = excluded.sha256, media_type = excluded.media_type, attempts = excluded.attempts, "
          "mtime_ns = excluded.mtime_ns, error_code = excluded.error_code, error_message = "
          "excluded.error_message, "
          "validator = excluded.validator, listed_at = excluded.listed_at, flags = excluded.flags",
          condition),
      po_id, key, ordinal, name, url, status, bytes, sha256, media_type, attempts, mtime_ns, error_code,
      error_message, validator, listed_at, flags);
}

}  // namespace pofetch::postgres
