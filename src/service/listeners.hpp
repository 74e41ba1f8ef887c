#pragma once

#include "service/server/sockets/listen_address.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/error.hpp>

#include <string>
#include <vector>

namespace pofetch::service {

struct listeners {
  std::vector<listening_socket> api;
  /// Those for monitoring alone; none: that is with the rest.
  std::vector<listening_socket> metrics{};
};

/// Opens what the service listens on: sockets that systemd hands over (by the name `metrics` for monitoring),
/// those of --listen and of --metrics-listen; without any for the API, 127.0.0.1:8080. An address that is
/// handed over is not opened a second time. Failures as for `listening_socket`, and `config` for one that
/// others than this machine can reach without a token or TLS.
[[nodiscard]] result<listeners> open_listeners(const settings::serve_options& options);

/// `https://127.0.0.1:8443`, `unix:/run/pofetch/api.sock`.
[[nodiscard]] std::string url_of(const listening_socket& socket, bool tls);

}  // namespace pofetch::service
