#include "objects/object_store.hpp"

#include "async/task_group.hpp"
#include "core/encoding.hpp"
#include "core/file_name.hpp"
#include "core/percent.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "objects/placing.hpp"
#include "objects/probe.hpp"
#include "objects/spool_folder.hpp"
#include "objects/xml_text.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace pofetch::objects {

namespace {

failure reads_only() {
  return make_failure(errc::permission, "The object store was opened for reading only.");
}

failure no_object(const std::string& key) {
  return make_failure(errc::not_found, fmt::format("The object {} is not there.", key));
}

/// What a body of the spool becomes.
result<outgoing> outgoing_of(const placing& what, std::string key) {
  const auto* part = dynamic_cast<const storage::part_file*>(what.body);
  if (part == nullptr)
    return make_failure(errc::internal, "A body that is not this store's was to be placed.");
  if (auto needed = what.body->require(digest_algorithm::sha256); !needed) return needed.error();
  outgoing made;
  made.key = std::move(key);
  made.name = what.name;
  made.po = what.po;
  made.media_type = what.media_type;
  made.file = part->handle();
  made.size = part->size();
  made.sha256 = core::to_hex(part->digest(digest_algorithm::sha256));
  made.how = what.how;
  return made;
}

/// Bodies that are placed side by side: several who take the next one.
struct placing_work {
  store_client& to;
  std::span<const placing> all;
  std::vector<outgoing> made;
  std::vector<result<file_facts>>& placed;
  bool conditions;
  std::size_t next = 0;
  std::optional<failure> lost{};
};

awaitable<> place_some(placing_work& work) {
  while (!work.lost && work.next < work.all.size()) {
    const std::size_t at = work.next++;
    auto placed = co_await put_object(work.to, work.made[at], work.conditions);
    if (!placed && is_of_store(placed.error()))
      work.lost = placed.error();
    else
      work.placed[at] = std::move(placed);
  }
}

}  // namespace

result<void> check_output(const std::filesystem::path& out, const object_store_options& options,
                          const pool_config& pool) {
  const auto where = parse_output(out);
  if (!where) return where.error();
  if (auto place = place_of(where->bucket, options.endpoint, options.region); !place) return place.error();
  if (options.endpoint.starts_with("http:") && !pool.allow_http)
    return core::refused(
        core::spelled("@s3_endpoint is plain HTTP; only https is used (@allow_http allows "
                      "plain HTTP to loopback addresses)."));
  if (pool.dedupe)
    return core::refused(core::spelled("@dedupe needs a file system: an object store has no hard links."));
  if (pool.folder_status)
    return core::refused(
        core::spelled("@folder_status needs a file system: an object store cannot rename folders."));
  return {};
}

object_store::object_store(std::unique_ptr<store_client> client) : client_(std::move(client)) {}

object_store::~object_store() = default;

result<std::unique_ptr<object_store>> object_store::open(store_setup setup, bool to_write) {
  auto client = store_client::make(std::move(setup));
  if (!client) return client.error();
  std::unique_ptr<object_store> made(new object_store(std::move(*client)));
  if (!to_write) return made;
  if (auto opened = made->open_spool(); !opened) return opened.error();
  auto holds = made->client_->wait_for(probe_conditions(*made->client_));
  if (!holds) return holds.error();
  made->conditions_ = *holds;
  return made;
}

result<void> object_store::open_spool() {
  const store_setup& setup = client_->setup();
  auto folder = make_spool_folder(setup.options, setup.where);
  if (!folder) return folder.error();
  // What is lost of it is fetched again.
  auto spool = storage::file_store::open(*folder, durability::none, true);
  if (!spool) return spool.error();
  spool_ = std::move(*spool);
  return {};
}

std::string object_store::key_of(std::string_view folder, std::string_view name) const {
  return client_->setup().where.key_of(fmt::format("{}/{}", folder, name));
}

result<void> object_store::put_own(const std::string& name, const std::filesystem::path& from) {
  object_request request;
  request.method = "PUT";
  request.key = client_->setup().where.key_of(name);
  auto file = open_to_send(from, request);
  if (!file) return file.error();
  request.fields.push_back({"Content-Type", "text/csv; charset=utf-8"});
  auto answer = client_->wait_for(client_->send(request));
  if (!answer) return unreachable(*client_, answer.error());
  return answer->good() ? result<void>() : result<void>(refusal(*client_, *answer, "write an object"));
}

result<std::unique_ptr<partial_file>> object_store::create() {
  if (!spool_) return reads_only();
  auto body = spool_->create();
  // The store checks it on arrival, whatever the report is to have.
  if (body)
    if (auto counted = (*body)->require(digest_algorithm::sha256); !counted) return counted.error();
  return body;
}

std::size_t object_store::most_bodies() const { return spool_ ? spool_->most_bodies() : 0; }

std::size_t object_store::longest_name() const { return core::max_name_bytes; }

