#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::settings {

// Quantities as people write them. A failure has code `config`; its message is the second half of a
// sentence ("expected ..., not 'x'"), for the caller to put the option's name in front.

/// `10s`, `500ms`, `2m`, `1.5h`; a plain number is seconds; `none` is 0. At most ten years.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// How long ago something may be: `7d`, `12h`, `90m`, `2w`. Above 0, and always with its unit: a number alone
/// would be taken for days by one and for seconds by another.
[[nodiscard]] result<std::chrono::milliseconds> parse_age(std::string_view text);

/// `4096`, `500k`, `1.5M`, `2G`, `1T`, 1024-based, with or without `B` or `iB`; `none` is 0.
[[nodiscard]] result<std::uint64_t> parse_bytes(std::string_view text);

/// A number per second such as `25` or `0.5`; `none` is 0.
[[nodiscard]] result<double> parse_rate(std::string_view text);

/// A whole number without sign.
[[nodiscard]] result<std::uint64_t> parse_count(std::string_view text);

/// `true`, `yes`, `on`, `1` and their opposites, in any case.
[[nodiscard]] result<bool> parse_boolean(std::string_view text);

// The same, in a form that the functions above read back unchanged.

[[nodiscard]] std::string format_duration(std::chrono::milliseconds span);
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);
[[nodiscard]] std::string format_rate(double per_second);

/// The shortest decimal number that is the value, without an exponent.
[[nodiscard]] std::string format_number(double value);

}  // namespace pofetch::settings
