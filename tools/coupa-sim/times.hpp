#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// `2024-01-31T10:00:00+00:00`, as the API writes times.
[[nodiscard]] std::string rfc3339(std::time_t when);

/// The reverse, with any offset, with `Z` or without either; fractions of a second are left out. Nothing if
/// the text is something else.
[[nodiscard]] std::optional<std::time_t> parse_rfc3339(std::string_view text);

/// `Wed, 31 Jan 2024 10:00:00 GMT`, as header fields write times (RFC 9110, section 5.6.7).
[[nodiscard]] std::string http_date(std::time_t when);

/// The reverse, for that form alone.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace coupa_sim
