#pragma once

#include "http/client_identity.hpp"
#include "http/proxy.hpp"
#include "http/upload_body.hpp"
#include "http/way.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/network_config.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::http {

class cookie_jar;
class host_limits;
class request_watch;
class trust_store;
struct client_guest;
struct client_lane;

/// What the clients of one instance have in common. Everything must outlive them.
struct common {
  host_limits& limits;
  cookie_jar& cookies;
  trust_store& trust;
  /// Null: nobody hears of requests.
  request_watch* watch = nullptr;
};

/// What one client has done. Any thread.
struct traffic {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> resumed_handshakes{0};
  std::atomic<std::uint64_t> bytes_received{0};
};

/// How one lane's client works.
struct client_config {
  /// Its origin is the instance's own; empty: there is none (manifest).
  std::string base_url{};
  /// Added to every request to the own origin, and to no other. Secrets.
  std::vector<http_field> own_fields{};
  /// Plain HTTP to loopback addresses is allowed.
  bool allow_http = false;
  /// Over plain HTTP the own origin may also be of this link: a cloud's service for its machines.
  bool plain_to_link = false;
  /// Hosts that may be reached though their address is not of the open internet.
  std::vector<std::string> allow_hosts{};
  /// PEM file with certificate authorities in addition to the system's; empty: none.
  std::string ca_file{};
  /// Shown to the own origin, and to no other.
  client_identity_files identity{};
  /// The way out of a company network.
  proxy_settings proxy{};
  /// Connections that this lane may have open. At least 1.
  std::size_t max_connections = 16;
  /// Those of the run that belong to lanes before this one: what a host can bear is dealt out in that order.
  std::size_t connections_before = 0;
  /// A larger response head is refused (bytes).
  std::uint32_t max_header_size = 64U << 10;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds idle_timeout{30'000};
  /// 0: none.
  std::chrono::milliseconds request_timeout{0};
  /// A server's Retry-After is obeyed up to this.
  std::chrono::milliseconds retry_after_cap{300'000};
  /// Empty: `pofetch/<version>`.
  std::string user_agent{};
  /// The own origin is reached through this Unix socket; empty: over the network.
  std::string unix_path{};
};

/// What the engine's settings mean for one lane that gets `connections` of the run's connections.
[[nodiscard]] client_config make_client_config(const pool_config& pool, const network_config& network,
                                               std::string base_url, std::vector<http_field> own_fields,
                                               std::size_t connections);

/// HTTP/1.1 over TLS: the transport of one batch on one lane. Clients of several batches may stand on the
/// same lane: they share its connections, and get turns by their weights. Belongs to one executor and is used
/// and destroyed on its thread only, but for `requests` and `seen`.
class client final : public transport {
 public:
  /// A new lane, and the first client on it, with `weight` turns a round. Failure config: base_url, a field,
  /// the proxy or one of the files cannot be used.
  [[nodiscard]] static result<std::unique_ptr<client>> make(boost::asio::any_io_executor executor,
                                                            client_config config, const common& all,
                                                            unsigned weight = 1);
  /// One more client on a lane.
  client(std::shared_ptr<client_lane> lane, unsigned weight);
  ~client() override;

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  [[nodiscard]] awaitable<result<http_response>> exchange(const http_request& request,
                                                          body_sink& sink) override;
  void spare(std::string_view url) override;
  [[nodiscard]] std::uint64_t requests() const noexcept override;

  /// An exchange with a body that is sent once, and only when the server wants it (Expect: 100-continue). An
  /// answer that comes before the body is whole is the result, and so is a redirect. Both must outlive it.
  [[nodiscard]] awaitable<result<http_response>> upload(const http_request& request, upload_body& body,
                                                        body_sink& sink);

  /// Opens a connection to that origin, TLS and its checks included, and keeps it for the first request;
  /// sends nothing. Failures: timeout, connection, tls, config and those of an address that is refused.
  [[nodiscard]] awaitable<result<void>> reach(std::string url);

  /// Goes the same way step by step with a connection of its own, which is closed again, and tells what is
  /// found on it: where it fails, `found` holds what came before. Failures as above. `found` must outlive the
  /// call.
  [[nodiscard]] awaitable<result<void>> explore(std::string url, way_facts& found);

  /// For further clients.
  [[nodiscard]] const std::shared_ptr<client_lane>& lane() const noexcept { return lane_; }
  [[nodiscard]] const traffic& seen() const noexcept;

  /// Closes idle connections, unless others are on the lane. To be called on the lane's thread when its work
  /// is done: a connection's timer may otherwise keep the io_context busy for as long as the idle timeout.
  void close();

  /// Connections at rest, and turns that nobody holds.
  [[nodiscard]] std::size_t idle_connections() const noexcept;
  [[nodiscard]] std::size_t free_turns() const noexcept;

 private:
  std::shared_ptr<client_lane> lane_;
  std::unique_ptr<client_guest> guest_;
};

/// `Name: value` lines as of `--header`. Failure config names the line by its number, never its value.
[[nodiscard]] result<std::vector<http_field>> parse_header_lines(const std::vector<std::string>& lines);

}  // namespace pofetch::http
