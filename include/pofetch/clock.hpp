#pragma once

#include <pofetch/awaitable.hpp>

#include <chrono>

namespace pofetch {

/// Time as the engine sees it: a port, so that tests run on a clock of their own without sleeping.
/// One object belongs to one executor and is used on that executor's thread only.
class clock {
 public:
  using duration = std::chrono::steady_clock::duration;
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~clock() = default;

  /// Monotonic time.
  [[nodiscard]] virtual time_point now() const = 0;

  /// Wall time, for records only.
  [[nodiscard]] virtual std::chrono::system_clock::time_point wall() const = 0;

  /// Completes at `when` (at once if that has passed). Cancellable.
  [[nodiscard]] virtual awaitable<> sleep_until(time_point when) = 0;

  /// Completes after `span`. Cancellable.
  [[nodiscard]] awaitable<> sleep_for(duration span) { return sleep_until(now() + span); }
};

}  // namespace pofetch
