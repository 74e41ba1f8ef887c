#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// The inverse, in either case. Nothing for an odd count or another character.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view digits);

/// RFC 4648 section 4, padded.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// RFC 4648 section 4. Padding may be missing but must be right if it is there; the unused bits of the
/// last character must be zero. Nothing for anything else.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace pofetch::core
