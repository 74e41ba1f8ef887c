#include "async/slow_down.hpp"

#include <algorithm>

namespace pofetch::async {

namespace {

std::int64_t as_ns(slow_down::time_point when) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
}

}  // namespace

void slow_down::hold_until(time_point when) noexcept {
  const std::int64_t wanted = as_ns(when);
  std::int64_t before = until_ns_.load(std::memory_order_relaxed);
  while (before < wanted && !until_ns_.compare_exchange_weak(before, wanted, std::memory_order_relaxed)) {
  }
}

std::chrono::steady_clock::duration slow_down::left(time_point now) const noexcept {
  const std::int64_t remaining = until_ns_.load(std::memory_order_relaxed) - as_ns(now);
  return std::chrono::nanoseconds(std::max<std::int64_t>(remaining, 0));
}

std::chrono::steady_clock::duration slow_down::wait_from(time_point now) noexcept {
  const auto remaining = left(now);
  if (remaining.count() == 0) return remaining;
  const auto place = static_cast<int>(next_place_.fetch_add(1, std::memory_order_relaxed) % places);
  return remaining + place * step;
}

}  // namespace pofetch::async
