#include "lists/xlsx/sheet_value.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>

namespace pofetch::lists {
namespace {

/// Digits that a spreadsheet keeps of a number.
constexpr std::size_t digits_kept = 15;
constexpr double first_beyond = 1e15;

std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

bool is_whole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= digits_kept && std::all_of(text.begin(), text.end(), core::is_digit);
}

/// Without what is quoted, escaped, in brackets, or of a later section.
std::string plain_section(std::string_view code) {
  std::string plain;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '"' || code[i] == '[') {
      const std::size_t end = code.find(code[i] == '"' ? '"' : ']', i + 1);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (code[i] == '\\' || code[i] == '_' || code[i] == '*') {
      ++i;
    } else {
      plain.push_back(core::to_lower(code[i]));
    }
  }
  return plain;
}

}  // namespace

bool is_date_format(std::string_view format_code) {
  const std::string plain = plain_section(format_code);
  return plain != "general" && plain.find_first_of("ymdhs") != std::string::npos;
}

bool is_date_format(std::uint32_t built_in) noexcept {
  const auto between = [built_in](std::uint32_t low, std::uint32_t high) {
    return built_in >= low && built_in <= high;
  };
  return between(14, 22) || between(27, 36) || between(45, 47) || between(50, 58);
}

std::string number_text(std::string_view value) {
  value = core::trim(value);
  if (is_whole(value)) return std::string(value);
  const auto number = parse_double(value);
  if (!number) return std::string(value);
  if (std::abs(*number) >= first_beyond) return fmt::format("{:.14E}", *number);
  if (*number == std::trunc(*number)) return fmt::format("{:.0f}", *number);
  return fmt::format("{:.15g}", *number);
}

std::string date_text(std::string_view value, bool from_1904) {
  constexpr double last_day = 2'958'466;  // 10000-01-01
  constexpr std::int64_t seconds_a_day = 86'400;
  const auto serial = parse_double(core::trim(value));
  if (!serial || *serial < 0 || *serial >= last_day) return number_text(value);
  const auto seconds = std::llround(*serial * static_cast<double>(seconds_a_day));
  std::int64_t day = seconds / seconds_a_day;
  const std::chrono::hh_mm_ss clock{std::chrono::seconds(seconds % seconds_a_day)};
  const std::string time = fmt::format("{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                                       clock.seconds().count());
  if (day == 0 && !from_1904) return time;
  // The calendar of spreadsheets has a 1900-02-29, as day 60.
  using namespace std::chrono_literals;
  std::chrono::sys_days zero = 1899y / std::chrono::December / 30;
  if (from_1904) zero = 1904y / std::chrono::January / 1;
  if (!from_1904 && day < 60) ++day;
  const std::chrono::year_month_day date(zero + std::chrono::days(day));
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
  return seconds % seconds_a_day == 0 ? text : text + "T" + time;
}

}  // namespace pofetch::lists
