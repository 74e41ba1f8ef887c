#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace pofetch::fuzz {

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A promise that was broken: ends the process, which makes the input a finding.
inline void require(bool holds, const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: broken promise\n", file, line);
  std::abort();
}

/// Numbers that follow from the input alone, so that a finding repeats itself and seeds stay plain text.
class dice {
 public:
  explicit dice(std::string_view input) {
    for (const char c : input) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    state_ |= 1U;
  }

  /// From 1 to `most`; small ones more often, because that is where seams hurt.
  [[nodiscard]] std::size_t size(std::size_t most) {
    const std::size_t range = next() % 4 == 0 ? most : std::min<std::size_t>(most, 16);
    return 1 + next() % std::max<std::size_t>(range, 1);
  }

 private:
  [[nodiscard]] std::size_t next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return static_cast<std::size_t>(state_ >> 11U);
  }

  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace pofetch::fuzz
