#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

namespace coupa_sim {

/// How an answer goes wrong on purpose.
enum class fault {
  none,
  error_500,
  error_503,
  reset,  ///< the connection is reset before the answer
  cut,    ///< the connection ends in the middle of the body
  stall,  ///< the body stops in its middle for a while, then the connection is reset
};

/// What goes wrong with the `nth` request (from 0) for this path, in so many of a hundred cases. A
/// repeated request has a new chance, so that trying again helps.
[[nodiscard]] fault choose_fault(std::uint64_t seed, std::string_view path, std::uint64_t nth,
                                 unsigned percent) noexcept;

/// A leaky bucket of `rate` requests per second with a burst of at most 20. Any thread.
class throttle {
 public:
  explicit throttle(unsigned rate);

  /// False: the request is one too many. Always true with a rate of 0.
  [[nodiscard]] bool admit();

 private:
  const unsigned rate_;
  std::mutex mutex_;
  double tokens_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace coupa_sim
