#include "coupa-sim/wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace coupa_sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Asio's handshake and shutdown tell no number of bytes: both are brought into one form.
asio::awaitable<io_outcome> nothing() { co_return io_outcome{}; }

class plain_wire final : public wire {
 public:
  explicit plain_wire(tcp::socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<io_outcome> handshake() override { return nothing(); }
  asio::awaitable<io_outcome> read_some(asio::mutable_buffer into) override {
    return socket_.async_read_some(into, as_result);
  }
  asio::awaitable<io_outcome> write(asio::const_buffer from) override {
    return asio::async_write(socket_, from, as_result);
  }
  asio::awaitable<io_outcome> shutdown() override { return nothing(); }
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class tls_wire final : public wire {
 public:
  tls_wire(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  asio::awaitable<io_outcome> handshake() override {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    co_return io_outcome(error, 0);
  }
  asio::awaitable<io_outcome> read_some(asio::mutable_buffer into) override {
    return stream_.async_read_some(into, as_result);
  }
  asio::awaitable<io_outcome> write(asio::const_buffer from) override {
    return asio::async_write(stream_, from, as_result);
  }
  asio::awaitable<io_outcome> shutdown() override {
    const auto [error] = co_await stream_.async_shutdown(as_result);
    co_return io_outcome(error, 0);
  }
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

void wire::cut() {
  boost::system::error_code ignored;
  socket().shutdown(tcp::socket::shutdown_both, ignored);
  socket().close(ignored);
}

void wire::reset() {
  boost::system::error_code ignored;
  socket().set_option(asio::socket_base::linger(true, 0), ignored);
  socket().close(ignored);
}

std::unique_ptr<wire> make_tls_wire(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<tls_wire>(std::move(socket), context);
}

std::unique_ptr<wire> make_plain_wire(tcp::socket socket) {
  return std::make_unique<plain_wire>(std::move(socket));
}

}  // namespace coupa_sim
