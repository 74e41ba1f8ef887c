#include "service/server/sockets/client_stream.hpp"

#include "http/io_result.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <sys/sendfile.h>

namespace pofetch::service {

namespace {

/// A client whose bytes never end lets the others have a turn after so many.
constexpr std::size_t turn_bytes = 256U << 10;

}  // namespace

awaitable<bool> client_stream::open() {
  boost::system::error_code error;
  socket_.native_non_blocking(true, error);
  if (error) co_return false;
  if (!session_) co_return true;
  std::size_t nothing = 0;
  whole_ = co_await do_secretly(job::shake_hands, nullptr, 0, nothing);
  co_return whole_;
}

awaitable<std::size_t> client_stream::read_some(std::span<char> into) {
  std::size_t moved = 0;
  if (session_) {
    const bool good = co_await do_secretly(job::read, into.data(), into.size(), moved);
    co_return good ? moved : 0;
  }
  const boost::asio::mutable_buffer space(into.data(), into.size());
  const auto [error, count] = co_await socket_.async_read_some(space, http::as_result);
  co_return error ? 0 : count;
}

awaitable<std::size_t> client_stream::write_some(std::string_view bytes) {
  std::size_t moved = 0;
  if (session_) {
    // Only read from.
    char* const from = const_cast<char*>(bytes.data());
    const bool good = co_await do_secretly(job::write, from, bytes.size(), moved);
    co_return good ? moved : 0;
  }
  const boost::asio::const_buffer rest(bytes.data(), bytes.size());
  const auto [error, count] = co_await socket_.async_write_some(rest, http::as_result);
  co_return error ? 0 : count;
}

/// Tries, and waits for the socket where it has to: either direction may be what TLS needs next.
awaitable<bool> client_stream::do_secretly(job what, char* bytes, std::size_t size, std::size_t& count) {
  for (;;) {
    const step made = attempt(what, bytes, size, count);
    if (made == step::failed) co_return false;
    if (made == step::done) break;
    since_break_ = 0;
    const auto direction = made == step::wait_read ? stream_socket::wait_read : stream_socket::wait_write;
    const auto [error] = co_await socket_.async_wait(direction, http::as_result);
    if (error) co_return false;
  }
  co_await give_way(count);
  co_return true;
}

awaitable<> client_stream::give_way(std::size_t count) {
  since_break_ += count;
  if (since_break_ < turn_bytes) co_return;
  since_break_ = 0;
  const auto executor = socket_.get_executor();
  co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

awaitable<client_stream::file_step> client_stream::send_file(file_rest& rest) {
  if (session_) co_return file_step::impossible;
  for (;;) {
    if (!socket_.is_open()) co_return file_step::broken;
    auto at = static_cast<off_t>(rest.at);
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(rest.left, turn_bytes));
    const ssize_t sent = ::sendfile(socket_.native_handle(), rest.file, &at, wanted);
    if (sent > 0) {
      const auto count = static_cast<std::size_t>(sent);
      rest.at += count;
      rest.left -= count;
      co_await give_way(count);
      co_return file_step::sent;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EINVAL || errno == ENOSYS)) co_return file_step::impossible;
    if (sent == 0 || errno != EAGAIN) co_return file_step::broken;
    since_break_ = 0;
    const auto [error] = co_await socket_.async_wait(stream_socket::wait_write, http::as_result);
    if (error) co_return file_step::broken;
  }
}

client_stream::step client_stream::attempt(job what, char* bytes, std::size_t size, std::size_t& count) {
  if (!socket_.is_open()) return step::failed;
  ERR_clear_error();
  errno = 0;
  int outcome = 0;
  switch (what) {
    case job::shake_hands:
      outcome = SSL_do_handshake(session_.get());
      break;
    case job::read:
      outcome = SSL_read_ex(session_.get(), bytes, size, &count);
      break;
    case job::write:
      outcome = SSL_write_ex(session_.get(), bytes, size, &count);
      break;
  }
  if (outcome == 1) return step::done;
  switch (SSL_get_error(session_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      return step::wait_read;
    case SSL_ERROR_WANT_WRITE:
      return step::wait_write;
    case SSL_ERROR_ZERO_RETURN:
      return step::failed;
    default:
      whole_ = false;
      ERR_clear_error();
      return step::failed;
  }
}

void client_stream::cancel() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void client_stream::end_sending() {
  if (whole_ && socket_.is_open()) SSL_shutdown(session_.get());
  ERR_clear_error();
  session_.reset();
  boost::system::error_code ignored;
  socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
}

void client_stream::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace pofetch::service
