#pragma once

#include <pofetch/instance_options.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

/// An instance and who signs in there, by a name that batches give: `[profile.NAME]` of the configuration
/// file.
struct profile {
  std::string name;
  instance_options access;
  /// Of the source manifest: hosts that lists may name.
  std::vector<std::string> manifest_hosts{};
};

/// What a webhook may be sent.
inline constexpr std::array<std::string_view, 4> webhook_events{"batch.completed", "batch.incomplete",
                                                                "batch.failed", "sign_in.needed"};

/// Whom the service tells how batches end: `[webhook.NAME]` of the configuration file.
struct webhook {
  std::string name;
  std::string url;  ///< https
  std::filesystem::path secret_file;
  std::vector<std::string> events{};
  /// PEM file with certificate authorities in addition to the system's; empty: none.
  std::string ca_file{};
  /// Hosts that may be reached though their address is not of the open internet.
  std::vector<std::string> allow_hosts{};
};

/// How the service runs. Plain data.
struct serve_options {
  /// Everything that it keeps.
  std::filesystem::path data;
  /// `HOST:PORT` or `unix:PATH`; none: 127.0.0.1:8080.
  std::vector<std::string> listen{};
  /// Where /metrics, /healthz and /readyz are asked for; empty: with the rest.
  std::string metrics_listen;
  std::filesystem::path tokens;
  /// PEM; empty: no TLS of its own.
  std::filesystem::path tls_cert;
  /// Empty: the key stands in the file of the certificate.
  std::filesystem::path tls_key;
  /// Not empty: clients must show a certificate of these authorities.
  std::filesystem::path tls_client_ca;
  /// Listens beyond loopback without TLS.
  bool plain_http = false;
  std::vector<std::string> public_urls{};
  std::string socket_mode = "0660";
  unsigned max_running = 4;
  std::uint64_t max_list = 256ULL << 20;
  std::uint64_t min_free = 1ULL << 30;
  /// How long ended batches are kept; 0: for ever.
  std::chrono::milliseconds keep{std::chrono::hours{24 * 30}};
  std::chrono::milliseconds keep_failed{std::chrono::hours{24 * 90}};
  /// Only makes a token of that name, with these scopes.
  std::string new_token;
  std::string scope;
  std::vector<profile> profiles{};
  std::vector<webhook> webhooks{};
};

}  // namespace pofetch::settings
