#pragma once

#include <cstdint>

namespace coupa_sim {

/// Scrambles 64 bits (the finaliser of SplitMix64): close inputs give unrelated outputs.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

/// A reproducible draw: the same three numbers always give the same one.
[[nodiscard]] constexpr std::uint64_t draw(std::uint64_t seed, std::uint64_t subject,
                                           std::uint64_t question) noexcept {
  return mix(mix(mix(seed) ^ subject) ^ (question << 32U));
}

/// A reproducible sequence of draws.
class dice {
 public:
  explicit constexpr dice(std::uint64_t seed) noexcept : state_(seed) {}

  constexpr std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mix(state_);
  }

  /// From 0 to `count` - 1; 0 if `count` is 0.
  constexpr std::uint64_t below(std::uint64_t count) noexcept { return count == 0 ? 0 : next() % count; }

  /// True in so many of a hundred cases.
  constexpr bool percent(unsigned chance) noexcept { return next() % 100 < chance; }

 private:
  std::uint64_t state_;
};

}  // namespace coupa_sim
