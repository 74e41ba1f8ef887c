#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::cli {

// Quantities for people to read.

/// `999 B`, `1.5 KiB`, `12.3 GiB`.
[[nodiscard]] std::string human_bytes(std::uint64_t bytes);

/// `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`.
[[nodiscard]] std::string human_duration(std::chrono::milliseconds span);

/// `1,250,000`.
[[nodiscard]] std::string human_count(std::uint64_t count);

/// `1 file`, `1,250 files`: for words that take an s.
[[nodiscard]] std::string human_count(std::uint64_t count, std::string_view singular);

}  // namespace pofetch::cli
