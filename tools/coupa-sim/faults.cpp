#include "coupa-sim/faults.hpp"

#include "coupa-sim/dice.hpp"

#include <algorithm>
#include <array>

namespace coupa_sim {
fault choose_fault(std::uint64_t seed, std::string_view path, std::uint64_t nth, unsigned percent) noexcept {
  if (percent == 0) return fault::none;
  std::uint64_t subject = 0;
  for (const char c : path) subject = mix(subject ^ static_cast<unsigned char>(c));
  dice rolls(draw(seed, subject, nth));
  if (!rolls.percent(percent)) return fault::none;
  constexpr std::array kinds{fault::error_500, fault::error_503, fault::reset, fault::cut, fault::stall};
  return kinds.at(rolls.below(kinds.size()));
}

throttle::throttle(unsigned rate, unsigned burst)
    : rate_(rate),
      depth_(std::min<double>(burst, rate)),
      tokens_(depth_),
      last_(std::chrono::steady_clock::now()) {}

bool throttle::admit() {
  if (rate_ == 0) return true;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> passed = now - last_;
  last_ = now;
  tokens_ = std::min(tokens_ + passed.count() * rate_, depth_);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

workplaces::workplaces(unsigned count) : limited_(count > 0) {
  for (unsigned i = 0; i < count; ++i) free_.push({});
}

std::chrono::steady_clock::time_point workplaces::take(std::chrono::steady_clock::time_point now,
                                                       std::chrono::steady_clock::duration span) {
  if (!limited_) return now + span;
  const std::lock_guard lock(mutex_);
  const auto over = std::max(free_.top(), now) + span;
  free_.pop();
  free_.push(over);
  return over;
}

}  // namespace coupa_sim
