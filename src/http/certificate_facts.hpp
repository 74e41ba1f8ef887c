#pragma once

#include <chrono>
#include <optional>
#include <string>

struct ssl_st;

namespace pofetch::http {

/// What a person wants to know of a host's certificate. The names come from outside.
struct certificate_facts {
  /// `CN=tenant.coupahost.com`, as RFC 2253 writes it, at most 200 bytes.
  std::string subject{};
  std::string issuer{};
  std::chrono::system_clock::time_point expires{};
  /// `TLSv1.3`; empty before the handshake has come so far.
  std::string protocol{};
};

/// Of the certificate that the other side has shown, also if it was refused. Nothing if it has shown none.
[[nodiscard]] std::optional<certificate_facts> facts_of(ssl_st* connection);

}  // namespace pofetch::http
