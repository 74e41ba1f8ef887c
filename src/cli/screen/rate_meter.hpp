#pragma once

#include <chrono>

namespace pofetch::cli {

/// A smoothed speed: exponentially weighted over about `window`, right from the first sample on.
class rate_meter {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit rate_meter(std::chrono::duration<double> window) : window_(window) {}

  /// The counted thing stands at `total` now. The first call only sets the mark.
  void sample(double total, time_point now);

  /// Per second; 0 before the second sample.
  [[nodiscard]] double per_second() const;

 private:
  std::chrono::duration<double> window_;
  bool marked_ = false;
  double total_ = 0;
  time_point at_{};
  double sum_ = 0;
  double weight_ = 0;
};

}  // namespace pofetch::cli
