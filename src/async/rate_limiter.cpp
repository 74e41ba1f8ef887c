#include "async/rate_limiter.hpp"

#include <algorithm>

namespace pofetch::async {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr double second_ns = 1e9;

}  // namespace

rate_limiter::rate_limiter(double per_second, double burst) { change(per_second, burst); }

void rate_limiter::change(double per_second, double burst) noexcept {
  const double unit = per_second > 0 ? second_ns / per_second : 0;
  tolerance_ns_.store(static_cast<std::int64_t>(unit * (std::max(burst, 1.0) - 1)), relaxed);
  unit_ns_.store(unit, relaxed);
}

double rate_limiter::per_second() const noexcept {
  const double unit = unit_ns_.load(relaxed);
  return unit > 0 ? second_ns / unit : 0;
}

rate_limiter::duration rate_limiter::book(time_point now, double units) {
  const double unit = unit_ns_.load(relaxed);
  if (unit <= 0) return duration::zero();
  const std::int64_t now_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  const auto cost = static_cast<std::int64_t>(unit * units);
  std::int64_t before = arrival_ns_.load(relaxed);
  std::int64_t start = 0;
  do {
    start = std::max(before, now_ns);
  } while (!arrival_ns_.compare_exchange_weak(before, start + cost, relaxed));
  const std::int64_t wait = start - tolerance_ns_.load(relaxed) - now_ns;
  return std::chrono::nanoseconds(std::max<std::int64_t>(wait, 0));
}

}  // namespace pofetch::async
