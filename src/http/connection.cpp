#include "http/connection.hpp"

#include "core/setting_text.hpp"
#include "http/io_result.hpp"
#include "http/socket_bio.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/types.h>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using clock_type = std::chrono::steady_clock;

namespace {

/// Pages of it that are never written to take no memory, so a slow connection holds little of it.
constexpr std::size_t buffer_bytes = 64U << 10;
/// There is always room behind a head of the longest kind, so that one that is too long shows.
constexpr std::size_t spare_bytes = 4U << 10;
/// A connection whose data never ends lets the others have a turn after so many bytes.
constexpr std::size_t turn_bytes = 256U << 10;

}  // namespace

core::address_class classify_endpoint(const asio::ip::tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  if (address.is_v4()) return core::classify_address(address.to_v4().to_bytes());
  return core::classify_address(address.to_v6().to_bytes());
}

connection::connection(asio::any_io_executor executor, core::origin to, std::size_t header_limit)
    : to_(std::move(to)),
      socket_(executor),
      watchdog_(executor, [this] { close(); }),
      capacity_(std::max(buffer_bytes, header_limit + spare_bytes)),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_)),
      reader_(header_limit) {}

connection::~connection() = default;

void connection::close() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

core::address_class connection::kind() const {
  return kind_behind_proxy_.value_or(classify_endpoint(address_));
}

// --- waiting ---

void connection::arm(limit which, time_point when) {
  running_ = which;
  watchdog_.expire_at(when);
}

void connection::arm_for_data(const time_limits& limits) {
  if (open_until_) return arm(limit::connect, *open_until_);
  const auto idle = clock_type::now() + limits.idle;
  if (limits.request_deadline < idle)
    arm(limit::request, limits.request_deadline);
  else
    arm(limit::idle, idle);
}

/// Until the socket is ready, or the deadline that was armed passes.
awaitable<result<void>> connection::wait(step what, const time_limits& limits) {
  since_break_ = 0;
  const auto direction = what == step::wait_read ? tcp::socket::wait_read : tcp::socket::wait_write;
  auto [error] = co_await socket_.async_wait(direction, as_result);
  const bool expired = watchdog_.expired();
  watchdog_.disarm();
  if (expired) co_return timeout_failure(limits);
  if (error == asio::error::operation_aborted) throw_cancelled();
  if (error) co_return failure_for(error, "while waiting for the network");
  co_return result<void>{};
}

awaitable<void> connection::give_way() {
  since_break_ = 0;
  co_await asio::post(socket_.get_executor(), asio::use_awaitable);
}

// --- moving bytes ---

awaitable<result<void>> connection::send(std::string_view bytes, const time_limits& limits) {
  while (!bytes.empty()) {
    std::size_t count = 0;
    const step what = last_words(try_write(bytes, count));
    bytes.remove_prefix(count);
    if (what == step::moved) continue;
    if (what != step::wait_read && what != step::wait_write)
      co_return failure_for(what, "while the request was sent");
    arm_for_data(limits);
    auto waited = co_await wait(what, limits);
    if (!waited) co_return waited;
  }
  asked_ = true;
  co_return result<void>{};
}

awaitable<result<std::size_t>> connection::receive(const time_limits& limits, std::size_t most) {
  if (since_break_ >= turn_bytes) {
    co_await give_way();
    if (clock_type::now() >= limits.request_deadline) {
      running_ = limit::request;
      co_return timeout_failure(limits);
    }
  }
  for (;;) {
    std::size_t total = 0;
    // An answer is never there at once: a look at the socket would only say so.
    const bool too_early = std::exchange(asked_, false) && !holds_data();
    const step what = too_early ? step::wait_read : fill(total, most);
    since_break_ += total;
    if (total > 0) co_return total;
    if (what == step::ended && !refused_renegotiation(tls_.get(), to_)) co_return std::size_t{0};
    if (what != step::wait_read && what != step::wait_write)
      co_return failure_for(what, "while the answer was read");
    arm_for_data(limits);
    auto waited = co_await wait(what, limits);
    if (!waited) co_return waited.error();
  }
}

/// Something can be taken in, or told, without a look at the socket.
bool connection::holds_data() const noexcept {
  return begin_ != end_ || after_data_ || (tls_ && SSL_has_pending(tls_.get()) != 0);
}

/// Takes in what there is: several TLS records at once, so that what comes behind works in large pieces.
connection::step connection::fill(std::size_t& total, std::size_t most) {
  if (after_data_) return *std::exchange(after_data_, std::nullopt);
  std::span<char> free = room();
  free = free.first(std::min(free.size(), most));
  for (;;) {
    std::size_t count = 0;
    const step what = try_read(free, count);
    end_ += count;
    total += count;
    free = free.subspan(count);
    if (what != step::moved) {
      // The bytes first; how it ended is for the next call, because OpenSSL does not say it twice.
      const bool waits = what == step::wait_read || what == step::wait_write;
      if (total > 0 && !waits) after_data_ = what;
      return what;
    }
    if (!tls_ || free.empty() || SSL_has_pending(tls_.get()) == 0) return what;
  }
}

