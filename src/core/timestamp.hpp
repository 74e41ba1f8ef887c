#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// `2026-01-31T12:00:00Z`, with fractions of a second (which are cut off) and `+01:00` too (RFC 3339 5.6; a
/// space in the place of `T` is read), or `2026-01-31` alone, its beginning in UTC. Nothing if it is no such
/// time.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_timestamp(std::string_view text);

/// `2026-01-02T03:04:05Z` (RFC 3339 section 5.6), fractions cut off; empty for 1970-01-01T00:00:00Z, which
/// stands for "not known".
[[nodiscard]] std::string rfc3339(std::chrono::system_clock::time_point when);

}  // namespace pofetch::core
