#pragma once

#include <string>
#include <string_view>

namespace pofetch::core {

/// Bytes of a named charset as UTF-8: utf-8, us-ascii, iso-8859-1, windows-1252 in any case. Another
/// charset is taken for UTF-8, and for Windows-1252 where it is not valid.
[[nodiscard]] std::string decode_charset(std::string_view charset, std::string_view bytes);

/// Replaces RFC 2047 encoded words (`=?utf-8?B?...?=`, `=?iso-8859-1?Q?...?=`) by what they stand for; white
/// space between two of them is dropped. Broken ones stay as they are.
[[nodiscard]] std::string decode_encoded_words(std::string_view text);

}  // namespace pofetch::core
