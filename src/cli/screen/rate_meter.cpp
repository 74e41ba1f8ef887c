#include "cli/screen/rate_meter.hpp"

#include <cmath>

namespace pofetch::cli {

void rate_meter::sample(double total, time_point now) {
  const std::chrono::duration<double> step = now - at_;
  if (marked_ && step.count() <= 0) return;
  if (marked_) {
    const double keep = std::exp(-step / window_);
    sum_ = sum_ * keep + (total - total_) / step.count() * (1 - keep);
    weight_ = weight_ * keep + (1 - keep);
  }
  marked_ = true;
  total_ = total;
  at_ = now;
}

double rate_meter::per_second() const { return weight_ > 0 ? sum_ / weight_ : 0; }

}  // namespace pofetch::cli
