#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pofetch::core {

/// `2026-01-31T12:00:00Z`, with fractions of a second (which are cut off) and `+01:00` too (RFC 3339 5.6; a
/// space in the place of `T` is read), or `2026-01-31` alone, its beginning in UTC. Nothing if it is no such
/// time.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_timestamp(std::string_view text);

}  // namespace pofetch::core