result<std::vector<std::string>> object_store::list(std::string_view folder) {
  if (!contested_.contains(folder)) return std::vector<std::string>();
  return client_->wait_for(list_names(std::string(folder)));
}

awaitable<result<std::vector<std::string>>> object_store::list_names(std::string folder) {
  std::vector<std::string> names;
  std::string token;
  do {
    object_request request;
    const std::string prefix = key_of(folder, "");
    request.query = {{"list-type", "2"}, {"prefix", prefix}, {"delimiter", "/"}, {"encoding-type", "url"}};
    if (!token.empty()) request.query.emplace_back("continuation-token", token);
    auto answer = co_await client_->send(request);
    if (!answer) co_return unreachable(*client_, answer.error());
    if (!answer->good()) co_return refusal(*client_, *answer, "list objects");
    for (const std::string_view each : elements(answer->body, "Contents")) {
      const std::string key = core::decode_percent(element_text(each, "Key"));
      if (key.starts_with(prefix)) names.push_back(key.substr(prefix.size()));
    }
    token = element_text(answer->body, "NextContinuationToken");
  } while (!token.empty());
  co_return names;
}

result<file_facts> object_store::place(partial_file& body, std::string_view folder, std::string_view name,
                                       placement how) {
  const placing one{&body, std::string(folder), std::string(name), how};
  auto placed = place_all({&one, 1});
  if (!placed) return placed.error();
  return std::move(placed->front());
}

result<std::vector<result<file_facts>>> object_store::place_all(std::span<const placing> all) {
  if (!spool_) return reads_only();
  window_.clear();
  std::vector<result<file_facts>> placed(all.size());
  auto ended = client_->wait_for(place_side_by_side(all, placed));
  if (!ended) return ended.error();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!placed[i] && placed[i].error().code == errc::exists) contested_.insert(all[i].folder);
    // A note that stays belongs to no body any more, and is swept by the next run.
    if (placed[i]) static_cast<void>(all[i].body->forget());
  }
  return placed;
}

awaitable<result<void>> object_store::place_side_by_side(std::span<const placing> all,
                                                         std::vector<result<file_facts>>& placed) {
  placing_work work{*client_, all, {}, placed, conditions_};
  for (const placing& each : all) {
    auto made = outgoing_of(each, key_of(each.folder, each.name));
    if (!made) co_return made.error();
    work.made.push_back(std::move(*made));
  }
  async::task_group group(client_->context().get_executor());
  const std::size_t hands = std::min(all.size(), store_client::most_connections);
  for (std::size_t i = 0; i < hands; ++i) group.spawn(place_some(work));
  co_await group.join();
  if (work.lost) co_return *work.lost;
  co_return result<void>();
}

result<file_facts> object_store::stat(std::string_view folder, std::string_view name) {
  return client_->wait_for(look_at(key_of(folder, ""), key_of(folder, name)));
}

awaitable<result<file_facts>> object_store::look_at(std::string folder_key, std::string key) {
  if (!window_.covers(key)) {
    auto loaded = co_await window_.load(*client_, std::move(folder_key));
    if (!loaded) co_return loaded.error();
  }
  if (auto found = window_.find(key)) co_return *found;
  object_request request;
  request.method = "HEAD";
  request.key = std::move(key);
  auto answer = co_await client_->send(request);
  if (!answer) co_return unreachable(*client_, answer.error());
  if (answer->status == 404) co_return no_object(request.key);
  if (!answer->good()) co_return refusal(*client_, *answer, "look at an object");
  co_return facts_of(*answer);
}

result<std::string> object_store::sha256(std::string_view folder, std::string_view name,
                                         const std::function<bool()>& stopped) {
  auto digest = storage::hasher::make(digest_algorithm::sha256);
  if (!digest) return digest.error();
  object_request request;
  request.key = key_of(folder, name);
  const body_receiver add = [&](std::span<const std::byte> bytes) -> result<void> {
    if (stopped && stopped())
      return make_failure(errc::cancelled, fmt::format("stopped while the object {} was read", request.key));
    return digest->update(bytes);
  };
  auto answer = client_->wait_for(client_->send(request, &add));
  if (!answer) return unreachable(*client_, answer.error());
  if (answer->status == 404) return no_object(request.key);
  if (!answer->good()) return refusal(*client_, *answer, "read an object");
  return core::to_hex(digest->digest());
}

result<std::size_t> object_store::sweep() {
  return spool_ ? spool_->sweep() : result<std::size_t>(reads_only());
}

std::optional<left_body> object_store::take_left(std::string_view owner) {
  auto left = spool_ ? spool_->take_left(owner) : std::nullopt;
  if (left && !left->body->require(digest_algorithm::sha256)) return std::nullopt;
  return left;
}

result<std::size_t> object_store::drop_left() {
  return spool_ ? spool_->drop_left() : result<std::size_t>(reads_only());
}

}  // namespace pofetch::objects
