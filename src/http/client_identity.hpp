#pragma once

#include <pofetch/error.hpp>

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct ssl_st;
struct x509_st;

namespace pofetch::http {

/// Where a client certificate comes from.
struct client_identity_files {
  /// PEM: the certificate, and behind it those that lead to its authority.
  std::string certificate{};
  /// PEM with its private key; empty: it stands in the file of the certificate.
  std::string key{};
  /// What opens an encrypted key. A secret.
  std::string password{};
};

/// A certificate that says who this client is, with its chain and private key. Immutable.
class client_identity {
 public:
  /// Failure config, one sentence that names option and file: it cannot be read, holds no certificate or
  /// key, the passphrase is missing or wrong, certificate and key do not belong together. Blocks.
  [[nodiscard]] static result<std::unique_ptr<client_identity>> load(const client_identity_files& from);
  ~client_identity();

  client_identity(const client_identity&) = delete;
  client_identity& operator=(const client_identity&) = delete;

  /// Shows it to this connection's server, if that asks. False: OpenSSL refuses, its error queue says why.
  [[nodiscard]] bool use_on(ssl_st* connection) const;

 private:
  client_identity() = default;
  result<void> read_certificates(const std::string& file);
  result<void> read_key(const client_identity_files& from);

  std::vector<x509_st*> certificates_;  // its own first
  evp_pkey_st* key_ = nullptr;
};

}  // namespace pofetch::http
