#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::core {

/// RFC 3986 2.3.
[[nodiscard]] bool is_unreserved(char c) noexcept;

/// Does a percent sign with two hexadecimal digits stand at `at`?
[[nodiscard]] bool is_escape(std::string_view text, std::size_t at) noexcept;

/// Adds `%XX` for one byte.
void append_escaped(std::string& out, char c);

/// Percent-decoding; a `%` without two hexadecimal digits stays as it is.
[[nodiscard]] std::string decode_percent(std::string_view text);

/// Percent-encodes everything but unreserved characters.
[[nodiscard]] std::string encode_component(std::string_view text);

}  // namespace pofetch::core
