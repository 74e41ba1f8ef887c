// How a connection comes about: TCP to the first address that answers, then TLS.
#include "http/connection.hpp"
#include "http/dial.hpp"
#include "http/socket_bio.hpp"
#include "os/unique_fd.hpp"

#include <pofetch/http_message.hpp>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using boost::system::error_code;

awaitable<result<void>> connection::open(tls_context& tls, const opening& how, const time_limits& limits) {
  open_until_ = how.deadline;
  if (how.via != nullptr) {
    proxy_shown_ = how.via->shown();
    kind_behind_proxy_ = class_behind_proxy(to_.host);
  }
  auto connected = co_await connect(how, limits);
  if (connected && how.via != nullptr) connected = co_await pass_proxy(how, limits);
  if (!connected) co_return connected;
  proxy_shown_.clear();
  open_until_.reset();
  if (to_.scheme != "https") co_return connected;
  auto secured = co_await shake_hands(tls, how, limits);
  watchdog_.disarm();
  co_return secured;
}

awaitable<result<void>> connection::connect(const opening& how, const time_limits& limits) {
  const asio::any_io_executor executor = socket_.get_executor();
  auto reached = co_await dial(executor, how.addresses, how.deadline);
  address_ = reached.address;
  if (reached.socket) {
    socket_ = std::move(*reached.socket);
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    co_return result<void>{};
  }
  if (how.addresses.empty())
    co_return make_failure(errc::connection, fmt::format("{} has no address", to_.host));
  if (reached.error) co_return failure_for(reached.error, "while connecting");
  running_ = limit::connect;
  co_return timeout_failure(limits);
}

result<void> connection::open_local(const std::string& path) {
  const auto refused = [&path](int error) {
    return make_failure(errc::connection, fmt::format("the Unix socket {} cannot be reached: {}", path,
                                                      std::generic_category().message(error)));
  };
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.size() >= sizeof where.sun_path) return refused(ENAMETOOLONG);
  path.copy(where.sun_path, path.size());
  os::unique_fd made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (made.get() < 0) return refused(errno);
  if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
    return refused(errno);
  // From here on it is a stream of bytes like any other.
  error_code error;
  socket_.assign(tcp::v4(), made.get(), error);
  if (error) return refused(error.value());
  made.release();
  socket_.non_blocking(true, error);
  address_ = {asio::ip::address_v4::loopback(), 0};
  return {};
}

/// Has the proxy make the way to the host (RFC 9110 9.3.6).
awaitable<result<void>> connection::pass_proxy(const opening& how, const time_limits& limits) {
  const std::string request = how.via->connect_request(to_, how.user_agent);
  auto passed = co_await send(request, limits);
  if (passed) passed = co_await hear_proxy(*how.via, limits);
  watchdog_.disarm();
  co_return passed;
}

/// Takes in the head of its answer. What stands behind a refusal does not matter, and behind a consent there
/// must be nothing: in TLS the client speaks first.
awaitable<result<void>> connection::hear_proxy(const proxy& via, const time_limits& limits) {
  reader_.start(true);
  while (!reader_.has_head()) {
    auto got = co_await receive(limits);
    if (!got) co_return got.error();
    if (*got == 0)
      co_return make_failure(errc::connection,
                             fmt::format("{} closed the connection instead of answering", via.shown()));
    auto used = reader_.feed(received());
    if (!used)
      co_return make_failure(errc::connection, fmt::format("{} does not answer as a proxy does: {}",
                                                           via.shown(), used.error().message));
    consume(*used);
  }
  http_response answer;
  answer.status = reader_.status();
  answer.fields = reader_.take_fields();
  auto passed = via.judge(answer.status, answer.field("Proxy-Authenticate"), to_);
  if (passed && !received().empty())
    co_return make_failure(errc::connection,
                           fmt::format("{} sends bytes of its own into the connection", via.shown()));
  co_return passed;
}

awaitable<result<void>> connection::shake_hands(tls_context& tls, const opening& how,
                                                const time_limits& limits) {
  auto made = tls.new_client(to_, how.own);
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
    arm(limit::connect, how.deadline);
    auto waited = co_await wait(what, limits);
    if (!waited) co_return waited;
  }
  if (SSL_get_verify_result(tls_.get()) != X509_V_OK || SSL_get0_peer_certificate(tls_.get()) == nullptr)
    co_return tls_failure(tls_.get(), to_);
  tls.count_handshake(SSL_session_reused(tls_.get()) == 1);
  co_return result<void>{};
}

std::optional<certificate_facts> connection::certificate() const {
  return tls_ ? facts_of(tls_.get()) : std::nullopt;
}

/// A peer that goes away during the handshake may be there the next time; that is no matter of trust.
failure connection::handshake_failure(step what) {
  auto why = failure_for(what, "during the TLS handshake");
  if (what == step::cut) why.code = errc::connection;
  return why;
}

}  // namespace pofetch::http
