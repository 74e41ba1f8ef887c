#pragma once

#include <string>
#include <string_view>

namespace pofetch::core {

/// A URL reference of characters that RFC 3986 allows, without its fragment, as browsers read it: space
/// around it and line breaks in it dropped, backslashes before the query taken for slashes, everything
/// else that must not stand there percent-encoded. Nearly all are clean already: then it is `url` itself,
/// else a view of `room`.
[[nodiscard]] std::string_view clean_url(std::string_view url, std::string& room);

/// RFC 3986 5.2.4, for a path that begins with a slash.
[[nodiscard]] std::string remove_dot_segments(std::string_view path);

}  // namespace pofetch::core
