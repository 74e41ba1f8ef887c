#include "http/cookie_date.hpp"

#include "core/ascii.hpp"

#include <array>
#include <cstddef>

namespace pofetch::http {

namespace {

struct date_parts {
  int hour = -1;
  int minute = 0;
  int second = 0;
  int day = -1;
  int month = -1;
  int year = -1;
};

bool is_delimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) ||
         (u >= 0x7b && u <= 0x7e);
}

/// Takes `least` to `most` digits off the front; -1 if there are fewer or more.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  int value = 0;
  while (count < text.size() && core::is_digit(text[count])) {
    if (count == most) return -1;
    value = value * 10 + (text[count] - '0');
    ++count;
  }
  if (count < least) return -1;
  text.remove_prefix(count);
  return value;
}

bool take_time(std::string_view token, date_parts& parts) {
  const int hour = take_number(token, 1, 2);
  if (hour < 0 || token.empty() || token.front() != ':') return false;
  token.remove_prefix(1);
  const int minute = take_number(token, 1, 2);
  if (minute < 0 || token.empty() || token.front() != ':') return false;
  token.remove_prefix(1);
  const int second = take_number(token, 1, 2);
  if (second < 0) return false;
  parts.hour = hour;
  parts.minute = minute;
  parts.second = second;
  return true;
}

bool take_month(std::string_view token, date_parts& parts) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!core::istarts_with(token, names[i])) continue;
    parts.month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

/// The first token that fits a part gives it (RFC 6265 5.1.1, step 2).
void take_token(std::string_view token, date_parts& parts) {
  if (parts.hour < 0 && take_time(token, parts)) return;
  std::string_view rest = token;
  if (parts.day < 0) {
    const int day = take_number(rest, 1, 2);
    if (day >= 0) {
      parts.day = day;
      return;
    }
  }
  if (parts.month < 0 && take_month(token, parts)) return;
  rest = token;
  if (parts.year < 0) parts.year = take_number(rest, 2, 4);
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text) {
  date_parts parts;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && !is_delimiter(text[end])) ++end;
    if (end > 0) take_token(text.substr(0, end), parts);
    text.remove_prefix(end < text.size() ? end + 1 : end);
  }
  if (parts.hour < 0 || parts.day < 0 || parts.month < 0 || parts.year < 0) return std::nullopt;
  if (parts.year >= 70 && parts.year <= 99) parts.year += 1900;
  if (parts.year >= 0 && parts.year <= 69) parts.year += 2000;
  if (parts.year < 1601 || parts.hour > 23 || parts.minute > 59 || parts.second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                         std::chrono::month{static_cast<unsigned>(parts.month)},
                                         std::chrono::day{static_cast<unsigned>(parts.day)}};
  if (!date.ok()) return std::nullopt;
  // The clock counts nanoseconds in 64 bits: what lies outside is as good as its end.
  if (parts.year < 1700) return std::chrono::system_clock::time_point::min();
  if (parts.year > 2250) return std::chrono::system_clock::time_point::max();
  return std::chrono::sys_days{date} + std::chrono::hours{parts.hour} + std::chrono::minutes{parts.minute} +
         std::chrono::seconds{parts.second};
}

}  // namespace pofetch::http
