#pragma once

#include "async/rate_limiter.hpp"
#include "async/slow_down.hpp"
#include "http/cookie_jar.hpp"
#include "http/trust_store.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace pofetch::http {

/// What the clients of all lanes share in one run. Every member may be used on any thread.
class shared_state {
 public:
  /// `requests_per_second` and `bytes_per_second`: 0 is no limit.
  shared_state(double requests_per_second, std::uint64_t bytes_per_second);

  cookie_jar cookies;
  trust_store trust;
  /// Request starts.
  async::rate_limiter request_rate;
  /// Bytes received.
  async::rate_limiter byte_rate;

  /// The pause that this host asked for, if any. The reference stays valid.
  [[nodiscard]] async::slow_down& pause_of(std::string_view host);

  // --- counters ---

  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> resumed_handshakes{0};
  std::atomic<std::uint64_t> bytes_received{0};

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<async::slow_down>, std::less<>> pauses_;
};

}  // namespace pofetch::http
