#include "coupa-sim/faults.hpp"

#include "coupa-sim/dice.hpp"

#include <algorithm>
#include <array>

namespace coupa_sim {
namespace {

constexpr double burst_limit = 20;

}  // namespace

fault choose_fault(std::uint64_t seed, std::string_view path, std::uint64_t nth, unsigned percent) noexcept {
  if (percent == 0) return fault::none;
  std::uint64_t subject = 0;
  for (const char c : path) subject = mix(subject ^ static_cast<unsigned char>(c));
  dice rolls(draw(seed, subject, nth));
  if (!rolls.percent(percent)) return fault::none;
  constexpr std::array kinds{fault::error_500, fault::error_503, fault::reset, fault::cut, fault::stall};
  return kinds.at(rolls.below(kinds.size()));
}

throttle::throttle(unsigned rate)
    : rate_(rate),
      tokens_(std::min(burst_limit, static_cast<double>(rate))),
      last_(std::chrono::steady_clock::now()) {}

bool throttle::admit() {
  if (rate_ == 0) return true;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> passed = now - last_;
  last_ = now;
  tokens_ = std::min({tokens_ + passed.count() * rate_, burst_limit, static_cast<double>(rate_)});
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace coupa_sim