/// Free space at the end of the buffer; what is still held moves to its front.
std::span<char> connection::room() {
  const std::size_t held = end_ - begin_;
  if (held > 0 && begin_ > 0) std::memmove(buffer_.get(), buffer_.get() + begin_, held);
  begin_ = 0;
  end_ = held;
  return {buffer_.get() + end_, capacity_ - end_};
}

std::span<const char> connection::received() const noexcept {
  return {buffer_.get() + begin_, end_ - begin_};
}

void connection::consume(std::size_t count) noexcept { begin_ += std::min(count, end_ - begin_); }

connection::step connection::try_read(std::span<char> to, std::size_t& count) {
  if (!socket_.is_open()) {
    last_errno_ = ECONNABORTED;
    return step::failed;
  }
  if (tls_) {
    ERR_clear_error();
    errno = 0;
    const int outcome = SSL_read_ex(tls_.get(), to.data(), to.size(), &count);
    return outcome == 1 ? step::moved : classify(outcome);
  }
  const ssize_t got = ::recv(socket_.native_handle(), to.data(), to.size(), 0);
  if (got > 0) {
    count = static_cast<std::size_t>(got);
    return step::moved;
  }
  if (got == 0) return step::ended;
  last_errno_ = errno;
  return would_block(last_errno_) ? step::wait_read : step::failed;
}

connection::step connection::try_write(std::string_view bytes, std::size_t& count) {
  if (!socket_.is_open()) {
    last_errno_ = ECONNABORTED;
    return step::failed;
  }
  if (tls_) {
    ERR_clear_error();
    errno = 0;
    const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
    return outcome == 1 ? step::moved : classify(outcome);
  }
  const ssize_t sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) {
    count = static_cast<std::size_t>(sent);
    return step::moved;
  }
  last_errno_ = errno;
  return would_block(last_errno_) ? step::wait_write : step::failed;
}

/// What OpenSSL means by a call that did not succeed.
connection::step connection::classify(int outcome) {
  const int error = errno;
  switch (SSL_get_error(tls_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      return step::wait_read;
    case SSL_ERROR_WANT_WRITE:
      return step::wait_write;
    case SSL_ERROR_ZERO_RETURN:
      return step::ended;
    case SSL_ERROR_SYSCALL:
      last_errno_ = error;
      return error == 0 ? step::cut : step::failed;
    default:
      break;
  }
  if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return step::cut;
  tls_trouble_ = tls_failure(tls_.get(), to_);
  return step::tls_failed;
}

/// A server that refuses what it has seen in the handshake (TLS 1.3) says why and closes: the first thing to
/// be noticed may be that nothing can be sent any more.
connection::step connection::last_words(step what) {
  if (!tls_ || what != step::failed) return what;
  const int error = last_errno_;
  std::size_t total = 0;
  if (fill(total) == step::tls_failed) return step::tls_failed;
  last_errno_ = error;
  return what;
}

bool connection::is_quiet() {
  const bool pending = tls_ && SSL_has_pending(tls_.get()) != 0;
  if (!socket_.is_open() || begin_ != end_ || after_data_) return false;
  char ignored = 0;
  if (!pending) {
    const ssize_t got = ::recv(socket_.native_handle(), &ignored, 1, MSG_PEEK);
    if (got < 0 && would_block(errno)) return true;
    if (!tls_) return false;
  }
  // What lies there may be session tickets, which are no data.
  ERR_clear_error();
  errno = 0;
  const int outcome = SSL_peek(tls_.get(), &ignored, 1);
  return outcome <= 0 && classify(outcome) == step::wait_read;
}

// --- what to say ---

std::string connection::other_side() const {
  return proxy_shown_.empty() ? core::to_string(to_) : proxy_shown_;
}

failure connection::failure_for(step what, std::string_view doing) {
  if (auto why = refused_renegotiation(tls_.get(), to_)) return *std::move(why);
  const std::string where = other_side();
  switch (what) {
    case step::cut:
      return make_failure(
          errc::truncated,
          fmt::format("{} cut the TLS connection without closing it properly, {}", where, doing));
    case step::ended:
      return make_failure(errc::connection, fmt::format("{} closed the connection {}", where, doing));
    case step::tls_failed:
      if (tls_trouble_) return *std::exchange(tls_trouble_, std::nullopt);
      return make_failure(errc::tls, fmt::format("TLS with {} broke down {}", where, doing));
    default:
      return failure_for(error_code(last_errno_, boost::system::system_category()), doing);
  }
}

failure connection::failure_for(const error_code& error, std::string_view doing) const {
  return make_failure(errc::connection, fmt::format("the connection to {} failed {}: {}", other_side(), doing,
                                                    error.message()));
}

failure connection::timeout_failure(const time_limits& limits) const {
  if (auto why = refused_renegotiation(tls_.get(), to_)) return *std::move(why);
  const std::string where = other_side();
  switch (running_) {
    case limit::connect:
      return make_failure(errc::timeout, core::sentence("no connection to {} within {} (@connect_timeout)",
                                                        where, in_seconds(limits.connect)));
    case limit::idle:
      return make_failure(errc::timeout, core::sentence("{} was silent for {} (@idle_timeout)", where,
                                                        in_seconds(limits.idle)));
    default:
      return make_failure(errc::timeout,
                          core::sentence("the exchange with {} took longer than {} (@request_timeout)", where,
                                         in_seconds(limits.request)));
  }
}

}  // namespace pofetch::http
