#pragma once

#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace coupa_sim {

/// A certificate and its private key, both PEM. The certificate may be followed by its chain.
struct key_pair {
  std::string certificate;
  std::string key;
};

/// What a certificate is to be like.
struct certificate_wish {
  /// DNS names and IP addresses for the subject alternative name; the first is the common name too.
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  bool expired = false;      ///< valid until yesterday
  bool self_signed = false;  ///< signed by its own key instead of the authority's
  bool for_client = false;   ///< may identify a client, not a server
};

/// A certificate authority of its own, made when constructed (EC P-256, good for a day around now).
/// Immutable afterwards: `issue` may be called from any thread. Throws std::runtime_error if OpenSSL
/// refuses.
class certificate_authority {
 public:
  certificate_authority();
  ~certificate_authority();

  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;

  /// The authority's own certificate, as for `--cacert`.
  [[nodiscard]] const std::string& pem() const noexcept { return pem_; }

  [[nodiscard]] key_pair issue(const certificate_wish& wish = {}) const;

 private:
  evp_pkey_st* key_ = nullptr;
  x509_st* certificate_ = nullptr;
  std::string pem_;
};

}  // namespace coupa_sim
