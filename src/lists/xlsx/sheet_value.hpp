#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::lists {

/// Does a number format (ECMA-376 part 1, 18.8.30 and 18.8.31) show a date or a time?
[[nodiscard]] bool is_date_format(std::string_view format_code);
[[nodiscard]] bool is_date_format(std::uint32_t built_in) noexcept;

/// A number cell as text: whole numbers of up to 15 digits as their digits, `1234.5600000000001` as
/// `1234.56`, also where the number was written down with an exponent (`1.2E+07`): a number cell holds all
/// digits that there are, other than a text that looks so. What a double cannot hold to the last digit, from
/// 1E15 on, comes with an exponent.
[[nodiscard]] std::string number_text(std::string_view value);

/// A date cell as text: `2026-01-02`, `2026-01-02T03:04:05`, or `03:04:05` for less than a day; a number that
/// is no date as `number_text`. `from_1904`: days count from 1904-01-01, as in old workbooks of the
/// Macintosh.
[[nodiscard]] std::string date_text(std::string_view value, bool from_1904);

}  // namespace pofetch::lists
