#include "service/webhooks/webhook_sender.hpp"

#include "core/mask_url.hpp"
#include "core/timestamp.hpp"
#include "core/url.hpp"
#include "service/server/identity.hpp"
#include "service/webhooks/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::service {

namespace {

constexpr std::chrono::seconds time_for_answer{10};
constexpr std::uint64_t most_of_answer = 64U << 10;
constexpr std::size_t most_at_once = 4;

/// Only the status counts.
class status_sink final : public body_sink {
 public:
  result<void> begin(const http_response& head) override {
    status = head.status;
    return {};
  }
  result<void> write(std::span<const std::byte>) override { return {}; }

  int status = 0;
};

http::client_config config_of(const webhook& about) {
  http::client_config made;
  made.ca_file = about.ca_file;
  made.allow_hosts = about.allow_hosts;
  made.max_connections = most_at_once;
  made.connect_timeout = time_for_answer;
  made.idle_timeout = time_for_answer;
  made.request_timeout = time_for_answer;
  // When it is tried again, we say.
  made.retry_after_cap = std::chrono::milliseconds{0};
  return made;
}

bool is_taken(int status) { return status >= 200 && status < 300; }

try_result result_of_status(int status) {
  try_result made;
  made.status = status;
  if (is_taken(status)) return made;
  made.error = status >= 300 && status < 400
                   ? fmt::format("it answered {}, and redirects are not followed", status)
                   : fmt::format("it answered {}", status);
  return made;
}

/// The address may itself be a secret, but for its host.
try_result result_of_failure(const failure& why, const webhook& about) {
  try_result made;
  made.is_final = why.code == errc::blocked_redirect;
  if (made.is_final) {
    made.error = "its address is not one of the open internet; allow-host in its section would allow it";
    return made;
  }
  made.error = core::mask_secrets_in_text(why.message);
  const auto origin = core::origin_of(about.url);
  const std::size_t path =
      origin ? about.url.find('/', std::string_view("https://").size()) : std::string::npos;
  const bool shows_path = path != std::string::npos && path + 1 < about.url.size() &&
                          made.error.find(about.url.substr(path)) != std::string::npos;
  if (shows_path) made.error = code_word(why);
  return made;
}

}  // namespace

result<std::unique_ptr<webhook_sender>> webhook_sender::make(parts from, const std::vector<webhook>& all) {
  std::unique_ptr<webhook_sender> made(new webhook_sender(std::move(from)));
  for (const webhook& each : all) {
    auto fresh = std::make_unique<target>(each);
    auto key = load_webhook_key(each.secret_file);
    if (!key)
      return make_failure(errc::config, fmt::format("[webhook.{}] {}", each.name, key.error().message));
    fresh->key = std::move(*key);
    fresh->config = config_of(each);
    auto trusted = fresh->trust.load(each.ca_file);
    if (!trusted)
      return make_failure(errc::config, fmt::format("[webhook.{}] {}", each.name, trusted.error().message));
    made->targets_.emplace(each.name, std::move(fresh));
  }
  return made;
}

std::vector<delivery> webhook_sender::messages(std::string_view type, const std::string& batch,
                                               const std::string& data) const {
  std::vector<delivery> all;
  const auto now = std::chrono::system_clock::now();
  for (const auto& [name, to] : targets_) {
    const auto& wanted = to->about.events;
    if (std::find(wanted.begin(), wanted.end(), type) == wanted.end()) continue;
    delivery one;
    one.id = "msg_" + new_batch_id(now);
    one.webhook = name;
    one.type = type;
    one.batch = batch;
    one.body = fmt::format(R"({{"type":"{}","timestamp":"{}","data":{}}})", type, core::rfc3339(now), data);
    one.created_at = one.next_try_at = now;
    all.push_back(std::move(one));
  }
  return all;
}

void webhook_sender::take(std::vector<delivery> kept) {
  for (delivery& each : kept) {
    const std::string id = each.id;
    pending_.emplace(id, entry{std::move(each)});
  }
  changed_.ring();
}

awaitable<> webhook_sender::run() {
  for (;;) {
    const auto next = start_due();
    co_await changed_.wait_until(next);
  }
}

std::chrono::steady_clock::time_point webhook_sender::start_due() {
  constexpr std::chrono::seconds longest_sleep{60};  // the system's clock may have been set meanwhile
  const auto now = std::chrono::system_clock::now();
  auto sleep = std::chrono::duration_cast<std::chrono::system_clock::duration>(longest_sleep);
  for (auto& [id, each] : pending_) {
    if (each.busy) continue;
    if (each.what.next_try_at > now) {
      sleep = std::min(sleep, each.what.next_try_at - now);
      continue;
    }
    const auto to = targets_.find(each.what.webhook);
    if (to != targets_.end() && to->second->busy >= most_at_once) continue;  // its end rings
    each.busy = true;
    if (to != targets_.end()) ++to->second->busy;
    parts_.tries.spawn(attempt(id));
  }
  return std::chrono::steady_clock::now() + sleep;
}

awaitable<> webhook_sender::attempt(std::string id) {
  entry& mine = pending_.at(id);
  const auto to = targets_.find(mine.what.webhook);
  try_result how;
  how.error = "there is no webhook of that name any more";
  how.is_final = true;
  if (to != targets_.end()) {
    how = co_await send(*to->second, mine.what);
    --to->second->busy;
  }
  parts_.tried(how.error.empty());
  note_try(mine.what, how, std::chrono::system_clock::now());
  const auto kept = co_await parts_.save(mine.what);
  static_cast<void>(kept);  // if not, it comes once more after the next start
  mine.busy = false;
  if (mine.what.state != delivery_state::pending) end_message(mine.what);
  changed_.ring();
}

void webhook_sender::end_message(const delivery& what) {
  if (what.state == delivery_state::failed)
    parts_.warn(fmt::format("webhook {}: {} of batch {} is given up after {} tries: {}.", what.webhook,
                            what.type, what.batch, what.tries, what.last_error));
  pending_.erase(pending_.find(what.id));
}

awaitable<try_result> webhook_sender::send(target& to, const delivery& what) {
  const auto timestamp =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  http_request request;
  request.method = "POST";
  request.url = to.about.url;
  request.body = what.body;
  request.fields = {{"Content-Type", "application/json"},
                    {"webhook-id", what.id},
                    {"webhook-timestamp", std::to_string(timestamp.count())},
                    {"webhook-signature", webhook_signature(to.key, what.id, timestamp, what.body)}};
  request.max_body = most_of_answer;
  request.stop_before = [](std::string_view) { return true; };
  auto client = http::client::make(parts_.executor, to.config, {to.limits, to.cookies, to.trust});
  if (!client) co_return result_of_failure(client.error(), to.about);
  status_sink sink;
  const auto answer = co_await (*client)->exchange(request, sink);
  (*client)->close();
  if (answer || is_taken(sink.status)) co_return result_of_status(answer ? answer->status : sink.status);
  co_return result_of_failure(answer.error(), to.about);
}

}  // namespace pofetch::service
