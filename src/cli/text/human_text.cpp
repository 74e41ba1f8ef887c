#include "cli/text/human_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::cli {

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes);
  std::string_view suffix;
  for (const std::string_view next : {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
    value /= 1024;
    suffix = next;
    if (value < 1023.95) break;  // what would print as 1024.0 goes to the next unit
  }
  return fmt::format("{:.1f} {}", value, suffix);
}

std::string human_duration(std::chrono::milliseconds span) {
  const std::int64_t total = std::max<std::int64_t>(span.count(), 0);
  if (total < 10'000) return fmt::format("{}.{} s", total / 1000, total % 1000 / 100);
  const std::int64_t seconds = total / 1000;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return fmt::format("{} h {:02} min", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} d {:02} h", seconds / 86'400, seconds % 86'400 / 3600);
}

std::string human_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string human_count(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", human_count(count), singular, count == 1 ? "" : "s");
}

}  // namespace pofetch::cli
