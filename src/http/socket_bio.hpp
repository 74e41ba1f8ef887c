#pragma once

#include <boost/asio/ip/tcp.hpp>

struct bio_st;

namespace pofetch::http {

/// Lets OpenSSL read from and write to a socket directly: no copy in between, no SIGPIPE, and no touching of
/// a descriptor that has been closed meanwhile. The socket must be non-blocking and outlive the BIO, which
/// the SSL that it is given to frees. nullptr: no memory.
[[nodiscard]] bio_st* make_socket_bio(boost::asio::ip::tcp::socket& socket);

}  // namespace pofetch::http
