#pragma once

#include "http/cookie.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// The JSON half of `parse_cookie_text`: objects with name, value, domain, and if they like path, secure,
/// httpOnly, hostOnly, and expirationDate or expires (seconds since 1970; 0, -1 or null: none).
[[nodiscard]] result<std::vector<cookie>> parse_cookie_json(std::string_view text, std::string_view shown);

/// Seconds since 1970 as an expiry; nothing for 0 and below, which stand for "until the session ends".
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> cookie_expiry(double seconds);

/// Why this cookie cannot be used, in words that do not show its value; empty if it can.
[[nodiscard]] std::string cookie_defect(const cookie& c);

}  // namespace pofetch::http
