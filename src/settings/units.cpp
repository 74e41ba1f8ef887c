#include "settings/units.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace pofetch::settings {

namespace {

struct unit {
  std::string_view name;
  double factor;
};

failure unreadable(std::string_view expected, std::string_view text) {
  return make_failure(errc::config, fmt::format("expected {}, not '{}'", expected, text));
}

/// Digits with at most one point, taken off the front. Nothing if there is none.
std::optional<double> take_number(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && (core::is_digit(text[length]) || text[length] == '.')) ++length;
  double value = 0;
  const char* const end = text.data() + length;
  const auto [stop, problem] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (length == 0 || problem != std::errc{} || stop != end) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// A number with one of the units behind it, in the units' common base.
std::optional<double> read_quantity(std::string_view text, const unit* first, const unit* last) {
  const std::optional<double> number = take_number(text);
  if (!number) return std::nullopt;
  const std::string name = core::to_lower(core::trim(text));
  const unit* const found = std::find_if(first, last, [&](const unit& u) { return u.name == name; });
  if (found == last) return std::nullopt;
  return *number * found->factor;
}

bool means_none(std::string_view text) { return core::iequals(text, "none"); }

}  // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  static constexpr std::array units{unit{"", 1e3},    unit{"ms", 1},    unit{"s", 1e3},   unit{"m", 6e4},
                                    unit{"min", 6e4}, unit{"h", 3.6e6}, unit{"d", 8.64e7}};
  constexpr double ten_years = 3650 * 8.64e7;
  const std::string_view trimmed = core::trim(text);
  if (means_none(trimmed)) return std::chrono::milliseconds{0};
  const auto span = read_quantity(trimmed, units.data(), units.data() + units.size());
  if (!span || *span > ten_years) return unreadable("a time such as 10s, 500ms or 2m", text);
  return std::chrono::milliseconds{std::llround(*span)};
}

result<std::chrono::milliseconds> parse_age(std::string_view text) {
  constexpr double week = 7 * 8.64e7;
  static constexpr std::array units{unit{"s", 1e3},   unit{"m", 6e4},    unit{"min", 6e4},
                                    unit{"h", 3.6e6}, unit{"d", 8.64e7}, unit{"w", week}};
  constexpr double ten_years = 3650 * 8.64e7;
  const auto span = read_quantity(core::trim(text), units.data(), units.data() + units.size());
  constexpr double second = 1e3;
  if (!span || *span < second || *span > ten_years) return unreadable("an age such as 7d, 12h or 2w", text);
  return std::chrono::seconds{std::llround(*span / second)};
}

result<std::uint64_t> parse_bytes(std::string_view text) {
  constexpr double k = 1024;
  static constexpr std::array units{unit{"", 1},
                                    unit{"b", 1},
                                    unit{"k", k},
                                    unit{"kb", k},
                                    unit{"kib", k},
                                    unit{"m", k * k},
                                    unit{"mb", k * k},
                                    unit{"mib", k * k},
                                    unit{"g", k * k * k},
                                    unit{"gb", k * k * k},
                                    unit{"gib", k * k * k},
                                    unit{"t", k * k * k * k},
                                    unit{"tb", k * k * k * k},
                                    unit{"tib", k * k * k * k}};
  constexpr double largest = 9e15;  // whole numbers are exact in a double up to here
  const std::string_view trimmed = core::trim(text);
  if (means_none(trimmed)) return std::uint64_t{0};
  const auto bytes = read_quantity(trimmed, units.data(), units.data() + units.size());
  if (!bytes || *bytes > largest) return unreadable("a number of bytes such as 500k, 1.5M or 2G", text);
  return static_cast<std::uint64_t>(std::llround(*bytes));
}

result<double> parse_rate(std::string_view text) {
  static constexpr std::array units{unit{"", 1}, unit{"/s", 1}};
  const std::string_view trimmed = core::trim(text);
  if (means_none(trimmed)) return 0.0;
  const auto rate = read_quantity(trimmed, units.data(), units.data() + units.size());
  if (!rate || *rate > 1e9) return unreadable("a number such as 25 or 0.5", text);
  return *rate;
}

result<std::uint64_t> parse_count(std::string_view text) {
  const auto count = core::parse_unsigned(core::trim(text));
  if (!count) return unreadable("a whole number", text);
  return *count;
}

result<bool> parse_boolean(std::string_view text) {
  const std::string word = core::to_lower(core::trim(text));
  for (const std::string_view yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "0"}) {
    if (word == no) return false;
  }
  return unreadable("true or false", text);
}

std::string format_duration(std::chrono::milliseconds span) {
  const auto count = span.count();
  if (count == 0) return "none";
  if (count % 60'000 == 0) return fmt::format("{}m", count / 60'000);
  if (count % 1000 == 0) return fmt::format("{}s", count / 1000);
  return fmt::format("{}ms", count);
}

std::string format_bytes(std::uint64_t bytes) {
  if (bytes == 0) return "none";
  std::string_view suffix = "";
  for (const std::string_view next : {"k", "M", "G", "T"}) {
    if (bytes % 1024 != 0) break;
    bytes /= 1024;
    suffix = next;
  }
  return fmt::format("{}{}", bytes, suffix);
}

std::string format_rate(double per_second) { return per_second == 0 ? "none" : format_number(per_second); }

std::string format_number(double value) {
  std::array<char, 1100> digits;  // the longest are the smallest: 1074 places
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed).ptr;
  return {digits.data(), end};
}

}  // namespace pofetch::settings
