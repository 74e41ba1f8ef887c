#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pofetch::core {

/// HTTP-date in its three forms (RFC 9110 5.6.7): IMF-fixdate, RFC 850 date, asctime. A two-digit year
/// more than 50 years after `now` is one of the past. Nothing if it is not a date; the name of the day
/// is not compared with the date.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_http_date(
    std::string_view text, std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace pofetch::core
