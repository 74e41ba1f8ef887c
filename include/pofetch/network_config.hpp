#pragma once

#include <string>
#include <vector>

namespace pofetch {

/// What the network between this machine and the instance asks for, beside what stands in pool_config. The
/// engine itself looks at no environment variable. Plain data; what cannot be used is reported when a run
/// begins.
struct network_config {
  /// Proxy that TLS goes through (HTTP CONNECT): `http://[USER:PASSWORD@]HOST:PORT`. Empty: none. May hold a
  /// secret.
  std::string proxy{};
  /// Hosts that are reached without it: `*`, `example.com` (and what is below it), `10.0.0.0/8`, `host:8443`.
  std::vector<std::string> no_proxy{};
  /// An instance on this machine itself is reached through the proxy, too.
  bool proxy_loopback = false;

  /// PEM file with a certificate (and its chain) that is shown to the instance's own origin, if that asks.
  std::string client_cert{};
  /// PEM file with its private key. Empty: the key stands in `client_cert`.
  std::string client_key{};
  /// Opens an encrypted key. A secret.
  std::string client_key_password{};
};

}  // namespace pofetch
