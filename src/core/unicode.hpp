#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::core {

/// Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

/// The text as UTF-8: unchanged if it is valid UTF-8, else read as Windows-1252.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

/// Reads every byte as Windows-1252; the five undefined ones become U+FFFD.
[[nodiscard]] std::string windows_1252_to_utf8(std::string_view bytes);

/// UTF-16 without its byte order mark. What is no pair, and half a unit at the end, become U+FFFD.
[[nodiscard]] std::string utf16_to_utf8(std::string_view bytes, bool little_endian);

/// Adds one code point (0 to 10FFFF, no surrogate; else U+FFFD) as UTF-8.
void append_utf8(std::string& out, std::uint32_t code_point);

/// Takes the next code point off valid UTF-8. U+FFFD (one byte taken) where it is not valid.
[[nodiscard]] std::uint32_t next_code_point(std::string_view& utf8) noexcept;

/// Unicode Normalization Form C. Takes and gives valid UTF-8.
[[nodiscard]] std::string nfc(std::string_view utf8);

/// Key for comparing without case: NFC of the Unicode case fold of the NFC. Bytes that are not UTF-8
/// are read as Windows-1252 first.
[[nodiscard]] std::string fold_case(std::string_view text);

/// Letters and digits alone, case folded, without accents and compatibility forms: `N.º Pedido` gives
/// `nopedido`. For comparing names that people write by hand.
[[nodiscard]] std::string loose_key(std::string_view text);

/// The longest beginning of valid UTF-8 with at most `max_bytes` bytes that does not cut a grapheme
/// cluster; a cluster that alone is longer is cut between code points.
[[nodiscard]] std::string_view cut_utf8(std::string_view utf8, std::size_t max_bytes) noexcept;

}  // namespace pofetch::core
