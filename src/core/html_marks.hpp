#pragma once

#include <cstddef>
#include <string_view>

namespace pofetch::core {

/// Beginning of a page that `is_sign_in_or_error` wants to see, if there is so much.
inline constexpr std::size_t html_marks_size = 64U << 10;

/// Has the beginning of this HTML page marks of a sign-in or error page: a field for a password, a form or
/// script that leads to a sign-in, a title or heading of an error, or hardly any text but such words? A table
/// or a document that is written as HTML has none. A guess on purpose: only asked of what else says that it
/// is a file.
[[nodiscard]] bool is_sign_in_or_error(std::string_view html);

}  // namespace pofetch::core
