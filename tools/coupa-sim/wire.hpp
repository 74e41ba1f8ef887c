#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstddef>
#include <memory>
#include <tuple>

namespace coupa_sim {

/// An error code and a number of bytes.
using io_outcome = std::tuple<boost::system::error_code, std::size_t>;

/// One connection as a stream of bytes, with TLS or without. Used on its socket's executor only.
class wire {
 public:
  virtual ~wire() = default;

  [[nodiscard]] virtual boost::asio::awaitable<io_outcome> handshake() = 0;
  [[nodiscard]] virtual boost::asio::awaitable<io_outcome> read_some(boost::asio::mutable_buffer into) = 0;
  /// Writes all of it.
  [[nodiscard]] virtual boost::asio::awaitable<io_outcome> write(boost::asio::const_buffer from) = 0;
  /// Says good-bye as TLS does; the socket stays open.
  [[nodiscard]] virtual boost::asio::awaitable<io_outcome> shutdown() = 0;

  [[nodiscard]] virtual boost::asio::ip::tcp::socket& socket() = 0;

  /// Ends the connection at once with FIN; what is awaited on it fails.
  void cut();
  /// Ends it with RST.
  void reset();
};

[[nodiscard]] std::unique_ptr<wire> make_tls_wire(boost::asio::ip::tcp::socket socket,
                                                  boost::asio::ssl::context& context);
[[nodiscard]] std::unique_ptr<wire> make_plain_wire(boost::asio::ip::tcp::socket socket);

}  // namespace coupa_sim
