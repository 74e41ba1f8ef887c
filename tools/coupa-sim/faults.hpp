#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <string_view>
#include <vector>

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

/// A leaky bucket of `rate` requests per second with a burst of at most `burst`, and of what comes in a
/// second. Any thread.
class throttle {
 public:
  explicit throttle(unsigned rate, unsigned burst = 20);

  /// False: the request is one too many. Always true with a rate of 0.
  [[nodiscard]] bool admit();

 private:
  const unsigned rate_;
  const double depth_;
  std::mutex mutex_;
  double tokens_;
  std::chrono::steady_clock::time_point last_;
};

/// So many at work at once; whoever comes when all places are taken stands in line. Any thread.
class workplaces {
 public:
  /// 0: no end of places.
  explicit workplaces(unsigned count);

  /// Takes the place that is free first, for `span`, and returns when that will be over.
  [[nodiscard]] std::chrono::steady_clock::time_point take(std::chrono::steady_clock::time_point now,
                                                           std::chrono::steady_clock::duration span);

 private:
  const bool limited_;
  std::mutex mutex_;
  /// When each place is free again, the first on top.
  std::priority_queue<std::chrono::steady_clock::time_point,
                      std::vector<std::chrono::steady_clock::time_point>, std::greater<>>
      free_;
};

}  // namespace coupa_sim
