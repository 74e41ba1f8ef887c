// A new batch. Its list goes to incoming/ as it comes, is brought to disk and looked at; then its folder
// becomes that of a batch in one step, and the batch stands in the index before anybody is told of it.
#include "async/offload.hpp"
#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/timestamp.hpp"
#include "core/url.hpp"
#include "engine/source_facts.hpp"
#include "lists/po_list_reader.hpp"
#include "service/batches/batch_request.hpp"
#include "service/routes/api.hpp"
#include "service/server/identity.hpp"
#include "storage/bodies/hasher.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <span>

namespace pofetch::service {

namespace json = boost::json;

namespace {

struct list_type {
  std::string_view media;
  std::string_view file;
};
constexpr std::array<list_type, 8> list_types{{
    {"text/csv", "list.csv"},
    {"text/tab-separated-values", "list.tsv"},
    {"text/plain", "list.txt"},
    {"application/x-ndjson", "list.jsonl"},
    {"application/ndjson", "list.jsonl"},
    {"application/jsonl", "list.jsonl"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "list.xlsx"},
    {"application/json", "list.jsonl"},
}};
constexpr std::string_view json_type = "application/json";
constexpr std::size_t most_open = 1000;

std::string type_of(const request& asked) {
  const std::string_view value = asked.head.value("content-type");
  return core::to_lower(core::trim(value.substr(0, value.find(';'))));
}

const list_type* known_type(std::string_view media) {
  const auto found = std::find_if(list_types.begin(), list_types.end(),
                                  [&](const list_type& each) { return each.media == media; });
  return found == list_types.end() ? nullptr : &*found;
}

/// The SHA-256 that Content-Digest (RFC 9530) names; empty: it names none. Nothing: it cannot be read.
std::optional<std::string> announced_sha256(const request& asked) {
  const std::string* const field = asked.head.find("content-digest");
  if (field == nullptr) return std::string();
  constexpr std::string_view lead = "sha-256=:";
  for (const std::string_view part : core::split(*field, ',')) {
    const std::string_view item = core::trim(part);
    if (!core::istarts_with(item, lead)) continue;
    if (!item.ends_with(':') || item.size() <= lead.size()) return std::nullopt;
    auto digest = core::base64_decode(item.substr(lead.size(), item.size() - lead.size() - 1));
    if (!digest || digest->size() != 32) return std::nullopt;
    return digest;
  }
  return std::string();
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string sorted_query(const request& asked) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : asked.target.query) parts.push_back(name + "=" + value);
  std::sort(parts.begin(), parts.end());
  std::string made;
  for (const std::string& each : parts) made += each + "\n";
  return made;
}

problem unusable_list(std::string detail) {
  problem made;
  made.slug = "list-unusable";
  made.detail = std::move(detail);
  made.next_step = "Correct the list, or name its column of purchase orders with the option po_column.";
  return made;
}

/// The message as a client of the API understands it: it knows no path of this machine.
std::string without_path(std::string message, const std::string& path, const std::string& file) {
  for (std::size_t at = message.find(path); at != std::string::npos;
       at = message.find(path, at + file.size()))
    message.replace(at, path.size(), file);
  return message;
}

/// Hosts of a manifest that the profile does not allow. Nothing: all are.
std::optional<std::string> foreign_host(po_list& list, const profile& from) {
  for (;;) {
    const auto row = list.next();
    if (!row) return row.error().message;
    if (!*row) return std::nullopt;
    if ((*row)->url.empty()) continue;
    const auto origin = core::origin_of((*row)->url);
    const bool known =
        origin && std::any_of(from.manifest_hosts.begin(), from.manifest_hosts.end(), [&](const auto& each) {
          return core::iequals(each, origin->host) || core::iequals(each, core::host_header(*origin));
        });
    if (!known)
      return fmt::format("line {}: the profile allows no files from {}", (*row)->line,
                         origin ? origin->host : "this address");
  }
}

}  // namespace

/// A request on its way to a batch.
struct api::submission {
  batch_request wanted;
  batch_record record;
  const profile* from = nullptr;
  std::optional<kept_key> key;
  std::string fingerprint;
  std::string digest;
  bool is_json = false;
  bool settled = false;
};

