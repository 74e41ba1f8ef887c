#include "service/server/connection.hpp"

#include "core/ascii.hpp"
#include "http/io_result.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/server/connection_body.hpp"
#include "service/server/heads/reply_head.hpp"
#include "service/server/identity.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

namespace pofetch::service {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds head_time{10};
constexpr std::chrono::seconds idle_time{60};
constexpr std::chrono::seconds stall_time{30};
constexpr std::chrono::seconds drain_time{2};
constexpr std::size_t head_room = 2048;
constexpr std::size_t drain_bytes = 64U << 10;

/// Counts up while it lives.
class counted {
 public:
  explicit counted(std::size_t& count) noexcept : count_(count) { ++count_; }
  ~counted() { --count_; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;

 private:
  std::size_t& count_;
};

bool is_api(const request& asked) {
  return !asked.target.segments.empty() && asked.target.segments.front() == "v1";
}

std::string_view bearer_of(const request_head& head) {
  constexpr std::string_view lead = "bearer ";
  const std::string_view value = head.value("authorization");
  return core::istarts_with(value, lead) ? core::trim(value.substr(lead.size())) : std::string_view{};
}

constexpr std::string_view event_stream_type = "text/event-stream";

/// The client says itself how long it wants to wait.
bool is_long_poll(const request& asked) {
  const auto is_wait = [](const auto& each) { return each.first == "wait"; };
  return std::any_of(asked.target.query.begin(), asked.target.query.end(), is_wait);
}

/// The media type alone, in lower case.
std::string media_type_of(const request_head& head) {
  const std::string_view value = head.value("content-type");
  return core::to_lower(core::trim(value.substr(0, value.find(';'))));
}

bool is_json_type(const request& asked) {
  const std::string type = media_type_of(asked.head);
  return type == "application/json" ||
         (asked.head.method == "PATCH" && type == "application/merge-patch+json");
}

}  // namespace

bool allowance::take(time_point now) noexcept {
  const double passed = std::chrono::duration<double>(now - filled_).count();
  left_ = std::min(requests_per_second, left_ + passed * requests_per_second);
  filled_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

connection::connection(client_stream stream, bool local, server_core& core)
    : stream_(std::move(stream)),
      local_(local),
      core_(core),
      patience_(stream_.get_executor(), [this] { stream_.cancel(); }) {}

awaitable<> connection::run() {
  const counted here(core_.clients);
  patience_.expire_after(head_time);
  bool first = true;
  bool more = co_await stream_.open();
  lingers_ = !more && !patience_.expired();
  while (more) {
    const std::size_t size = co_await next_head(first);
    if (size == 0) break;
    std::string head = buffer_.substr(0, size);
    buffer_.erase(0, size);
    const counted working(core_.busy);
    more = co_await serve(std::move(head));
    first = false;
  }
  stream_.end_sending();
  if (lingers_) co_await drain();
  stream_.close();
}

awaitable<bool> connection::read_more(std::size_t room) {
  const std::size_t before = buffer_.size();
  // Its end may have come while nobody waited for bytes.
  if (patience_.expired()) co_return false;
  buffer_.resize(before + room);
  const std::span<char> space(buffer_.data() + before, room);
  const std::size_t count = co_await stream_.read_some(space);
  buffer_.resize(before + count);
  co_return count > 0;
}

awaitable<std::size_t> connection::next_head(bool first) {
  if (!first && buffer_.empty()) patience_.expire_after(idle_time);
  bool begun = false;
  std::size_t looked = 0;
  std::size_t found = 0;
  std::string_view refused;
  for (;;) {
    // An empty line before the first one is passed over (RFC 9112 2.2).
    if (looked == 0 && buffer_.starts_with("\r\n")) buffer_.erase(0, 2);
    if (!buffer_.empty() && !begun) {
      begun = true;
      if (!first) patience_.expire_after(head_time);
    }
    for (; looked < buffer_.size() && found == 0; ++looked) {
      if (buffer_[looked] != '\n') continue;
      if (looked == 0 || buffer_[looked - 1] != '\r') refused = "bad-request";
      if (looked >= 3 && buffer_.compare(looked - 3, 4, "\r\n\r\n") == 0) found = looked + 1;
      if (!refused.empty()) break;
    }
    if (found == 0 && buffer_.size() > max_head_bytes) refused = "head-too-large";
    if (found > max_head_bytes) refused = "head-too-large";
    if (found != 0 || !refused.empty()) break;
    const bool more = co_await read_more(head_room);
    if (more) continue;
    if (begun && patience_.expired()) refused = "request-timeout";
    break;
  }
  patience_.disarm();
  if (refused.empty()) co_return found;
  lingers_ = true;
  request nothing;
  nothing.id = new_mark();
  reply answer = refuse(refused, refused == "bad-request" ? "A line of the head does not end in CR LF." : "");
  count(nothing, answer, {});
  const bool sent = co_await send(nothing, answer, false);
  static_cast<void>(sent);
  co_return 0;
}

awaitable<bool> connection::serve(std::string head_text) {
  const auto began = std::chrono::steady_clock::now();
  request asked;
  asked.id = new_mark();
  head_reading read = read_head(head_text);
  if (!read.good()) {
    reply refusal = refuse(read.refused.slug, std::move(read.refused.detail));
    count(asked, refusal, {});
    asked.head.method = "GET";
    lingers_ = true;
    const bool sent = co_await send(asked, refusal, false);
    static_cast<void>(sent);
    co_return false;
  }
  asked.head = std::move(read.head);
  body incoming(*this, asked.head);
  const std::uint64_t limit = std::max<std::uint64_t>(core_.max_list, max_json_bytes);
  reply made;
  if (incoming.begin(head_text, limit)) {
    made = co_await answer(asked, incoming);
  } else {
    broken_ = true;
    made = refuse(
        asked.head.framing == body_framing::length && asked.head.length > limit ? "too-large" : "bad-request",
        "");
  }
  count(asked, made, began);
  const bool keep = asked.head.keep_alive && !broken_ && incoming.at_end() && !core_.ending;
  const bool sent = co_await send(asked, made, keep);
  lingers_ = sent && (broken_ || !incoming.at_end()) && !incoming.is_awaited();
  co_return sent&& keep;
}

void connection::count(const request& asked, const reply& made,
                       std::chrono::steady_clock::time_point began) const {
  if (core_.metrics == nullptr) return;
  service_metrics::http_answer what;
  if (asked.way != nullptr) what.route = asked.way->pattern;
  what.method = asked.head.method;
  what.status = made.refused ? kind_of_problem(made.refused->slug).status : made.status;
  const bool says_much = made.type != event_stream_type && !is_long_poll(asked);
  if (asked.handled && says_much) what.took = std::chrono::steady_clock::now() - began;
  core_.metrics->answered(what);
  if (made.refused && !asked.handled) core_.metrics->refused(made.refused->slug);
}

/// Somebody who still sends would not see the answer if the connection went at once.
awaitable<> connection::drain() {
  std::size_t seen = 0;
  const auto until = std::chrono::steady_clock::now() + drain_time;
  buffer_.clear();
  patience_.expire_at(until);
  while (seen < drain_bytes) {
    const bool more = co_await read_more(head_room);
    if (!more) break;
    seen += buffer_.size();
    buffer_.clear();
  }
  patience_.disarm();
}

/// What can be said without knowing the route. An empty reply: go on.
reply connection::check(request& asked) const {
  if (!local_) {
    const host_verdict verdict = check_host(asked.head.value("host"), core_.names);
    if (verdict == host_verdict::malformed) return refuse("bad-request", "The field Host names no host.");
    if (verdict == host_verdict::unknown) {
      problem what{
          "host-not-allowed", "The name in Host is not one of this service.",
          "Use an IP address or localhost, or start the service with --public-url and this address."};
      return refuse(std::move(what));
    }
  }
  auto target = read_target(asked.head.target);
  if (!target)
    return refuse("bad-request", "The address holds an escape, a segment or a parameter that is none.");
  asked.target = std::move(*target);
  if (is_api(asked) && !same_site(asked.head, core_.names, stream_.is_secret()))
    return refuse("cross-site", "The request comes from a page of another site; --public-url names our own.");
  return {};
}

/// Who is it, and may they? An empty reply: go on.
reply connection::admit(request& asked, const route& way) {
  if (core_.tokens == nullptr || way.needs == scope::none) return {};
  const std::string_view text = bearer_of(asked.head);
  // The list may be read anew while the request is answered.
  if (!text.empty()) asked.who = {core_.tokens, find_token(*core_.tokens, text)};
  if (asked.who == nullptr) {
    reply refused = refuse("unauthorized", "Give a token: Authorization: Bearer TOKEN.");
    refused.fields.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
  }
  if (!allows(*asked.who, way.needs))
    return refuse("scope-missing",
                  "This needs a token with the scope " + std::string(to_string(way.needs)) + ".");
  if (!core_.allowances[asked.who->name].take(std::chrono::steady_clock::now())) {
    problem what{"too-many-requests", "A token may be used for 100 requests a second."};
    what.retry_after = std::chrono::seconds{1};
    return refuse(std::move(what));
  }
  return {};
}

awaitable<reply> connection::answer(request& asked, body& incoming) {
  constexpr std::chrono::milliseconds guess_time{50};
  reply made = check(asked);
  if (made.refused) co_return made;
  const auto way = core_.routes.find(asked.head.method, asked.target.segments);
  if (asked.head.method == "OPTIONS") {
    const bool all = asked.head.target == "*";
    if (!all && way.allow.empty()) co_return refuse("not-found", "");
    made.status = 204;
    made.fields.emplace_back("Allow", all ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : way.allow);
    co_return made;
  }
  if (way.allow.empty()) co_return refuse("not-found", "");
  if (way.what == nullptr) {
    made = refuse("method-not-allowed", "It takes " + way.allow + ".");
    made.fields.emplace_back("Allow", way.allow);
    co_return made;
  }
  asked.names = way.names;
  asked.way = way.what;
  made = admit(asked, *way.what);
  if (made.refused) {
    if (made.refused->slug == "unauthorized") {
      asio::steady_timer wait(stream_.get_executor(), guess_time);
      const auto [error] = co_await wait.async_wait(http::as_result);
      static_cast<void>(error);
    }
    co_return made;
  }
  if (core_.ending && way.what->needs != scope::none) {
    problem what{"shutting-down", "The service is about to end."};
    what.retry_after = std::chrono::seconds{5};
    co_return refuse(std::move(what));
  }
  made = co_await with_body(asked, *way.what, incoming);
  co_return made;
}

awaitable<reply> connection::with_body(request& asked, const route& way, body& incoming) {
  reply made;
  const bool has_body = asked.head.framing != body_framing::none;
  if (way.body == takes::nothing && has_body) co_return refuse("too-large", "No body is taken here.");
  if (way.body == takes::json && has_body) {
    if (!is_json_type(asked))
      co_return refuse("unsupported-media-type", "The body must be application/json.");
    if (asked.head.length > max_json_bytes) co_return refuse("too-large", "JSON may have 1 MiB.");
    while (!incoming.at_end()) {
      const upload::piece got = co_await incoming.next();
      if (!got.slug.empty()) co_return refuse(got.slug, "");
      asked.body += got.bytes;
      if (asked.body.size() > max_json_bytes) co_return refuse("too-large", "JSON may have 1 MiB.");
    }
  }
  asked.incoming = &incoming;
  asked.handled = true;
  try {
    made = co_await way.handle(asked);
  } catch (const boost::system::system_error&) {
    throw;
  } catch (const std::exception&) {
    made = refuse("internal", "Please report it.");
  }
  co_return made;
}

awaitable<bool> connection::write(std::string_view bytes) {
  bool good = true;
  while (good && !bytes.empty()) {
    patience_.expire_after(stall_time);
    const std::size_t count = co_await stream_.write_some(bytes);
    good = count > 0;
    bytes.remove_prefix(count);
  }
  patience_.disarm();
  co_return good;
}

awaitable<bool> connection::send(const request& asked, const reply& what, bool keep) {
  const bool head_only = asked.head.method == "HEAD";
  const bool streams = what.stream != nullptr && !what.refused;
  const bool chunked = streams && !what.stream->length() && !asked.head.http_1_0;
  const bool until_close = streams && !what.stream->length() && asked.head.http_1_0;
  std::string bytes = reply_text(asked, what, keep && !until_close, chunked);
  bool good = co_await write(bytes);
  bytes = std::string();
  if (good && streams && !head_only) good = co_await send_stream(what, chunked);
  co_return good&& keep && !until_close;
}

awaitable<client_stream::file_step> connection::send_file(body_stream& what) {
  using step = client_stream::file_step;
  file_rest* const rest = what.in_file();
  step made = rest == nullptr || rest->left == 0 ? step::impossible : step::sent;
  while (made == step::sent && rest->left > 0) {
    patience_.expire_after(stall_time);
    made = co_await stream_.send_file(*rest);
  }
  patience_.disarm();
  co_return made;
}

awaitable<bool> connection::send_stream(const reply& what, bool chunked) {
  std::string piece;
  bool good = true;
  const bool waits_long = what.type == event_stream_type;
  if (waits_long) buffer_.shrink_to_fit();
  const auto as_file = co_await send_file(*what.stream);
  if (as_file != client_stream::file_step::impossible) co_return as_file == client_stream::file_step::sent;
  for (;;) {
    piece.clear();
    if (waits_long) piece.shrink_to_fit();
    const body_stream::state state = co_await what.stream->next(piece);
    if (state == body_stream::state::broken) {
      good = false;
      break;
    }
    if (!piece.empty()) {
      if (chunked) piece = as_chunk(piece);
      good = co_await write(piece);
    }
    if (!good && patience_.expired() && waits_long && core_.metrics != nullptr) core_.metrics->stream_cut();
    if (!good || state == body_stream::state::end) break;
  }
  constexpr std::string_view last_chunk = "0\r\n\r\n";
  if (good && chunked) good = co_await write(last_chunk);
  co_return good;
}

}  // namespace pofetch::service
