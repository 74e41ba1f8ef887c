#include "coupa-sim/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace coupa_sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto accept_token = asio::as_tuple(asio::use_awaitable);

/// One thread with its connections.
struct lane {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  std::set<std::shared_ptr<connection>> live;  ///< touched on the lane's thread only
  bool stopping = false;
  std::thread thread;
};

void bind_to(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  acceptor.open(where.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  if (where.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true));
  acceptor.bind(where);
  acceptor.listen(asio::socket_base::max_listen_connections);
}

asio::ssl::context make_tls_context(const options& wanted, const key_pair& identity) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  if (wanted.plain_http) return context;
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1);
  context.use_certificate_chain(asio::buffer(identity.certificate));
  context.use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
  return context;
}

}  // namespace

struct server::state {
  state(const shared_site& site, const key_pair& identity)
      : shared(site), tls(make_tls_context(site.wanted, identity)) {
    for (unsigned i = 0; i < shared.wanted.threads; ++i) lanes.push_back(std::make_unique<lane>());
  }

  void listen();
  void listen_on(const asio::ip::address& address);
  asio::awaitable<void> accept(tcp::acceptor& acceptor);
  void welcome(lane& home, tcp::socket socket);

  shared_site shared;
  asio::ssl::context tls;
  std::vector<std::unique_ptr<lane>> lanes;
  std::vector<std::unique_ptr<tcp::acceptor>> acceptors;  ///< on the first lane
  std::uint16_t port = 0;
  std::size_t next_lane = 0;
  bool running = false;
};

void server::state::listen_on(const asio::ip::address& address) {
  auto acceptor = std::make_unique<tcp::acceptor>(lanes.front()->context);
  bind_to(*acceptor, tcp::endpoint(address, port));
  port = acceptor->local_endpoint().port();
  acceptors.push_back(std::move(acceptor));
}

/// `localhost` may mean ::1 first: the same port is taken there too, if the machine has that address.
void server::state::listen() {
  const std::uint16_t wanted = shared.wanted.port;
  for (int tries = 0;; ++tries) {
    acceptors.clear();
    port = wanted;
    listen_on(asio::ip::address_v4::loopback());
    try {
      listen_on(asio::ip::address_v6::loopback());
      return;
    } catch (const boost::system::system_error& problem) {
      const bool taken = problem.code() == asio::error::address_in_use;
      if (!taken) return;
      if (wanted != 0 || tries == 10) throw;
    }
  }
}

asio::awaitable<void> server::state::accept(tcp::acceptor& acceptor) {
  asio::steady_timer pause(lanes.front()->context);
  for (;;) {
    lane& home = *lanes[next_lane++ % lanes.size()];
    auto [error, socket] = co_await acceptor.async_accept(home.context, accept_token);
    if (!acceptor.is_open()) break;
    if (error) {
      // Out of descriptors, most likely: wait until some connection ends.
      pause.expires_after(std::chrono::milliseconds(20));
      [[maybe_unused]] const auto [ignored] = co_await pause.async_wait(accept_token);
      continue;
    }
    // The socket's handlers run on the lane's thread only, so everything else is done there too.
    asio::post(home.context,
               [this, &home, accepted = std::move(socket)]() mutable { welcome(home, std::move(accepted)); });
  }
}

void server::state::welcome(lane& home, tcp::socket socket) {
  if (home.stopping) return;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::shared_ptr<wire> line =
      shared.wanted.plain_http ? make_plain_wire(std::move(socket)) : make_tls_wire(std::move(socket), tls);
  auto client = std::make_shared<connection>(std::move(line), shared);
  home.live.insert(client);
  shared.seen.connected();
  auto ended = [this, &home, client](const std::exception_ptr& problem) {
    if (problem) shared.seen.count(&stats_snapshot::internal_errors);
    shared.seen.disconnected();
    home.live.erase(client);
  };
  asio::co_spawn(home.context, client->run(), std::move(ended));
}

server::server(const shared_site& shared, const key_pair& identity)
    : state_(std::make_unique<state>(shared, identity)) {
  state_->listen();
}

server::~server() { stop(); }

void server::start() {
  if (std::exchange(state_->running, true)) return;
  for (const auto& acceptor : state_->acceptors) {
    auto ended = [seen = &state_->shared.seen](const std::exception_ptr& problem) {
      if (problem) seen->count(&stats_snapshot::internal_errors);
    };
    asio::co_spawn(state_->lanes.front()->context, state_->accept(*acceptor), std::move(ended));
  }
  for (const auto& one : state_->lanes) {
    one->thread = std::thread([home = one.get()] { home->context.run(); });
  }
}

void server::stop() {
  if (!std::exchange(state_->running, false)) return;
  asio::post(state_->lanes.front()->context, [parts = state_.get()] {
    boost::system::error_code ignored;
    for (const auto& acceptor : parts->acceptors) acceptor->close(ignored);
  });
  for (const auto& one : state_->lanes) {
    asio::post(one->context, [home = one.get()] {
      home->stopping = true;
      for (const auto& client : home->live) client->stop();
      home->work.reset();
    });
  }
  for (const auto& one : state_->lanes) one->thread.join();
}

std::uint16_t server::port() const noexcept { return state_->port; }

}  // namespace coupa_sim
