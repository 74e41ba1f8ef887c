// What a batch has found: purchase orders, errors, the report.
#include "core/consequence.hpp"
#include "core/setting_text.hpp"
#include "core/timestamp.hpp"
#include "core/unicode.hpp"
#include "core/version_key.hpp"
#include "service/routes/api.hpp"
#include "service/routes/api_ledger.hpp"
#include "service/routes/file_body.hpp"
#include "service/server/identity.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pofetch::service {

namespace json = boost::json;

namespace {

json::value text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return json::value(core::to_utf8(text));
}

json::value error_json(const std::optional<failure>& why) {
  if (!why) return nullptr;
  return json::object{{"code", code_word(*why)},
                      {"message", core::to_utf8(why->message)},
                      {"next_step", core::spelled(core::consequence_of(why->code).next_step)}};
}

json::object order_json(const sqlite::placed_row& placed) {
  const report_row& row = placed.row;
  const po_outcome& po = row.outcome;
  json::object made{{"po_number", core::to_utf8(po.po.number)},
                    {"position", placed.position},
                    {"line", row.line},
                    {"status", std::string(to_string(po.status))},
                    {"supplier", core::to_utf8(po.supplier.empty() ? po.po.supplier : po.supplier)}};
  made["folder"] = row.attachments_downloaded == 0 ? json::value(nullptr) : text_or_null(po.po.folder);
  made["url"] = core::to_utf8(po.url);
  made["attachments_found"] = row.attachments_found;
  made["attachments_downloaded"] = row.attachments_downloaded;
  made["bytes"] = row.bytes;
  made["last_checked"] = po.look ? text_or_null(core::rfc3339(po.look->at)) : json::value(nullptr);
  made["error"] = error_json(po.error);
  return made;
}

json::object attachment_json(const std::string& folder, const attachment_record& one) {
  const bool on_disk = one.status == attachment_status::completed && !one.name.empty();
  const std::string path = folder.empty() ? one.name : folder + "/" + one.name;
  return {{"name", core::to_utf8(one.name)},
          {"path", on_disk ? text_or_null(path) : json::value(nullptr)},
          {"url", core::to_utf8(one.url)},
          {"status", std::string(status_word(one))},
          {"bytes", one.bytes},
          {"sha256", text_or_null(one.sha256)},
          {"media_type", text_or_null(one.media_type)},
          {"attempts", one.attempts},
          {"error", error_json(one.error)},
          {"version", core::split_version(one.key).number}};
}

