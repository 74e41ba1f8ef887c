#include "support/origin_sockets.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace pofetch::testing {
namespace {

/// Both kinds of loopback address behind one face.
struct loopback {
  loopback(int family, std::uint16_t port) {
    if (family == AF_INET) {
      auto& address = reinterpret_cast<sockaddr_in&>(storage);
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      length = sizeof address;
    } else {
      auto& address = reinterpret_cast<sockaddr_in6&>(storage);
      address.sin6_family = AF_INET6;
      address.sin6_port = htons(port);
      address.sin6_addr = in6addr_loopback;
      length = sizeof address;
    }
  }
  [[nodiscard]] sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  /// The port stands at the same place in both.
  [[nodiscard]] std::uint16_t port() const {
    return ntohs(reinterpret_cast<const sockaddr_in&>(storage).sin_port);
  }

  sockaddr_storage storage{};
  socklen_t length = 0;
};

struct releaser {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

std::unique_ptr<X509, releaser> read_certificate(const std::string& pem) {
  const std::unique_ptr<BIO, releaser> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return std::unique_ptr<X509, releaser>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

}  // namespace

origin_sockets::origin_sockets(bool ipv4, bool ipv6) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) throw std::runtime_error("the test origin could not make a pipe");
  // The second address may be taken on the port that the first one got: another port then.
  for (int tries = 0; tries < 20; ++tries) {
    const bool good = (!ipv4 || listen_on(AF_INET)) && (!ipv6 || listen_on(AF_INET6));
    if (good) return;
    close_all();
  }
  throw std::runtime_error("the test origin could not listen on the loopback addresses");
}

origin_sockets::~origin_sockets() {
  close_all();
  ::close(wake_[0]);
  ::close(wake_[1]);
}

void origin_sockets::close_all() {
  for (const int one : listening_) ::close(one);
  listening_.clear();
  port_ = 0;
}

bool origin_sockets::listen_on(int family) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  listening_.push_back(descriptor);
  const int on = 1;
  if (family == AF_INET6) ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  loopback address(family, port_);
  if (::bind(descriptor, address.raw(), address.length) != 0 || ::listen(descriptor, SOMAXCONN) != 0 ||
      ::getsockname(descriptor, address.raw(), &address.length) != 0) {
    return false;
  }
  port_ = address.port();
  return true;
}

int origin_sockets::accept() {
  for (;;) {
    std::vector<pollfd> waiting{pollfd{wake_[0], POLLIN, 0}};
    for (const int one : listening_) waiting.push_back(pollfd{one, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), -1) < 0 || waiting[0].revents != 0) return -1;
    for (std::size_t i = 1; i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      const int client = ::accept4(waiting[i].fd, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      // What is dripped byte by byte must leave byte by byte.
      const int on = 1;
      ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return client;
    }
  }
}

void origin_sockets::stop() {
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(wake_[1], &byte, 1);
}

bool use_identity(ssl_ctx_st* context, const std::string& certificate, const std::string& key) {
  const auto own = read_certificate(certificate);
  const std::unique_ptr<BIO, releaser> bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const std::unique_ptr<EVP_PKEY, releaser> secret(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  return own && secret && SSL_CTX_use_certificate(context, own.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, secret.get()) == 1;
}

bool trust(ssl_ctx_st* context, const std::string& authority) {
  const auto certificate = read_certificate(authority);
  return certificate && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) == 1;
}

}  // namespace pofetch::testing
