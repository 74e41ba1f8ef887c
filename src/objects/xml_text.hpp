#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::objects {

/// The text within the first element of that name, its entities undone; empty: there is none, or this is no
/// XML. The answers of object stores are flat and small, so that nothing more is needed.
[[nodiscard]] std::string element_text(std::string_view xml, std::string_view name);

/// What stands within each element of that name, as it is.
[[nodiscard]] std::vector<std::string_view> elements(std::string_view xml, std::string_view name);

/// The word for an error: `<Code>` of an error body, if it is one word of letters and digits; else empty.
/// What else stands in such a body (tokens, signatures) is never shown.
[[nodiscard]] std::string error_word(std::string_view body);

}  // namespace pofetch::objects
