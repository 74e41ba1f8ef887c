#pragma once

#include "service/server/sockets/listen_address.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/error.hpp>

#include <string>
#include <vector>

namespace pofetch::service {

/// Opens what the service listens on: sockets that systemd hands over, and those of --listen; without either,
/// 127.0.0.1:8080. An address that is handed over is not opened a second time. Failures as for
/// `listening_socket`, and `config` for one that others than this machine can reach without a token or TLS.
[[nodiscard]] result<std::vector<listening_socket>> open_listeners(const settings::serve_options& options);

/// `https://127.0.0.1:8443`, `unix:/run/pofetch/api.sock`.
[[nodiscard]] std::string url_of(const listening_socket& socket, bool tls);

}  // namespace pofetch::service
