#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::cli {

/// The text as it may go to a terminal, a log line or JSON: valid UTF-8 on one line. Line breaks and tabs
/// become spaces; other control characters, format characters (which can turn the direction of what
/// follows) and bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// `printable` of a text that may hold secrets: those of addresses and fields are masked.
[[nodiscard]] std::string printable_masked(std::string_view text);

/// Columns that printable text takes on a terminal: wide characters count two, combining ones none.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// At most `columns` wide; what is too long ends in `…`.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t columns);

/// `fitted`, filled up with spaces on the right.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

}  // namespace pofetch::cli