std::optional<po_status> read_po_status(std::string_view word) {
  for (int i = 0; i < po_status_count; ++i)
    if (to_string(static_cast<po_status>(i)) == word) return static_cast<po_status>(i);
  return std::nullopt;
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct report_kind {
  std::string_view word;
  std::string_view type;
};
constexpr std::array<report_kind, 4> report_kinds{{
    {"csv", "text/csv; charset=utf-8"},
    {"json", "application/json"},
    {"jsonl", "application/x-ndjson"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}};

reply unknown_batch() { return refuse("not-found", "There is no batch of that id."); }

/// What a code means, for somebody who sees it in a list.
std::string_view meaning_of(const failure& why) {
  switch (kind_of(why.code)) {
    case error_kind::network:
      return "The server could not be reached, or did not answer in time.";
    case error_kind::remote:
      return "The server answered, but not with what was asked for.";
    case error_kind::content:
      return "What came is not what it should be.";
    case error_kind::security:
      return "It would not have been safe.";
    case error_kind::session:
      return "The session has ended, or there is none.";
    case error_kind::machine:
      return "This machine could not keep it.";
    case error_kind::usage:
      return "A setting or the list cannot be used.";
    case error_kind::cancelled:
      return "It was stopped before it was finished.";
    case error_kind::internal:
      return "A bug; please report it.";
  }
  return {};
}

}  // namespace

bool api::has_ledger(const std::string& id) const {
  std::error_code ignored;
  return std::filesystem::exists(out_of(id) / ".pofetch" / "ledger.db", ignored);
}

awaitable<reply> api::list_orders(request& asked) {
  query_reader query(asked, {"status", "error_code", "q", "limit", "cursor"});
  sqlite::order_filter filter;
  filter.limit = query.limit();
  filter.after = number_in(query.place());
  filter.error_code = query.text("error_code");
  filter.number_prefix = query.text("q");
  filter.status = read_po_status(query.text("status"));
  if (query.has("status") && !filter.status)
    query.wrong("status", "expected a status of an order, such as FAILED");
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return unknown_batch();
  json::array items;
  if (!has_ledger(asked.names[0])) co_return page_reply(asked, query, std::move(items), "");
  auto read = [filter](sqlite::ledger_pages& pages) { return pages.orders(filter); };
  const auto rows = co_await ask_ledger(asked.names[0], read);
  if (!rows) co_return storage_reply(rows.error());
  for (const sqlite::placed_row& each : *rows) items.push_back(order_json(each));
  const bool more = rows->size() == filter.limit;
  const std::string next = more ? std::to_string(rows->back().position) : std::string();
  co_return page_reply(asked, query, std::move(items), next);
}

awaitable<reply> api::show_order(request& asked) {
  const query_reader query(asked, {});
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return unknown_batch();
  if (!has_ledger(asked.names[0])) co_return refuse("not-found", "The batch knows no such order yet.");
  auto read = [number = asked.names[1]](sqlite::ledger_pages& pages) { return pages.order(number); };
  const auto found = co_await ask_ledger(asked.names[0], read);
  if (!found) co_return storage_reply(found.error());
  if (!*found) co_return refuse("not-found", "The batch has no such order.");
  json::object body = order_json(**found);
  json::array attachments;
  const po_outcome& po = (*found)->row.outcome;
  for (const attachment_record& each : po.attachments)
    attachments.push_back(attachment_json(po.po.folder, each));
  body["attachments"] = std::move(attachments);
  co_return json_reply(body);
}

awaitable<reply> api::list_errors(request& asked) {
  query_reader query(asked, {"limit", "cursor"});
  static_cast<void>(query.limit());
  static_cast<void>(query.place());
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return unknown_batch();
  json::array items;
  if (!has_ledger(asked.names[0])) co_return page_reply(asked, query, std::move(items), "");
  auto read = [](sqlite::ledger_pages& pages) { return pages.errors(); };
  const auto groups = co_await ask_ledger(asked.names[0], read);
  if (!groups) co_return storage_reply(groups.error());
  for (const sqlite::error_group& each : *groups) {
    const failure why = failure_from_word(each.code, "");
    json::array examples;
    for (const auto& [number, message] : each.examples)
      examples.push_back(
          json::object{{"po_number", core::to_utf8(number)}, {"message", core::to_utf8(message)}});
    items.push_back(json::object{{"code", each.code},
                                 {"count", each.count},
                                 {"meaning", std::string(meaning_of(why))},
                                 {"next_step", core::spelled(core::consequence_of(why.code).next_step)},
                                 {"examples", std::move(examples)}});
  }
  co_return page_reply(asked, query, std::move(items), "");
}

awaitable<reply> api::send_report(request& asked) {
  query_reader query(asked, {"format"});
  const std::string word = query.has("format") ? query.text("format") : "csv";
  const auto kind =
      std::find_if(report_kinds.begin(), report_kinds.end(), [&](const auto& e) { return e.word == word; });
  if (kind == report_kinds.end()) query.wrong("format", "expected csv, json, jsonl or xlsx");
  if (query.refused()) co_return refuse(*query.refused());
  if (desk_.find(asked.names[0]) == nullptr) co_return unknown_batch();
  if (!has_ledger(asked.names[0]))
    co_return refuse("wrong-state", "The batch has not begun yet; there is no report.");
  const std::filesystem::path file = folder_.incoming("report-" + new_mark() + "." + word);
  auto write = [this, file, id = asked.names[0]]() -> result<int> {
    if (auto written = write_batch_report(out_of(id), file); !written) return written.error();
    const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ::unlink(file.c_str());
    return opened;
  };
  const auto opened = co_await async::offload(desk_.readers(), write);
  if (!opened) co_return storage_reply(opened.error());
  os::unique_fd handle(*opened);
  struct stat facts {};
  if (!handle || ::fstat(handle.get(), &facts) != 0)
    co_return refuse("storage-failed", "The report cannot be read.");
  reply made;
  made.type = kind->type;
  made.fields.emplace_back("Content-Disposition", "attachment; filename=\"report." + word + "\"");
  made.stream = std::make_shared<file_body>(std::move(handle), 0, static_cast<std::uint64_t>(facts.st_size));
  co_return made;
}

}  // namespace pofetch::service
