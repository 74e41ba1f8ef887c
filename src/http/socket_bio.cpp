#include "http/socket_bio.hpp"

#include <openssl/bio.h>

#include <cerrno>
#include <cstddef>
#include <sys/socket.h>
#include <sys/types.h>

namespace pofetch::http {

namespace {

using socket_type = boost::asio::ip::tcp::socket;

/// -1 once the socket is closed: its number may belong to somebody else by then.
int descriptor_of(BIO* bio) {
  auto* socket = static_cast<socket_type*>(BIO_get_data(bio));
  if (socket == nullptr || !socket->is_open()) {
    errno = EBADF;
    return -1;
  }
  return socket->native_handle();
}

int read_from(BIO* bio, char* to, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  const int fd = descriptor_of(bio);
  const ssize_t got = fd < 0 ? -1 : ::recv(fd, to, size, 0);
  if (got > 0) {
    *count = static_cast<std::size_t>(got);
    return 1;
  }
  if (got == 0) {
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return 0;
  }
  if (would_block(errno)) BIO_set_retry_read(bio);
  return -1;
}

int write_to(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  BIO_clear_retry_flags(bio);
  const int fd = descriptor_of(bio);
  const ssize_t sent = fd < 0 ? -1 : ::send(fd, from, size, MSG_NOSIGNAL);
  if (sent >= 0) {
    *count = static_cast<std::size_t>(sent);
    return 1;
  }
  if (would_block(errno)) BIO_set_retry_write(bio);
  return -1;
}

long control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP:
      return 1;
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default:
      return 0;
  }
}

BIO_METHOD* make_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_read_ex(method, &read_from);
  BIO_meth_set_write_ex(method, &write_to);
  BIO_meth_set_ctrl(method, &control);
  return method;
}

}  // namespace

bio_st* make_socket_bio(socket_type& socket) {
  static BIO_METHOD* const method = make_method();
  BIO* bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace pofetch::http
