#pragma once

#include "http/cookie_entry.hpp"

#include <string>
#include <string_view>

namespace pofetch::http {

/// The cookies.txt half of `list_cookies`: every line that is no comment, usable or not.
[[nodiscard]] cookie_listing list_cookie_lines(std::string_view text);

/// One line of a cookies.txt, with its end.
[[nodiscard]] std::string cookie_line(const cookie& c);

}  // namespace pofetch::http
