#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coupa_sim {

/// The forms of Content-Disposition that the site uses.
enum class disposition_style {
  none,      ///< no such field
  quoted,    ///< attachment; filename="a b.pdf"
  token,     ///< inline; filename=a.pdf
  extended,  ///< attachment; filename*=UTF-8''a%20b.pdf
  both,      ///< an ASCII stand-in in filename, the true name in filename*
};

/// A plausible file name (UTF-8, NFC, good on every file system) without its ending.
[[nodiscard]] std::string file_stem(std::uint64_t roll, unsigned ordinal);

/// The field's value for this name; falls back to `extended` where the style cannot say the name.
[[nodiscard]] std::string content_disposition(disposition_style style, std::string_view name);

/// Everything but letters, digits and `-._~` as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The reverse; `+` is a space if `form` says so. Broken escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text, bool form);

/// Upper case for ASCII letters, all else as it is.
[[nodiscard]] std::string ascii_upper(std::string_view text);

/// A plausible supplier.
[[nodiscard]] std::string_view supplier_name(std::uint64_t roll);

}  // namespace coupa_sim
