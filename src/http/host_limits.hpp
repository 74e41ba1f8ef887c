#pragma once

#include "async/rate_limiter.hpp"
#include "http/host_load.hpp"
#include "http/host_standing.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

class host_lines;

/// Hosts beyond this many share one entry, and one line.
constexpr std::size_t max_hosts = 1024;

/// The most that may be asked of servers.
struct ceilings {
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

/// What servers bear, and what may be asked of them: one for all batches at an instance, so that they share
/// it. Every member may be used on any thread.
class host_limits {
 public:
  explicit host_limits(const ceilings& most);

  /// Request starts.
  async::rate_limiter request_rate;
  /// Bytes received: booked before they are read.
  async::rate_limiter byte_rate;
  /// Bytes that are booked at once, at most: few enough for the rate to be smooth.
  std::atomic<std::size_t> byte_piece;
  /// Those that lanes were made for.
  const unsigned max_connections;
  /// Those that may be by now, over all lanes.
  [[nodiscard]] unsigned connections() const noexcept { return connections_.load(std::memory_order_relaxed); }

  /// What is known of how much this host bears. The reference stays valid. Takes a lock: once a lane and
  /// host.
  [[nodiscard]] host_load& load_of(std::string_view host);

  /// The lines of an executor, for all who ask for them there; `most` is what the first one says. Any thread.
  [[nodiscard]] std::shared_ptr<host_lines> lines_on(const boost::asio::any_io_executor& where,
                                                     std::size_t most);

  /// Somebody else shares these limits from now on: of two ceilings on rates the lower one holds.
  void tighten(const ceilings& most);

  /// From now on: requests a second (0: no limit) and connections.
  void change(double requests_per_second, unsigned connections);

  /// Every host that was asked for anything.
  [[nodiscard]] std::vector<host_standing> hosts(std::chrono::steady_clock::time_point now);

  /// The hosts that get less than they might, at the moment.
  [[nodiscard]] std::vector<spared_host> spared(std::chrono::steady_clock::time_point now);

 private:
  const bool adaptive_;
  std::atomic<unsigned> connections_;
  std::mutex mutex_;
  std::map<std::string, host_load, std::less<>> hosts_;
  struct standing {
    boost::asio::any_io_executor executor;
    std::weak_ptr<host_lines> lines;
  };
  std::vector<standing> lines_;
};

}  // namespace pofetch::http
