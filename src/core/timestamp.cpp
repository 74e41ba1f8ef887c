#include "core/timestamp.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <ctime>

namespace pofetch::core {

namespace {

using namespace std::chrono;

/// Does the text have that shape? `d` stands for a digit.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  return static_cast<int>(parse_unsigned(text.substr(at, digits)).value_or(0));
}

/// `Z`, nothing (taken for UTC) or `+01:00`.
std::optional<minutes> read_zone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return minutes{0};
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  const std::string_view digits = text.substr(1);
  if (!has_shape(digits, "dd:dd") && !has_shape(digits, "dddd")) return std::nullopt;
  const int hour = number_at(digits, 0, 2);
  const int minute = number_at(digits, digits.size() - 2, 2);
  if (hour > 23 || minute > 59) return std::nullopt;
  const minutes offset{hour * 60 + minute};
  return text.front() == '-' ? -offset : offset;
}

}  // namespace

std::optional<system_clock::time_point> parse_timestamp(std::string_view text) {
  constexpr std::size_t date_size = 10;
  constexpr std::size_t time_size = 8;
  text = trim(text);
  if (!has_shape(text.substr(0, date_size), "dddd-dd-dd")) return std::nullopt;
  const year_month_day date = year(number_at(text, 0, 4)) / number_at(text, 5, 2) / number_at(text, 8, 2);
  // The clock counts nanoseconds, and ends in 2262.
  if (!date.ok() || date.year() < year(1678) || date.year() > year(2261)) return std::nullopt;
  text.remove_prefix(date_size);
  if (text.empty()) return sys_days(date);
  if (text.front() != 'T' && text.front() != 't' && text.front() != ' ') return std::nullopt;
  text.remove_prefix(1);
  if (!has_shape(text.substr(0, time_size), "dd:dd:dd")) return std::nullopt;
  const int hour = number_at(text, 0, 2);
  const int minute = number_at(text, 3, 2);
  const int second = number_at(text, 6, 2);
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  text.remove_prefix(time_size);
  if (text.starts_with('.')) {
    std::size_t length = 1;
    while (length < text.size() && is_digit(text[length])) ++length;
    if (length == 1) return std::nullopt;
    text.remove_prefix(length);
  }
  const auto offset = read_zone(text);
  if (!offset) return std::nullopt;
  return sys_days(date) + hours{hour} + minutes{minute} + seconds{second} - *offset;
}

std::string rfc3339(std::chrono::system_clock::time_point when) {
  if (when == std::chrono::system_clock::time_point{}) return {};
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(when));
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace pofetch::core
