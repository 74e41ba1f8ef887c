#include "http/cookie_date.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

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

using time_point = std::chrono::system_clock::time_point;

// The clock counts nanoseconds in 64 bits: what lies outside 1677 to 2262 is as good as one of these, which
// are whole seconds, so that a file that is written reads back as the same.
constexpr double latest_second = 9.0e9;
constexpr time_point latest{std::chrono::seconds{9'000'000'000}};
constexpr time_point earliest{std::chrono::seconds{-9'000'000'000}};

// Where numbers stop to be seconds: none of these is a year that anybody means, but 9999-12-31, which some do
// mean, is 2.5e11.
constexpr double milliseconds_from = 1e12;
constexpr double microseconds_from = 1e15;
constexpr double chromium_from = 1e16;
constexpr double chromium_epoch = 11'644'473'600;  // seconds from 1601 to 1970

/// Of parts that are in range.
std::optional<time_point> moment_of(const date_parts& parts) {
  if (parts.year < 1601 || parts.hour > 23 || parts.minute > 59 || parts.second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                         std::chrono::month{static_cast<unsigned>(parts.month)},
                                         std::chrono::day{static_cast<unsigned>(parts.day)}};
  if (!date.ok()) return std::nullopt;
  if (parts.year < 1700) return earliest;
  if (parts.year > 2250) return latest;
  return std::chrono::sys_days{date} + std::chrono::hours{parts.hour} + std::chrono::minutes{parts.minute} +
         std::chrono::seconds{parts.second};
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// `Z`, `+02:00`, `-0300`: what has to be taken off. Nothing, as of a local time: none.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
  if (text.empty() || take_char(text, "Zz")) return std::chrono::minutes{0};
  const bool west = text.front() == '-';
  if (!take_char(text, "+-")) return std::nullopt;
  const std::size_t before = text.size();
  int hours = take_number(text, 2, 4);
  int minutes = 0;
  if (before - text.size() > 2) {
    minutes = hours % 100;
    hours /= 100;
  } else if (take_char(text, ":")) {
    minutes = take_number(text, 2, 2);
  }
  if (hours < 0 || minutes < 0) return std::nullopt;
  const std::chrono::minutes off{hours * 60 + minutes};
  return west ? -off : off;
}

/// `2027-01-31`, `2027-01-31T12:00:00.000Z`, `2027-01-31 12:00+01:00`.
std::optional<time_point> parse_iso_date(std::string_view text) {
  date_parts parts;
  parts.year = take_number(text, 4, 4);
  if (parts.year < 0 || !take_char(text, "-")) return std::nullopt;
  parts.month = take_number(text, 1, 2);
  if (parts.month < 0 || !take_char(text, "-")) return std::nullopt;
  parts.day = take_number(text, 1, 2);
  if (parts.day < 0) return std::nullopt;
  parts.hour = 0;
  if (take_char(text, "Tt ")) {
    parts.hour = take_number(text, 2, 2);
    if (parts.hour < 0 || !take_char(text, ":")) return std::nullopt;
    parts.minute = take_number(text, 2, 2);
    if (parts.minute < 0) return std::nullopt;
    if (take_char(text, ":")) parts.second = take_number(text, 2, 2);
    if (parts.second < 0) return std::nullopt;
    if (take_char(text, ".,"))
      while (!text.empty() && core::is_digit(text.front())) text.remove_prefix(1);
  }
  text = core::trim(text);
  const auto zone = take_zone(text);
  const auto local = moment_of(parts);
  if (!zone || !local || !text.empty()) return std::nullopt;
  return *local - *zone;
}

/// The words with which programs say that a cookie has no end of its own.
bool means_session(std::string_view text) {
  constexpr std::array<std::string_view, 6> words{"", "session", "null", "none", "nan", "undefined"};
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return core::iequals(text, word); });
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
  return moment_of(parts);
}

std::optional<std::chrono::system_clock::time_point> cookie_expiry(double seconds) {
  if (!(seconds > 0)) return std::nullopt;
  if (seconds >= chromium_from)
    seconds = std::max(seconds / 1e6 - chromium_epoch, 1.0);
  else if (seconds >= microseconds_from)
    seconds /= 1e6;
  else if (seconds >= milliseconds_from)
    seconds /= 1e3;
  return time_point(
      std::chrono::seconds(static_cast<std::int64_t>(std::floor(std::clamp(seconds, 1.0, latest_second)))));
}

std::int64_t cookie_number(std::int64_t seconds, double like) {
  if (like >= chromium_from) return (seconds + static_cast<std::int64_t>(chromium_epoch)) * 1'000'000;
  if (like >= microseconds_from) return seconds * 1'000'000;
  return like >= milliseconds_from ? seconds * 1'000 : seconds;
}

bool take_cookie_end(std::string_view text, std::optional<std::chrono::system_clock::time_point>& end) {
  text = core::trim(text);
  end.reset();
  if (means_session(text)) return true;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ptr == text.data() + text.size()) {
    // `1e999` and tough-cookie's `Infinity` are out of range, and as good as the end of time.
    const bool beyond = read.ec == std::errc::result_out_of_range;
    end = beyond ? latest : cookie_expiry(number);
    return true;
  }
  end = parse_iso_date(text);
  if (!end) end = parse_cookie_date(text);
  if (!end) return false;
  // In a file 0 stands for the session: an end before 1970 stays one that has passed. A zone may lead past
  // the end.
  end = std::clamp(*end, time_point{std::chrono::seconds{1}}, latest);
  return true;
}

}  // namespace pofetch::http
