#pragma once

#include "http/tls_context.hpp"

#include <pofetch/error.hpp>

#include <filesystem>
#include <memory>

namespace pofetch::service {

/// Files in PEM of --tls-cert, --tls-key and --tls-client-ca.
struct tls_files {
  /// The chain, the service's own certificate first.
  std::filesystem::path certificate{};
  /// Empty: the key stands in the file of the certificate.
  std::filesystem::path key{};
  /// Authorities of clients; not empty: every client must show a certificate of theirs.
  std::filesystem::path client_authorities{};
};

/// How the service proves who it is: TLS 1.2 and later, HTTP/1.1 only, no renegotiation. Immutable;
/// connections keep what they were begun with.
class tls_identity {
 public:
  /// Failure `config` names the option and the file: one cannot be read, or certificate and key are no pair.
  [[nodiscard]] static result<std::shared_ptr<const tls_identity>> load(const tls_files& from);
  ~tls_identity();
  tls_identity(const tls_identity&) = delete;
  tls_identity& operator=(const tls_identity&) = delete;

  /// The service's side of a new connection on this descriptor, before the handshake. Null: no memory.
  [[nodiscard]] http::ssl_ptr new_session(int socket) const;

 private:
  explicit tls_identity(ssl_ctx_st* context) noexcept : context_(context) {}

  ssl_ctx_st* context_;
};

}  // namespace pofetch::service
