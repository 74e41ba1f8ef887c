#pragma once

#include "http/cookie.hpp"

#include <pofetch/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// Reads cookies as browsers and their extensions export them: Netscape cookies.txt (with `#HttpOnly_`
/// lines; tabs that became spaces are understood where there is no doubt), or JSON, either an array of
/// objects or an object with an array `cookies` or `value` (WebDriver). Which one it is shows from the first
/// character. Failure config names `shown` and the line; it never quotes a value.
[[nodiscard]] result<std::vector<cookie>> parse_cookie_text(std::string_view text, std::string_view shown);

/// Netscape cookies.txt.
[[nodiscard]] std::string format_cookie_text(std::span<const cookie> cookies);

/// A Cookie header, with or without its name: `a=b; c=d`. They are for `host` alone, path `/`. Failure
/// config if there is no cookie in it or one that cannot be sent.
[[nodiscard]] result<std::vector<cookie>> cookies_from_header(std::string_view header, std::string_view host);

}  // namespace pofetch::http
