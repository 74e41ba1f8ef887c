#include "async/rate_limiter.hpp"

#include <algorithm>

namespace pofetch::async {

rate_limiter::rate_limiter(double per_second, double burst)
    : nanoseconds_per_unit_(per_second > 0 ? 1e9 / per_second : 0),
      tolerance_ns_(static_cast<std::int64_t>(nanoseconds_per_unit_ * (std::max(burst, 1.0) - 1))) {}

rate_limiter::duration rate_limiter::book(time_point now, double units) {
  if (!limits()) return duration::zero();
  const std::int64_t now_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  const auto cost = static_cast<std::int64_t>(nanoseconds_per_unit_ * units);
  std::int64_t before = arrival_ns_.load(std::memory_order_relaxed);
  std::int64_t start = 0;
  do {
    start = std::max(before, now_ns);
  } while (!arrival_ns_.compare_exchange_weak(before, start + cost, std::memory_order_relaxed));
  const std::int64_t wait = start - tolerance_ns_ - now_ns;
  return std::chrono::nanoseconds(std::max<std::int64_t>(wait, 0));
}

}  // namespace pofetch::async
