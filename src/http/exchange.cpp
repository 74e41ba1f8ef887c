#include "http/exchange.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/retry_after.hpp"
#include "http/connector.hpp"
#include "http/redirect_policy.hpp"
#include "http/request_text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

namespace {

/// Rest of a body that is worth reading to save the connection, and how long for.
constexpr std::uint64_t worth_reading = 64U << 10;
constexpr std::chrono::milliseconds patience_for_rest{1'000};
/// Pause after a 429 that does not say how long.
constexpr std::chrono::milliseconds unnamed_pause{1'000};

bool is_repeatable(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

exchange::exchange(client_lane& lane, const http_request& request, body_sink& sink)
    : lane_(lane), request_(request), sink_(sink), method_(request.method), pipe_(sink, request.max_body) {
  limits_.connect = lane.config.connect_timeout;
  limits_.idle = lane.config.idle_timeout;
  limits_.request = lane.config.request_timeout;
}

awaitable<result<http_response>> exchange::run() {
  auto usable = check_method(request_.method);
  if (usable) usable = check_fields(request_.fields);
  if (usable) usable = enter(request_.url);
  if (!usable) co_return usable.error();
  for (;;) {
    auto answered = co_await ask();
    if (!answered) co_return answered.error();
    obey_server();
    const redirect_question question{head_.status,        method_, url_, head_.field("Location"), followed_,
                                     request_.stop_before};
    auto next = decide_redirect(question);
    if (!next) co_return next.error();
    if (!next->follow) break;
    co_await leave();
    ++followed_;
    method_ = std::move(next->method);
    auto entered = enter(std::move(next->url));
    if (!entered) co_return entered.error();
  }
  auto delivered = co_await deliver();
  if (!delivered) co_return delivered.error();
  co_return std::move(head_);
}

// --- one hop ---

result<void> exchange::enter(std::string url) {
  auto normal = core::normalize_url(url);
  if (!normal) return normal.error();
  auto origin = core::origin_of(*normal);
  if (!origin) return origin.error();
  url_ = std::move(*normal);
  origin_ = std::move(*origin);
  own_ = lane_.is_own(origin_);
  if (!first_origin_) first_origin_ = origin_;
  return {};
}

/// Sends the request and reads the head of the answer; once more if a kept-alive connection was dead.
awaitable<result<void>> exchange::ask() {
  bool fresh = false;
  for (;;) {
    auto obtained = co_await obtain(fresh);
    if (!obtained) co_return obtained;
    auto answered = co_await converse();
    if (answered) {
      take_head();
      co_return answered;
    }
    const bool was_dead = lease_.reused() && !heard_ && answered.error().code == errc::connection;
    lease_ = {};
    if (!was_dead || !is_repeatable(method_)) co_return answered;
    fresh = true;
  }
}

/// Waits for a turn and for a connection that may be used for this hop. Nobody holds a turn while the host
/// has asked for a pause.
awaitable<result<void>> exchange::obtain(bool fresh) {
  async::slow_down& pause = lane_.shared.pause_of(origin_.host);
  for (;;) {
    auto wait = pause.wait_from(steady::now());
    if (wait > steady::duration::zero()) co_await sleep(wait);
    auto granted = co_await lane_.pool.acquire(origin_, request_.urgent, fresh);
    lease_ = std::move(granted);
    if (pause.wait_from(steady::now()) == steady::duration::zero()) break;
    if (lease_.get() != nullptr) lease_.keep();
    lease_ = {};
  }
  if (!std::exchange(started_, true) && limits_.request.count() > 0)
    limits_.request_deadline = steady::now() + limits_.request;
  if (lease_.get() != nullptr && !may_connect(lease_.get()->kind(), facts())) lease_.drop();
  if (lease_.get() == nullptr) {
    const hop_facts hop = facts();
    auto opened = co_await open_connection(lane_, origin_, hop, limits_);
    if (!opened) {
      lease_ = {};
      co_return opened.error();
    }
    lease_.put(std::move(*opened));
  }
  note_connection();
  co_return result<void>{};
}

hop_facts exchange::facts() const {
  hop_facts hop;
  hop.own_origin = own_;
  hop.user_named = request_.user_named && followed_ == 0;
  hop.host_allowed =
      std::any_of(lane_.config.allow_hosts.begin(), lane_.config.allow_hosts.end(),
                  [this](const std::string& each) { return core::iequals(each, origin_.host); });
  hop.first_hop = first_hop_;
  hop.instance = lane_.instance;
  return hop;
}

void exchange::note_connection() {
  const auto kind = lease_.get()->kind();
  if (own_) lane_.instance = kind;
  if (followed_ == 0 && (own_ || request_.user_named)) first_hop_ = kind;
}

awaitable<result<void>> exchange::converse() {
  auto turn = lane_.shared.request_rate.book(steady::now());
  if (turn > steady::duration::zero()) co_await sleep(turn);
  connection& line = *lease_.get();
  compose(line.request_text());
  heard_ = false;
  lane_.requests.fetch_add(1, std::memory_order_relaxed);
  lane_.shared.requests.fetch_add(1, std::memory_order_relaxed);
  auto sent = co_await line.send(line.request_text(), limits_);
  if (!sent) co_return sent;
  auto answered = co_await read_head();
  co_return answered;
}

void exchange::compose(std::string& out) const {
  request_head head;
  head.method = method_;
  const std::string target = core::path_and_query(url_);
  const std::string host = core::host_header(origin_);
  head.target = target;
  head.host = host;
  head.user_agent = lane_.config.user_agent;
  head.accept_encoding = request_.urgent ? "gzip, deflate" : "identity";
  head.fields = request_.fields;
  if (own_) head.own_fields = lane_.config.own_fields;
  head.elsewhere = origin_ != *first_origin_;
  write_head(out, head);
  // Without an own origin cookies go by their domain, and over TLS only.
  if (own_ || (!lane_.own && origin_.scheme == "https")) {
    const std::size_t before = out.size();
    constexpr std::string_view label = "Cookie: ";
    out += label;
    lane_.shared.cookies.append_header(out, origin_, core::path_of(url_), std::chrono::system_clock::now());
    if (out.size() == before + label.size())
      out.resize(before);
    else
      out += "\r\n";
  }
  const bool same_request = method_ == request_.method;
  finish_head(out, method_, same_request ? std::string_view(request_.body) : std::string_view());
}

awaitable<result<void>> exchange::read_head() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  reader.start(method_ == "HEAD");
  while (!reader.has_head()) {
    auto got = co_await receive(limits_);
    if (!got) {
      auto why = got.error();
      // What is broken off before the head is no body cut short.
      if (why.code == errc::truncated) why.code = errc::connection;
      co_return why;
    }
    if (*got == 0)
      co_return make_failure(
          errc::connection, fmt::format("{} closed the connection {}", core::to_string(origin_),
                                        heard_ ? "within the header of its answer" : "instead of answering"));
    heard_ = true;
    auto used = reader.feed(line.received());
    if (!used) co_return about(used.error());
    line.consume(*used);
  }
  co_return result<void>{};
}

void exchange::take_head() {
  response_reader& reader = lease_.get()->reader();
  head_.status = reader.status();
  head_.url = url_;
  head_.fields = reader.take_fields();
  head_.content_length = reader.content_length();
  head_.decoded = false;
}

/// Cookies and pauses count whatever becomes of the answer.
void exchange::obey_server() {
  const auto now = std::chrono::system_clock::now();
  if (own_ || (!lane_.own && origin_.scheme == "https")) {
    const auto which = own_ ? cookie_jar::accept::all : cookie_jar::accept::renewals;
    for (const http_field& field : head_.fields)
      if (core::iequals(field.name, "Set-Cookie"))
        lane_.shared.cookies.store(field.value, origin_, core::path_of(url_), which, now);
  }
  if (head_.status != 429 && head_.status != 503) return;
  auto wait = core::parse_retry_after(head_.field("Retry-After"), now);
  if (!wait && head_.status == 429) wait = unnamed_pause;
  if (!wait) return;
  const auto obeyed = std::min(*wait, lane_.config.retry_after_cap);
  lane_.shared.pause_of(origin_.host).hold_until(steady::now() + obeyed);
}

// --- the body ---

/// Hands the final answer to the sink.
awaitable<result<void>> exchange::deliver() {
  auto begun = begin_body();
  if (!begun) {
    // A page that is not found must not cost a connection.
    co_await leave();
    co_return begun;
  }
  lease_.get()->reader().set_body_consumer(drop_body_ ? nullptr : &pipe_);
  auto pumped = co_await pump();
  if (pumped && !drop_body_) {
    pumped = pipe_.finish();
    if (!pumped) pumped = about(pumped.error());
  }
  lane_.give_back(pipe_.take_decoder());
  if (pumped)
    settle();
  else
    lease_ = {};
  co_return pumped;
}

result<void> exchange::begin_body() {
  const bool error_answer = head_.status >= 400;
  const bool has_body = !lease_.get()->reader().done();
  auto coding = coding_of(head_.field("Content-Encoding"));
  if (has_body && !coding && !error_answer) return about(coding.error());
  if (has_body && coding && *coding != content_coding::identity) {
    head_.decoded = true;
    pipe_.decode_with(lane_.take_decoder(), *coding);
  }
  drop_body_ = !coding;
  const bool too_large = has_body && head_.content_length.value_or(0) > request_.max_body;
  if (too_large && !error_answer)
    return make_failure(errc::too_large,
                        fmt::format("{}: the body of {} bytes is larger than the {} that are "
                                    "allowed",
                                    core::mask_url(url_), *head_.content_length, request_.max_body));
  auto begun = sink_.begin(head_);
  if (begun && too_large) return about(too_large_failure(request_.max_body));
  return begun;
}

/// Reads the body to its end.
awaitable<result<void>> exchange::pump() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  while (!reader.done()) {
    if (!line.received().empty()) {
      auto used = reader.feed(line.received());
      if (!used && pipe_.sink_refused()) co_return used.error();
      if (!used) co_return about(used.error());
      line.consume(*used);
      if (reader.done()) break;
    }
    auto got = co_await receive(limits_);
    if (!got) co_return cut_short(got.error());
    if (*got > 0) continue;
    auto ended = reader.feed_end();
    if (!ended) co_return about(ended.error());
  }
  co_return result<void>{};
}

/// Ends with an answer whose body nobody wants: reads a small rest for the sake of the connection.
awaitable<void> exchange::leave() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  lane_.give_back(pipe_.take_decoder());
  reader.set_body_consumer(nullptr);
  time_limits limits = limits_;
  limits.idle = std::min(limits.idle, patience_for_rest);
  limits.request_deadline = std::min(limits.request_deadline, steady::now() + patience_for_rest);
  const bool small = reader.done() ||
                     (!reader.ends_with_connection() && reader.content_length().value_or(0) <= worth_reading);
  while (small && !reader.done() && reader.body_bytes() <= worth_reading) {
    if (!line.received().empty()) {
      auto used = reader.feed(line.received());
      if (!used) break;
      line.consume(*used);
      if (reader.done()) break;
    }
    auto got = co_await receive(limits);
    if (!got || *got == 0) break;
  }
  settle();
}

/// The message is whole, or nobody cares: keeps the connection if it can be used again.
void exchange::settle() {
  connection* line = lease_.get();
  if (line != nullptr && line->reader().keep_alive() && line->received().empty()) lease_.keep();
  lease_ = {};
}

// --- helpers ---

awaitable<result<std::size_t>> exchange::receive(const time_limits& limits) {
  auto got = co_await lease_.get()->receive(limits);
  if (got && *got > 0) {
    lane_.shared.bytes_received.fetch_add(*got, std::memory_order_relaxed);
    if (lane_.shared.byte_rate.limits()) {
      auto wait = lane_.shared.byte_rate.book(steady::now(), static_cast<double>(*got));
      if (wait > steady::duration::zero()) co_await sleep(wait);
    }
  }
  co_return got;
}

awaitable<void> exchange::sleep(steady::duration span) {
  asio::steady_timer timer(lane_.executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

failure exchange::about(failure why) const {
  why.message = fmt::format("{}: {}", core::mask_url(url_), why.message);
  return why;
}

/// A failure of the connection in the middle of a body, with how much had come.
failure exchange::cut_short(failure why) const {
  const auto got = lease_.get()->reader().body_bytes();
  const std::string of = head_.content_length ? fmt::format(" of {}", *head_.content_length) : std::string();
  why.message = fmt::format("{}: {}; {}{} bytes had come", core::mask_url(url_), why.message, got, of);
  return why;
}

}  // namespace pofetch::http
