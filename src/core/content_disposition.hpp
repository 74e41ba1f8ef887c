#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// The file name that a Content-Disposition field carries (RFC 6266), as UTF-8 and without any path
/// before it: `filename*` (RFC 8187) first, then `filename` as quoted string, token or the unquoted text
/// with spaces that some servers send; RFC 2047 encoded words and raw UTF-8 or Windows-1252 bytes are
/// understood. Nothing if there is no name. Not yet safe: see `safe_file_name`. Never throws.
[[nodiscard]] std::optional<std::string> filename_from(std::string_view header_value);

}  // namespace pofetch::core
