#include "coupa-sim/connection.hpp"

#include "coupa-sim/dice.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <utility>

namespace coupa_sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
constexpr auto timer_token = asio::as_tuple(asio::use_awaitable);

/// Counts a request as in flight for as long as it lives.
class in_flight {
 public:
  in_flight(stats& seen, const route& where, const std::uint64_t& bytes)
      : stats_(seen),
        kind_(where.kind),
        po_(where.po),
        bytes_(bytes),
        nth_(seen.begin(where.kind, where.po, where.path)) {}
  ~in_flight() { stats_.end(kind_, po_, bytes_); }

  in_flight(const in_flight&) = delete;
  in_flight& operator=(const in_flight&) = delete;

  /// How often the path was asked for before.
  [[nodiscard]] std::uint64_t nth() const noexcept { return nth_; }

 private:
  stats& stats_;
  request_kind kind_;
  std::uint64_t po_;
  const std::uint64_t& bytes_;
  std::uint64_t nth_;
};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

connection::connection(std::shared_ptr<wire> line, const shared_site& shared)
    : wire_(std::move(line)),
      shared_(shared),
      timer_(wire_->socket().get_executor()),
      jitter_(std::random_device{}()) {}

void connection::stop() {
  stopped_ = true;
  timer_.cancel();
  wire_->cut();
}

asio::awaitable<void> connection::run() {
  const auto [error, ignored] = co_await wire_->handshake();
  bool more = !error;
  while (more && !stopped_) {
    const bool again = co_await serve_one();
    more = again;
  }
}

asio::awaitable<connection::reading> connection::read_request() {
  constexpr std::uint32_t head_limit = 64 * 1024;
  constexpr std::uint64_t body_limit = 1024 * 1024;
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(head_limit);
  parser.body_limit(body_limit);
  for (;;) {
    if (!unread_.empty()) {
      boost::system::error_code error;
      const std::size_t used = parser.put(asio::buffer(unread_), error);
      unread_.erase(0, used);
      if (error && error != http::error::need_more) co_return reading::malformed;
      if (parser.is_done()) break;
    }
    const asio::mutable_buffer space = asio::buffer(input_);
    const auto [error, count] = co_await wire_->read_some(space);
    if (error) co_return reading::closed;
    unread_.append(input_.data(), count);
  }
  request_ = parser.release();
  co_return reading::done;
}

asio::awaitable<bool> connection::serve_one() {
  const reading outcome = co_await read_request();
  if (outcome == reading::malformed) co_await refuse();
  if (outcome != reading::done) co_return false;

  const auto since = std::chrono::steady_clock::now();
  const std::string target(view(request_.target()));
  const route where = find_route(target);
  sent_ = 0;
  counts_ = where.kind != request_kind::control;
  const in_flight guard(shared_.seen, where, sent_);
  const bool keep_alive = request_.keep_alive() && request_.version() >= 11;
  reply_stream reply(answer(where, guard.nth()), request_.method() == http::verb::head, keep_alive);
  const unsigned status = reply.status();
  co_await work(where, status);
  if (stopped_) co_return false;
  if (reply.broken() == fault::reset) {
    wire_->reset();
    co_return false;
  }
  if (counts_) shared_.seen.answered(status);
  const bool written = co_await write_reply(reply);
  if (shared_.wanted.log) log(reply.status(), sent_, since);
  if (written && !keep_alive) co_await say_goodbye();
  co_return written&& keep_alive;
}

site_reply connection::answer(const route& where, std::uint64_t nth) {
  site_request asked;
  asked.method = view(request_.method_string());
  asked.host = view(request_[http::field::host]);
  asked.cookie = view(request_[http::field::cookie]);
  asked.authorization = view(request_[http::field::authorization]);
  asked.api_key = view(request_["X-COUPA-API-KEY"]);
  asked.accept = view(request_[http::field::accept]);
  asked.accept_encoding = view(request_[http::field::accept_encoding]);
  asked.range = view(request_[http::field::range]);
  asked.if_range = view(request_[http::field::if_range]);
  asked.if_none_match = view(request_[http::field::if_none_match]);
  asked.if_modified_since = view(request_[http::field::if_modified_since]);
  asked.body = request_.body();
  return shared_.application.answer(asked, where, nth);
}

asio::awaitable<bool> connection::write_reply(reply_stream& reply) {
  for (;;) {
    const std::string_view block = reply.next();
    if (block.empty()) break;
    const asio::const_buffer bytes(block.data(), block.size());
    const auto [error, count] = co_await wire_->write(bytes);
    sent_ += count;
    if (counts_) shared_.seen.sent(count);
    if (error) co_return false;
  }
  if (!reply.left_off()) co_return true;
  if (reply.broken() == fault::stall) {
    const auto hang = shared_.wanted.stall;
    co_await wait(hang);
    wire_->reset();
  } else {
    wire_->cut();
  }
  co_return false;
}

/// As long as the site needs for the answer. One that is refused needs no place at work.
asio::awaitable<void> connection::work(const route& where, unsigned status) {
  if (where.kind == request_kind::control) co_return;
  const auto now = std::chrono::steady_clock::now();
  constexpr unsigned too_many = 429;
  const auto over = status == too_many ? now + delay() : shared_.places.take(now, delay());
  co_await wait_until(over);
}

asio::awaitable<void> connection::wait(std::chrono::milliseconds span) {
  if (span.count() > 0) co_await wait_until(std::chrono::steady_clock::now() + span);
}

asio::awaitable<void> connection::wait_until(std::chrono::steady_clock::time_point when) {
  if (stopped_ || when <= std::chrono::steady_clock::now()) co_return;
  timer_.expires_at(when);
  [[maybe_unused]] const auto [ignored] = co_await timer_.async_wait(timer_token);
}

std::chrono::milliseconds connection::delay() {
  const auto more = static_cast<std::uint64_t>(shared_.wanted.jitter.count());
  return shared_.wanted.latency + std::chrono::milliseconds(jitter_.below(more + 1));
}

asio::awaitable<void> connection::refuse() {
  const std::string answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  const asio::const_buffer bytes = asio::buffer(answer);
  const auto [error, ignored] = co_await wire_->write(bytes);
  if (!error) co_await say_goodbye();
}

asio::awaitable<void> connection::say_goodbye() {
  // A client that never says good-bye itself must not hold the connection.
  timer_.expires_after(std::chrono::seconds(1));
  timer_.async_wait([line = wire_](const boost::system::error_code& error) {
    if (!error) line->cut();
  });
  [[maybe_unused]] const auto [ignored_error, ignored_count] = co_await wire_->shutdown();
  timer_.cancel();
}

void connection::log(unsigned status, std::uint64_t bytes,
                     std::chrono::steady_clock::time_point since) const {
  const auto span = std::chrono::steady_clock::now() - since;
  const std::string_view target = view(request_.target());
  const std::string line = fmt::format("{} {} {} {} bytes {} ms\n", view(request_.method_string()),
                                       target.substr(0, target.find("signature=")), status, bytes,
                                       std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace coupa_sim
