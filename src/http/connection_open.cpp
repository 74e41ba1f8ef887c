// How a connection comes about: TCP to the first address that answers, then TLS.
#include "http/connection.hpp"
#include "http/io_result.hpp"
#include "http/socket_bio.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using clock_type = std::chrono::steady_clock;

awaitable<result<void>> connection::open(tls_context& tls, std::span<const tcp::endpoint> addresses,
                                         time_point deadline, const time_limits& limits) {
  auto connected = co_await connect(addresses, deadline, limits);
  if (!connected || to_.scheme != "https") co_return connected;
  auto secured = co_await shake_hands(tls, deadline, limits);
  watchdog_.disarm();
  co_return secured;
}

awaitable<result<void>> connection::connect(std::span<const tcp::endpoint> addresses, time_point deadline,
                                            const time_limits& limits) {
  failure last = make_failure(errc::connection, fmt::format("{} has no address", to_.host));
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    address_ = addresses[i];
    const auto left = static_cast<clock_type::duration::rep>(addresses.size() - i);
    const auto now = clock_type::now();
    arm(limit::connect, now + (deadline - now) / left);
    auto [error] = co_await socket_.async_connect(address_, as_result);
    const bool expired = watchdog_.expired();
    watchdog_.disarm();
    if (!error && !expired) {
      error_code ignored;
      socket_.non_blocking(true, ignored);
      socket_.set_option(tcp::no_delay(true), ignored);
      co_return result<void>{};
    }
    if (error == asio::error::operation_aborted && !expired) throw_cancelled();
    last = expired ? timeout_failure(limits) : failure_for(error, "while connecting");
    close();
  }
  co_return last;
}

awaitable<result<void>> connection::shake_hands(tls_context& tls, time_point deadline,
                                                const time_limits& limits) {
  auto made = tls.new_client(to_);
  if (!made) co_return made.error();
  tls_ = std::move(*made);
  BIO* bio = make_socket_bio(socket_);
  if (bio == nullptr) co_return make_failure(errc::tls, "no memory for a TLS connection");
  SSL_set_bio(tls_.get(), bio, bio);
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int outcome = SSL_do_handshake(tls_.get());
    if (outcome == 1) break;
    const step what = classify(outcome);
    if (what != step::wait_read && what != step::wait_write) co_return handshake_failure(what);
    arm(limit::connect, deadline);
    auto waited = co_await wait(what, limits);
    if (!waited) co_return waited;
  }
  if (SSL_get_verify_result(tls_.get()) != X509_V_OK || SSL_get0_peer_certificate(tls_.get()) == nullptr)
    co_return tls_failure(tls_.get(), to_);
  tls.count_handshake(SSL_session_reused(tls_.get()) == 1);
  co_return result<void>{};
}

/// A peer that goes away during the handshake may be there the next time; that is no matter of trust.
failure connection::handshake_failure(step what) {
  auto why = failure_for(what, "during the TLS handshake");
  if (what == step::cut) why.code = errc::connection;
  return why;
}

}  // namespace pofetch::http
