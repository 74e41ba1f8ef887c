#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace pofetch::testing {

/// Listens on a free port of the loopback addresses. Throws std::runtime_error if none can be had.
class origin_sockets {
 public:
  origin_sockets(bool ipv4, bool ipv6);
  ~origin_sockets();

  origin_sockets(const origin_sockets&) = delete;
  origin_sockets& operator=(const origin_sockets&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Blocks for the next client; -1 after `stop`.
  int accept();

  /// Any thread.
  void stop();

 private:
  bool listen_on(int family);
  void close_all();

  std::vector<int> listening_;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
};

/// Gives a TLS context its certificate chain and key (PEM).
bool use_identity(ssl_ctx_st* context, const std::string& certificate, const std::string& key);

/// Makes a TLS context accept certificates of this authority (PEM).
bool trust(ssl_ctx_st* context, const std::string& authority);

}  // namespace pofetch::testing
