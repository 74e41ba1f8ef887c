#pragma once

#include "async/rate_limiter.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_load.hpp"
#include "http/trust_store.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// The most that one run may do to servers.
/// Hosts beyond this many share one entry, and one line.
constexpr std::size_t max_hosts = 1024;

struct run_limits {
  double requests_per_second = 0;      ///< 0: no limit
  std::uint64_t bytes_per_second = 0;  ///< 0: no limit
  unsigned max_connections = 16;       ///< over all lanes
  /// Less than that where a host shows that it is too much for it.
  bool adaptive = false;
};

/// How one host is being spared.
struct spared_host {
  std::string host;
  unsigned in_flight = 0;  ///< requests that may be
  unsigned most = 0;       ///< of them, without a reason to spare it
  double per_second = 0;   ///< requests started; 0: any number
  std::chrono::milliseconds pause{0};
};

/// What the clients of all lanes share in one run. Every member may be used on any thread.
class shared_state {
 public:
  explicit shared_state(const run_limits& limits);

  cookie_jar cookies;
  trust_store trust;
  /// Request starts.
  async::rate_limiter request_rate;
  /// Bytes received: booked before they are read.
  async::rate_limiter byte_rate;
  /// Bytes that are booked at once, at most: few enough for the rate to be smooth.
  const std::size_t byte_piece;
  const unsigned max_connections;

  /// What is known of how much this host bears. The reference stays valid. Takes a lock: once a lane and
  /// host.
  [[nodiscard]] host_load& load_of(std::string_view host);

  /// The hosts that get less than they might, at the moment.
  [[nodiscard]] std::vector<spared_host> spared(std::chrono::steady_clock::time_point now);

  // --- counters ---

  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> resumed_handshakes{0};
  std::atomic<std::uint64_t> bytes_received{0};

 private:
  const bool adaptive_;
  std::mutex mutex_;
  std::map<std::string, host_load, std::less<>> hosts_;
};

}  // namespace pofetch::http
