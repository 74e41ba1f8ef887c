#pragma once

#include "async/watchdog.hpp"
#include "core/address.hpp"
#include "core/url.hpp"
#include "http/certificate_facts.hpp"
#include "http/proxy.hpp"
#include "http/response_reader.hpp"
#include "http/time_limits.hpp"
#include "http/tls_context.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::http {

/// One TCP connection to an origin, with TLS over it for https: opened, written to and read from under
/// deadlines. A deadline that passes closes it and is reported as `timeout`. Every failure names the
/// host; after one the connection is of no use. Belongs to one executor. Cancelling an operation leaves it
/// useless, too: just destroy it.
class connection {
 public:
  using tcp = boost::asio::ip::tcp;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::size_t whole_buffer = std::numeric_limits<std::size_t>::max();

  /// How a connection comes about.
  struct opening {
    /// Of the host, or of the proxy, the best first.
    std::span<const tcp::endpoint> addresses;
    time_point deadline;
    /// It goes to the instance's own origin: the client certificate may be shown.
    bool own = false;
    /// The way leads through it; null: there is none.
    const proxy* via = nullptr;
    std::string_view user_agent{};
  };

  connection(boost::asio::any_io_executor executor, core::origin to, std::size_t header_limit);
  ~connection();

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Connects to the first of the addresses that answers (`dial`), has the proxy make the way to the host if
  /// there is one, and does the TLS handshake with the host. Failures: timeout, connection, tls, and config
  /// for a proxy that wants another password.
  [[nodiscard]] awaitable<result<void>> open(tls_context& tls, const opening& how, const time_limits& limits);

  /// Connects to a Unix socket of this machine, without TLS; does not wait. Failure connection, also if
  /// nobody listens there or too many wait.
  [[nodiscard]] result<void> open_local(const std::string& path);

  /// Sends everything. Failures: timeout, connection, tls.
  [[nodiscard]] awaitable<result<void>> send(std::string_view bytes, const time_limits& limits);

  /// Waits for bytes and takes in what there is, but no more than `most`, behind what `received` still holds.
  /// 0: the peer has closed in an orderly way. Failures: timeout, connection, tls, and truncated for a TLS
  /// connection that ends without close_notify.
  [[nodiscard]] awaitable<result<std::size_t>> receive(const time_limits& limits,
                                                       std::size_t most = whole_buffer);

  /// Bytes taken in and not yet consumed. Valid until the next `receive` or `consume`.
  [[nodiscard]] std::span<const char> received() const noexcept;
  void consume(std::size_t count) noexcept;

  /// For one that has been idle: still open, and the peer has sent nothing.
  [[nodiscard]] bool is_quiet();

  void close() noexcept;

  /// Nobody is going to use it soon: an executor without other work may end.
  void rest() { watchdog_.rest(); }

  [[nodiscard]] const core::origin& peer() const noexcept { return to_; }
  /// Where it is connected to: the host, or the proxy.
  [[nodiscard]] const tcp::endpoint& address() const noexcept { return address_; }
  /// Of the host.
  [[nodiscard]] core::address_class kind() const;
  /// What the host has shown. Nothing without TLS.
  [[nodiscard]] std::optional<certificate_facts> certificate() const;

  /// Kept here, so that their memory serves from request to request.
  [[nodiscard]] response_reader& reader() noexcept { return reader_; }
  [[nodiscard]] std::string& request_text() noexcept { return request_text_; }

 private:
  /// What one try to read, write or shake hands came to.
  enum class step { moved, wait_read, wait_write, ended, cut, failed, tls_failed };
  /// Which limit is running.
  enum class limit { connect, idle, request };

  [[nodiscard]] awaitable<result<void>> connect(const opening& how, const time_limits& limits);
  [[nodiscard]] awaitable<result<void>> pass_proxy(const opening& how, const time_limits& limits);
  [[nodiscard]] awaitable<result<void>> hear_proxy(const proxy& via, const time_limits& limits);
  [[nodiscard]] awaitable<result<void>> shake_hands(tls_context& tls, const opening& how,
                                                    const time_limits& limits);
  [[nodiscard]] awaitable<result<void>> wait(step what, const time_limits& limits);
  [[nodiscard]] awaitable<void> give_way();

  void arm(limit which, time_point when);
  void arm_for_data(const time_limits& limits);
  [[nodiscard]] std::string other_side() const;
  [[nodiscard]] bool holds_data() const noexcept;
  [[nodiscard]] step fill(std::size_t& total, std::size_t most = whole_buffer);
  [[nodiscard]] step try_read(std::span<char> to, std::size_t& count);
  [[nodiscard]] step try_write(std::string_view bytes, std::size_t& count);
  [[nodiscard]] step classify(int outcome);
  [[nodiscard]] step last_words(step what);
  [[nodiscard]] std::span<char> room();
  [[nodiscard]] failure handshake_failure(step what);
  [[nodiscard]] failure failure_for(step what, std::string_view doing);
  [[nodiscard]] failure failure_for(const boost::system::error_code& error, std::string_view doing) const;
  [[nodiscard]] failure timeout_failure(const time_limits& limits) const;

  core::origin to_;
  tcp::socket socket_;
  tcp::endpoint address_;
  std::optional<core::address_class> kind_behind_proxy_;
  /// The proxy, as long as it is the one that is talked to.
  std::string proxy_shown_;
  /// While the connection comes about, all waits end here.
  std::optional<time_point> open_until_;
  ssl_ptr tls_;
  async::watchdog watchdog_;
  limit running_ = limit::connect;
  int last_errno_ = 0;
  std::optional<step> after_data_;      // how the stream ended behind the bytes that are held
  std::optional<failure> tls_trouble_;  // OpenSSL's reason, taken while it was there
  std::size_t since_break_ = 0;         // bytes moved without giving way to others
  bool asked_ = false;                  // nothing was read since a request was sent

  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  response_reader reader_;
  std::string request_text_;
};

/// The kind of network that an endpoint belongs to.
[[nodiscard]] core::address_class classify_endpoint(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace pofetch::http
