#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pofetch::http {

/// The date of an Expires attribute by the lenient rule of RFC 6265 5.1.1: time, day, month and year in any
/// order, whatever stands between them. Nothing if one is missing or out of range.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text);

/// Seconds since 1970 as the end of a cookie; nothing for 0 and below, which stand for "until the session
/// ends". Numbers that are far too large for seconds are what some programs write: milliseconds or
/// microseconds since 1970, or Chromium's microseconds since 1601.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> cookie_expiry(double seconds);

/// The inverse, in the unit in which `like` is written.
[[nodiscard]] std::int64_t cookie_number(std::int64_t seconds, double like);

/// The end of a cookie as a text of a file: a number as above, a date of ISO 8601, or one as in an Expires
/// attribute. Nothing, or a word for it, means the session. False: it is none of these.
[[nodiscard]] bool take_cookie_end(std::string_view text,
                                   std::optional<std::chrono::system_clock::time_point>& end);

}  // namespace pofetch::http
