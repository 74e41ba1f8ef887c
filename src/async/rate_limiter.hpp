#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace pofetch::async {

/// A ceiling on something per second for the whole run (generic cell rate algorithm, ITU-T I.371): each
/// unit moves the theoretical arrival time on by 1/rate, and a caller may be `burst` units ahead of it.
/// Thread-safe without a lock: atomic numbers.
class rate_limiter {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// `per_second` 0: no limit. `burst` is the number of units that may go at once after a pause (>= 1).
  rate_limiter(double per_second, double burst);

  /// From now on; what is booked stays booked.
  void change(double per_second, double burst) noexcept;

  /// Books `units` and returns how long to wait before using them (0: go on). A booking cannot be
  /// taken back; callers are served in the order of their bookings.
  [[nodiscard]] duration book(time_point now, double units = 1);

  [[nodiscard]] bool limits() const noexcept { return unit_ns_.load(std::memory_order_relaxed) > 0; }
  /// 0: no limit.
  [[nodiscard]] double per_second() const noexcept;

 private:
  std::atomic<double> unit_ns_{0};
  std::atomic<std::int64_t> tolerance_ns_{0};
  std::atomic<std::int64_t> arrival_ns_{0};
};

}  // namespace pofetch::async