awaitable<reply> api::submit(request& asked) {
  submission made;
  made.record.id = new_batch_id(std::chrono::system_clock::now());
  if (const std::string* const key = asked.head.find("idempotency-key")) {
    if (!is_key(*key))
      co_return refuse("bad-request", "Idempotency-Key: expected 1 to 255 visible characters.");
    made.key = kept_key{
        (asked.who == nullptr ? "" : asked.who->name) + std::string(" POST /v1/batches"), *key, {}, {}};
  }
  reply answer;
  std::string in_work;
  std::exception_ptr failed;
  try {
    answer = co_await receive(asked, made);
    if (!answer.refused && made.key) answer = co_await replay(made);
    // Nothing may be awaited between the look at what is in work and this.
    if (!answer.refused && answer.status == 200) {
      if (made.key) in_work = made.key->scope + "\n" + made.key->key;
      if (!in_work.empty()) in_flight_[in_work] = made.fingerprint;
      answer = co_await examine(made);
      if (!answer.refused) answer = co_await accept(made);
    }
  } catch (...) {
    failed = std::current_exception();
  }
  if (!in_work.empty()) in_flight_.erase(in_work);
  if (!made.settled) folder_.discard(made.record.id);
  if (failed) std::rethrow_exception(failed);
  co_return answer;
}

/// What has been sent before under the same key. A reply with 200: nothing.
awaitable<reply> api::replay(submission& made) {
  const auto known = co_await desk_.find_key(made.key->scope, made.key->key);
  if (!known) co_return storage_reply(known.error());
  const auto working = in_flight_.find(made.key->scope + "\n" + made.key->key);
  const bool in_work = working != in_flight_.end();
  const std::string& other = *known ? (*known)->fingerprint : (in_work ? working->second : made.fingerprint);
  if (other != made.fingerprint)
    co_return refuse("idempotency-key-reused",
                     "This Idempotency-Key was used for a request with another body or query.");
  reply nothing;
  if (!*known && !in_work) co_return nothing;
  problem wait{"request-in-progress", "The first request with this key is still being worked on."};
  wait.retry_after = std::chrono::seconds{1};
  if (!*known) co_return refuse(std::move(wait));
  const auto batch = desk_.find((*known)->batch);
  if (batch == nullptr) co_return refuse("not-found", "The batch that this request made is gone.");
  reply again = batch_reply(*batch, 201);
  again.fields.emplace_back("Location", "/v1/batches/" + batch->record.id);
  again.fields.emplace_back("Idempotency-Replayed", "true");
  co_return again;
}

awaitable<reply> api::receive(request& asked, submission& made) {
  const std::string media = type_of(asked);
  const list_type* const type = known_type(media);
  if (type == nullptr)
    co_return refuse("unsupported-media-type",
                     "Give JSON, or a list as CSV, TSV, plain text, JSON Lines or XLSX.");
  made.is_json = media == json_type;
  made.record.list_file = type->file;
  const std::uint64_t most = made.is_json ? max_json_bytes : options_.max_list;
  if (asked.head.length > most)
    co_return refuse("too-large", fmt::format("At most {} bytes are taken.", most));
  problem busy{"too-many-batches", "1,000 batches are open.", "Wait until some have ended."};
  busy.retry_after = std::chrono::seconds{60};
  if (desk_.open_count() >= most_open) co_return refuse(std::move(busy));
  problem full{"disk-full", "Less space is free than --min-free asks for."};
  const std::uint64_t space = folder_.free_bytes();
  if (space < options_.min_free || space - options_.min_free < asked.head.length)
    co_return refuse(std::move(full));
  if (made.is_json) {
    const query_reader query(asked, {});
    if (query.refused()) co_return refuse(*query.refused());
  } else {
    read_request read = request_of_query(asked.target.query);
    if (read.refused) co_return refuse(std::move(*read.refused));
    made.wanted = std::move(read.request);
  }
  reply answer = co_await receive_list(asked, made);
  if (answer.refused) co_return answer;
  made.fingerprint = sha256(media + "\n" + sorted_query(asked) + made.digest);
  const auto announced = announced_sha256(asked);
  if (!announced || (!announced->empty() && *announced != made.digest))
    co_return refuse("digest-mismatch", "Content-Digest is not that of the body that came.");
  if (made.key) {
    made.key->fingerprint = core::to_hex(made.fingerprint);
    made.fingerprint = made.key->fingerprint;
    made.key->batch = made.record.id;
  }
  co_return answer;
}

