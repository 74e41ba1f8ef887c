#include "support/origin_line.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace pofetch::testing {

origin_line::origin_line(int descriptor, ssl_ctx_st* tls) : descriptor_(descriptor) {
  if (tls == nullptr) return;
  ssl_ = SSL_new(tls);
  SSL_set_fd(ssl_, descriptor_);
}

origin_line::~origin_line() {
  drop();
  SSL_free(ssl_);
}

bool origin_line::handshake() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }

bool origin_line::ask_certificate() {
  SSL_set_verify(ssl_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const bool late = SSL_version(ssl_) >= TLS1_3_VERSION;
  if ((late ? SSL_verify_client_post_handshake(ssl_) : SSL_renegotiate(ssl_)) != 1) return false;
  if (SSL_do_handshake(ssl_) != 1) return false;
  // It comes without any data of the application, for which reading would wait.
  const timeval moment{0, 20'000};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
  char ignored = 0;
  for (int i = 0; i < 100 && SSL_get0_peer_certificate(ssl_) == nullptr && !ended(); ++i) {
    const int got = SSL_peek(ssl_, &ignored, 1);
    if (got <= 0 && SSL_get_error(ssl_, got) != SSL_ERROR_WANT_READ) return false;
  }
  const timeval none{0, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
  return SSL_get0_peer_certificate(ssl_) != nullptr;
}

std::size_t origin_line::receive(char* into, std::size_t size) {
  if (ended()) return 0;
  std::size_t count = 0;
  if (ssl_ != nullptr) return SSL_read_ex(ssl_, into, size, &count) == 1 ? count : 0;
  const ssize_t got = ::recv(descriptor_, into, size, 0);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool origin_line::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (ended()) return false;
    std::size_t count = 0;
    if (ssl_ != nullptr) {
      if (SSL_write_ex(ssl_, bytes.data(), bytes.size(), &count) != 1) return false;
    } else {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      count = static_cast<std::size_t>(sent);
    }
    bytes.remove_prefix(count);
  }
  return true;
}

void origin_line::close() {
  if (ssl_ != nullptr && !ended() && SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
  drop();
}

void origin_line::cut() { drop(); }

void origin_line::reset() {
  const linger at_once{1, 0};
  const std::lock_guard lock(mutex_);
  if (descriptor_ < 0) return;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(descriptor_);
  descriptor_ = -1;
}

void origin_line::drop() {
  const std::lock_guard lock(mutex_);
  if (descriptor_ < 0) return;
  ::shutdown(descriptor_, SHUT_RDWR);
  ::close(descriptor_);
  descriptor_ = -1;
}

bool origin_line::wait(std::chrono::milliseconds span) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, span, [this] { return interrupted_; });
  return !interrupted_ && descriptor_ >= 0;
}

void origin_line::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
  wake_.notify_all();
}

bool origin_line::ended() const {
  const std::lock_guard lock(mutex_);
  return descriptor_ < 0 || interrupted_;
}

bool origin_line::resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }

std::string origin_line::server_name() const {
  const char* const name = ssl_ == nullptr ? nullptr : SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? std::string() : std::string(name);
}

std::string origin_line::client_name() const {
  X509* const certificate = ssl_ == nullptr ? nullptr : SSL_get0_peer_certificate(ssl_);
  if (certificate == nullptr) return {};
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

}  // namespace pofetch::testing
