#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pofetch::core {

/// Retry-After (RFC 9110 10.2.3): seconds, or a date in one of the three forms. A date that has passed
/// gives 0; more than ten years count as ten. Nothing if the value is neither.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now);

}  // namespace pofetch::core
