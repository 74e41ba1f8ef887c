#pragma once

#include <chrono>
#include <string>

namespace pofetch::http {

/// The deadlines of one exchange.
struct time_limits {
  using time_point = std::chrono::steady_clock::time_point;

  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds idle{30'000};
  /// 0: none.
  std::chrono::milliseconds request{0};
  /// `request` counted from the start of the exchange.
  time_point request_deadline = time_point::max();
};

/// `10 s`, `0.25 s`.
[[nodiscard]] std::string in_seconds(std::chrono::milliseconds span);

}  // namespace pofetch::http
