#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace pofetch::async {

/// One host asked for a pause (429, 503): everybody who is about to send it a request looks here first.
/// Thread-safe without a lock.
class slow_down {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Nobody sends before `when`. Never shortens a pause.
  void hold_until(time_point when) noexcept;

  /// How long to wait from `now`. Callers do not all wake at once: each gets a place within the
  /// next `places * step` after the pause.
  [[nodiscard]] std::chrono::steady_clock::duration wait_from(time_point now) noexcept;

  /// What is left of the pause, for those whose turns come one after another anyway.
  [[nodiscard]] std::chrono::steady_clock::duration left(time_point now) const noexcept;

  /// Distance between two who wake after a pause.
  static constexpr std::chrono::milliseconds step{20};
  static constexpr int places = 64;

 private:
  std::atomic<std::int64_t> until_ns_{0};
  std::atomic<std::uint32_t> next_place_{0};
};

}  // namespace pofetch::async
