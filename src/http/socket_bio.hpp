#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cerrno>

struct bio_st;

namespace pofetch::http {

/// Does this errno of a socket say "not now"?
[[nodiscard]] inline bool would_block(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/// Lets OpenSSL read from and write to a socket directly: no copy in between, no SIGPIPE, and no touching of
/// a descriptor that has been closed meanwhile. The socket must be non-blocking and outlive the BIO, which
/// the SSL that it is given to frees. nullptr: no memory.
[[nodiscard]] bio_st* make_socket_bio(boost::asio::ip::tcp::socket& socket);

}  // namespace pofetch::http
