#pragma once

#include "http/tls_context.hpp"
#include "service/server/sockets/file_rest.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace pofetch::service {

using stream_socket = boost::asio::generic::stream_protocol::socket;

/// The socket of one client, with TLS over it or without. Belongs to one executor; one operation at a time.
class client_stream {
 public:
  /// `session`: the service's side of TLS on that socket; null: plain text.
  client_stream(stream_socket socket, http::ssl_ptr session)
      : socket_(std::move(socket)), session_(std::move(session)) {}

  [[nodiscard]] bool is_secret() const noexcept { return session_ != nullptr; }
  [[nodiscard]] auto get_executor() { return socket_.get_executor(); }

  /// The handshake, where there is one. False: it failed, or `cancel` ended it.
  [[nodiscard]] awaitable<bool> open();
  /// Waits for bytes; how many came. 0: the client has ended its side, the connection is broken, or `cancel`
  /// ended the wait.
  [[nodiscard]] awaitable<std::size_t> read_some(std::span<char> into);
  /// Sends as much as there is room for; how much that was. 0: the connection is broken, or `cancel` ended
  /// the wait.
  [[nodiscard]] awaitable<std::size_t> write_some(std::string_view bytes);

  enum class file_step { sent, broken, impossible };
  /// Sends a piece of what is left of a file, which must not be nothing, without its bytes passing through
  /// this process, and moves `rest` on. `broken`: as with `write_some`, or the file has become shorter.
  /// `impossible`: not under TLS, nor from every kind of file; nothing was sent.
  [[nodiscard]] awaitable<file_step> send_file(file_rest& rest);

  /// Ends the operation under way, if there is one.
  void cancel();
  /// Tells the client that nothing more comes. What is read from then on is good for being thrown away only:
  /// it is as the socket gives it.
  void end_sending();
  void close();

 private:
  enum class job { shake_hands, read, write };
  enum class step { done, wait_read, wait_write, failed };

  [[nodiscard]] awaitable<bool> do_secretly(job what, char* bytes, std::size_t size, std::size_t& count);
  /// So many bytes have been moved: are others to have a turn?
  [[nodiscard]] awaitable<> give_way(std::size_t count);
  [[nodiscard]] step attempt(job what, char* bytes, std::size_t size, std::size_t& count);

  stream_socket socket_;
  http::ssl_ptr session_;
  /// TLS is still good for a last word.
  bool whole_ = false;
  /// Bytes moved without giving way to others.
  std::size_t since_break_ = 0;
};

}  // namespace pofetch::service
