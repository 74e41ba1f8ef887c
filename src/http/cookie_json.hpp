#pragma once

#include "http/cookie_entry.hpp"

#include <pofetch/error.hpp>

#include <string>
#include <string_view>

namespace pofetch::http {

/// The JSON half of `list_cookies`: an array of objects, or an object that has one as `cookies`, `value` or
/// within `result`; else an object of names and values, which are those of `host` (if that is not empty).
/// The members are known by the names that browsers, their extensions, drivers and scripts give them: see the
/// table in the .cpp. Failure config: no JSON, or JSON without such a list.
[[nodiscard]] result<cookie_listing> list_json_cookies(std::string_view text, std::string_view shown,
                                                       std::string_view host);

/// The JSON of one cookie of a list (`old`) with value, end and flags of `now`; every other member stays.
[[nodiscard]] std::string renewed_json_cookie(std::string_view old, const cookie& now);

/// JSON for a cookie that is not in the list, in the manner of one that is (`like`; may be empty).
[[nodiscard]] std::string new_json_cookie(std::string_view like, const cookie& made);

/// JSON of a name and a value as in a map: `"a": "b"`.
[[nodiscard]] std::string json_pair(const cookie& made);

/// Why this cookie cannot be used, in words that do not show its value; empty if it can.
[[nodiscard]] std::string cookie_defect(const cookie& c);

}  // namespace pofetch::http
