#include "service/server/acceptor.hpp"

#include "async/cancellation.hpp"
#include "http/io_result.hpp"
#include "service/metrics/service_metrics.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace pofetch::service {

namespace {

/// Owns the connection for as long as its coroutine runs. What goes wrong with one client is its own matter.
awaitable<> keep_running(std::unique_ptr<connection> client) {
  try {
    co_await client->run();
  } catch (const boost::system::system_error& error) {
    if (async::is_cancellation(error)) throw;
  } catch (const std::exception&) {
    client.reset();
  }
}

os::unique_fd spare_descriptor() { return os::unique_fd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

constexpr std::string_view too_many =
    "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";

}  // namespace

acceptor::acceptor(boost::asio::any_io_executor executor, listening_socket from, server_core& core,
                   async::task_group& clients)
    : executor_(executor),
      from_(std::move(from)),
      acceptor_(executor,
                boost::asio::generic::stream_protocol(from_.family(), from_.is_local() ? 0 : IPPROTO_TCP),
                ::fcntl(from_.handle(), F_DUPFD_CLOEXEC, 0)),
      core_(core),
      clients_(clients),
      reserve_(spare_descriptor()) {}

void acceptor::take(stream_socket client) {
  const bool local = from_.is_local();
  const bool secret = core_.tls && !local;
  if (core_.clients >= max_clients) {
    if (core_.metrics != nullptr) core_.metrics->refused("too-many-clients");
    if (!secret)
      static_cast<void>(
          ::send(client.native_handle(), too_many.data(), too_many.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    return;
  }
  const int one = 1;
  if (!local) ::setsockopt(client.native_handle(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  http::ssl_ptr session;
  if (secret) {
    session = core_.tls->new_session(client.native_handle());
    if (!session) return;
  }
  client_stream stream(std::move(client), std::move(session));
  clients_.spawn(keep_running(std::make_unique<connection>(std::move(stream), local, core_)));
}

awaitable<> acceptor::run() {
  constexpr std::chrono::milliseconds pause{100};
  boost::asio::steady_timer wait(executor_);
  for (;;) {
    auto [error, client] = co_await acceptor_.async_accept(http::as_result);
    if (!error) {
      take(std::move(client));
      continue;
    }
    if (error == boost::asio::error::operation_aborted) http::throw_cancelled();
    if (error == boost::asio::error::connection_aborted) continue;
    // No descriptors or no memory left: trying again at once would change nothing and take a core.
    reserve_.reset();
    os::unique_fd turned_away(
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    turned_away.reset();
    reserve_ = spare_descriptor();
    wait.expires_after(pause);
    const auto [woken] = co_await wait.async_wait(http::as_result);
    static_cast<void>(woken);
  }
}

}  // namespace pofetch::service