awaitable<reply> api::receive_list(request& asked, submission& made) {
  reply good;
  const std::string& id = made.record.id;
  if (auto begun = folder_.begin(id); !begun) co_return storage_reply(begun.error());
  auto file = spool_file::create(folder_.incoming(id) / made.record.list_file);
  auto hash = storage::hasher::make(digest_algorithm::sha256);
  if (!file) co_return storage_reply(file.error());
  if (!hash) co_return storage_reply(hash.error());
  const std::uint64_t most = made.is_json ? max_json_bytes : options_.max_list;
  std::uint64_t size = 0;
  std::string body;
  for (;;) {
    const upload::piece got = co_await asked.incoming->next();
    if (!got.slug.empty()) co_return refuse(got.slug, "");
    if (got.bytes.empty()) break;
    size += got.bytes.size();
    if (size > most) co_return refuse("too-large", fmt::format("At most {} bytes are taken.", most));
    auto hashed = hash->update(std::as_bytes(std::span(got.bytes)));
    auto written = hashed;
    if (made.is_json)
      body += got.bytes;
    else
      written = file->write(got.bytes);
    if (!written) co_return storage_reply(written.error());
  }
  made.digest = hash->digest();
  if (made.is_json) {
    auto read_it = [&body] { return request_of_json(body); };
    read_request read = co_await async::offload(desk_.readers(), read_it);
    if (read.refused) co_return refuse(std::move(*read.refused));
    made.wanted = std::move(read.request);
    auto written = file->write(made.wanted.list);
    if (!written) co_return storage_reply(written.error());
  } else if (size == 0) {
    co_return refuse(unusable_list("The list is empty."));
  }
  auto finish = [&file] { return file->finish(); };
  const result<void> finished = co_await async::offload(desk_.readers(), finish);
  if (!finished) co_return storage_reply(finished.error());
  co_return good;
}

/// Can the list be used, by a profile that there is?
awaitable<reply> api::examine(submission& made) {
  std::string why;
  made.from = choose_profile(options_.profiles, made.wanted, why);
  problem wrong{made.is_json ? "invalid-member" : "invalid-parameter", "profile: " + why + "."};
  wrong.errors.push_back({made.is_json ? "/profile" : "profile", why});
  if (made.from == nullptr) co_return refuse(std::move(wrong));
  batch_record& record = made.record;
  record.name = made.wanted.name;
  record.labels = made.wanted.labels;
  record.urgency = made.wanted.urgency;
  record.plans = made.wanted.plans;
  record.options = made.wanted.options;
  record.profile = made.from->name;
  record.source = to_string(made.from->access.source);
  record.created_at = record.queued_at = std::chrono::system_clock::now();
  const batch_options engine = options_for(record, *made.from, folder_.incoming(record.id));
  lists::list_options how;
  how.input = engine.input;
  how.sheet = engine.sheet;
  how.po_column = engine.po_column;
  how.supplier_column = engine.supplier_column;
  how.folder_columns = engine.folder_columns;
  const bool manifest = engine::facts_of(record.source).names_files;
  how.kind = manifest ? lists::list_kind::manifest : lists::list_kind::purchase_orders;
  auto look = [&how, &made, manifest]() -> result<std::vector<std::string>> {
    auto list = lists::open_po_list(how);
    if (!list) return list.error();
    auto columns = (*list)->columns();
    if (!manifest) return columns;
    if (auto foreign = foreign_host(**list, *made.from)) return make_failure(errc::input, *foreign);
    return columns;
  };
  const auto columns = co_await async::offload(desk_.readers(), look);
  reply good;
  if (columns) record.columns = *columns;
  if (columns) co_return good;
  co_return refuse(unusable_list(without_path(columns.error().message, engine.input, record.list_file)));
}

awaitable<reply> api::accept(submission& made) {
  const batch_record& record = made.record;
  const json::object job{{"id", record.id},
                         {"name", record.name},
                         {"source", record.source},
                         {"profile", record.profile},
                         {"list", record.list_file},
                         {"options", record.options},
                         {"created_at", core::rfc3339(record.created_at)}};
  auto settle = [this, &job, &record]() -> result<void> {
    auto file = spool_file::create(folder_.incoming(record.id) / "job.json");
    if (!file) return file.error();
    if (auto written = file->write(json::serialize(job) + "\n"); !written) return written;
    if (auto finished = file->finish(); !finished) return finished;
    return folder_.settle(record.id);
  };
  const result<void> done = co_await async::offload(desk_.readers(), settle);
  if (!done) co_return storage_reply(done.error());
  made.settled = true;
  const std::string id = record.id;
  const auto batch = co_await desk_.add(record, made.key);
  if (!batch) {
    static_cast<void>(folder_.remove(id, false));
    co_return storage_reply(batch.error());
  }
  reply answer = batch_reply(**batch, 201);
  answer.fields.emplace_back("Location", "/v1/batches/" + id);
  co_return answer;
}

}  // namespace pofetch::service
