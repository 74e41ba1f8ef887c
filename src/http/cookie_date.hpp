#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pofetch::http {

/// The date of an Expires attribute by the lenient rule of RFC 6265 5.1.1: time, day, month and year in any
/// order, whatever stands between them. Nothing if one is missing or out of range.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_cookie_date(std::string_view text);

}  // namespace pofetch::http
