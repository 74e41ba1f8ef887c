// One hop of an exchange: from the wait for a turn to the head of the answer.
#include "core/ascii.hpp"
#include "core/retry_after.hpp"
#include "http/connector.hpp"
#include "http/exchange.hpp"
#include "http/request_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::http {

using steady = std::chrono::steady_clock;

namespace {

/// Pause after a 429 that does not say how long.
constexpr std::chrono::milliseconds unnamed_pause{1'000};

bool is_repeatable(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

/// Sends the request and reads the head of the answer; once more if a kept-alive connection was dead.
awaitable<result<void>> exchange::ask() {
  bool fresh = false;
  for (;;) {
    auto obtained = co_await obtain(fresh);
    if (!obtained) co_return obtained;
    const bool begins = co_await await_start();
    if (!begins) continue;
    auto answered = co_await converse();
    if (answered) {
      take_head();
      co_return answered;
    }
    if (answered.error().code == errc::timeout) line_->load.tell_silence(steady::now());
    const bool was_dead = lease_.reused() && !heard_ && answered.error().code == errc::connection;
    lease_ = {};
    if (!was_dead || !is_repeatable(method_)) co_return answered;
    fresh = true;
  }
}

/// Waits for a turn and for a connection that may be used for this hop. Nobody holds a turn while the host
/// has asked for a pause.
awaitable<result<void>> exchange::obtain(bool fresh) {
  host_load& load = line_->load;
  for (;;) {
    // Where there is a pace, it also says who goes when.
    const auto now = steady::now();
    auto wait = load.paced() ? load.pause.left(now) : load.pause.wait_from(now);
    if (wait > steady::duration::zero()) co_await sleep(wait);
    lane_.share_out(*line_);
    if (line_->turns.available() == 0) load.tell_full();
    const connection_pool::claim mine{urgency(), guest_.party};
    auto granted = co_await lane_.pool.acquire(url_.where, line_->turns, mine, fresh);
    lease_ = std::move(granted);
    if (load.pause.left(steady::now()) == steady::duration::zero()) break;
    step_back();
  }
  if (!std::exchange(started_, true) && limits_.request.count() > 0)
    limits_.request_deadline = steady::now() + limits_.request;
  if (lease_.get() != nullptr && !may_connect(lease_.get()->kind(), facts())) lease_.drop();
  if (lease_.get() == nullptr) {
    const hop_facts hop = facts();
    auto opened = co_await open_connection(lane_, guest_.seen, url_.where, hop, limits_);
    if (!opened) {
      lease_ = {};
      co_return opened.error();
    }
    lease_.put(std::move(*opened));
  }
  note_connection();
  co_return result<void>{};
}

/// Waits for the moment at which the ceilings on starts let this request go. False: meanwhile the host has
/// asked for a pause, and the turn is given back.
awaitable<bool> exchange::await_start() {
  host_load& load = line_->load;
  if (load.paced() || lane_.limits.request_rate.limits()) {
    const auto asked = steady::now();
    auto first = co_await line_->starts.acquire(urgency(), guest_.party);
    const auto now = steady::now();
    if (load.pause.left(now) == steady::duration::zero()) {
      const auto wait = std::max(lane_.limits.request_rate.book(now), load.book(now));
      if (wait > steady::duration::zero()) co_await sleep(wait);
    }
    // It is no time that the server took.
    if (limits_.request_deadline != time_limits::time_point::max())
      limits_.request_deadline += steady::now() - asked;
  }
  const bool begins = load.pause.left(steady::now()) == steady::duration::zero();
  if (!begins) step_back();
  co_return begins;
}

/// Gives the turn back; the connection is good for somebody else.
void exchange::step_back() {
  if (lease_.get() != nullptr) lease_.keep();
  lease_ = {};
}

async::semaphore::priority exchange::urgency() const {
  return request_.urgent ? async::semaphore::priority::high : async::semaphore::priority::normal;
}

hop_facts exchange::facts() const {
  hop_facts hop;
  hop.own_origin = own_;
  hop.user_named = request_.user_named && followed_ == 0;
  hop.host_allowed =
      std::any_of(lane_.config.allow_hosts.begin(), lane_.config.allow_hosts.end(),
                  [this](const std::string& each) { return core::iequals(each, url_.where.host); });
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
  connection& line = *lease_.get();
  cookie_era_ = lane_.cookies.era();
  compose(line.request_text());
  heard_ = false;
  guest_.seen.requests.fetch_add(1, std::memory_order_relaxed);
  asked_ = lane_.cookies.number_request();
  flight_ = line_->load.take_off();
  sent_ = steady::now();
  auto sent = co_await line.send(line.request_text(), limits_);
  if (!sent) co_return sent;
  line.reader().start(method_ == "HEAD");
  if (upload_ != nullptr) {
    auto handed = co_await send_upload();
    if (!handed) co_return handed;
  }
  auto answered = co_await read_head(false);
  co_return answered;
}

/// Waits until the server wants the body, and sends it. What it answers instead is left to be read.
awaitable<result<void>> exchange::send_upload() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  auto asked = co_await read_head(true);
  if (!asked) co_return asked;
  unsent_ = reader.has_head();
  while (!unsent_) {
    auto piece = upload_->next();
    if (!piece) co_return piece.error();
    if (piece->empty()) break;
    auto sent = co_await line.send(*piece, limits_);
    if (sent) continue;
    // One that refuses may close at once; its reason is still to be read then.
    unsent_ = true;
    auto answered = co_await read_head(false);
    if (!answered) co_return sent;
  }
  co_return result<void>{};
}

void exchange::compose(std::string& out) const {
  request_head head;
  head.method = method_;
  head.target = url_.target();
  head.host = url_.authority();
  head.user_agent = lane_.config.user_agent;
  head.accept_encoding = request_.urgent ? "gzip, deflate" : "identity";
  head.fields = request_.fields;
  if (own_) head.own_fields = lane_.config.own_fields;
  head.elsewhere = url_.where != *first_origin_;
  write_head(out, head);
  append_cookies(out);
  const bool same_request = method_ == request_.method;
  if (upload_ != nullptr) return finish_head_of_upload(out, upload_->size());
  finish_head(out, method_, same_request ? std::string_view(request_.body) : std::string_view());
}

void exchange::append_cookies(std::string& out) const {
  constexpr std::string_view label = "Cookie: ";
  const std::size_t before = out.size();
  const auto now = std::chrono::system_clock::now();
  const std::string_view path = url_.path();
  out += label;
  // Without an own origin cookies go by their domain, and over TLS only.
  if (own_ || (!lane_.own && url_.where.scheme == "https"))
    lane_.cookies.append_header(out, url_.where, path, now);
  const std::string more =
      on_the_way_ && !own_ ? on_the_way_->header_for(url_.where, path, now) : std::string();
  const bool any = out.size() > before + label.size();
  if (any && !more.empty()) out += "; ";
  out += more;
  if (any || !more.empty())
    out += "\r\n";
  else
    out.resize(before);
}

/// `or_interim`: an interim answer is enough.
awaitable<result<void>> exchange::read_head(bool or_interim) {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  while (!reader.has_head() && !(or_interim && reader.has_interim())) {
    auto got = co_await receive(limits_);
    if (!got) {
      auto why = got.error();
      // What is broken off before the head is no body cut short.
      if (why.code == errc::truncated) why.code = errc::connection;
      co_return why;
    }
    if (*got == 0)
      co_return make_failure(
          errc::connection, fmt::format("{} closed the connection {}", core::to_string(url_.where),
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
  head_.url = url_.text;
  head_.fields = reader.take_fields();
  head_.content_length = reader.content_length();
  head_.decoded = false;
  head_.remark.clear();
}

/// Cookies, pauses and what the host bears count whatever becomes of the answer.
void exchange::obey_server() {
  take_cookies();
  host_load::answer heard;
  heard.what = request_.urgent ? host_load::kind::page : host_load::kind::file;
  heard.status = head_.status;
  heard.sent = sent_;
  heard.came = steady::now();
  heard.trusted = !lane_.limits.byte_rate.limits();
  line_->load.tell(heard);
  lane_.share_out(*line_);
  if (head_.status != 429 && head_.status != 503) return;
  auto wait = core::parse_retry_after(head_.field("Retry-After"), std::chrono::system_clock::now());
  if (!wait && head_.status == 429) wait = unnamed_pause;
  if (!wait) return;
  const auto resume = heard.came + std::min(*wait, lane_.config.retry_after_cap);
  line_->load.pause.hold_until(resume);
  if (head_.status == 429) line_->load.tell_refused(heard, resume);
}

void exchange::tell(int status, errc why) const {
  if (lane_.watch == nullptr) return;
  request_watch::facts told{!request_.urgent, status, why};
  if (status != 0) told.waited = steady::now() - sent_;
  lane_.watch->request_ended(told);
}

void exchange::take_cookies() {
  const auto now = std::chrono::system_clock::now();
  const std::string_view path = url_.path();
  const bool current = cookie_era_ == lane_.cookies.era();
  const bool by_domain = !lane_.own && url_.where.scheme == "https";
  const auto which = own_ ? cookie_jar::accept::all : cookie_jar::accept::renewals;
  for (const http_field& field : head_.fields) {
    if (!core::iequals(field.name, "Set-Cookie")) continue;
    const bool kept = (own_ || by_domain) && current &&
                      lane_.cookies.store(field.value, url_.where, path, which, now, asked_);
    if (kept || own_) continue;
    if (!on_the_way_) on_the_way_ = std::make_unique<cookie_jar>();
    on_the_way_->store(field.value, url_.where, path, cookie_jar::accept::all, now);
  }
}

}  // namespace pofetch::http
