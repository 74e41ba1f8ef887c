#pragma once

#include "core/url.hpp"
#include "http/cookie.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace pofetch::http {

/// Name and value together; a longer cookie is ignored.
inline constexpr std::size_t max_cookie_bytes = 4096;

/// Reads one Set-Cookie field (RFC 6265 5.2, 5.3; prefixes of RFC 6265bis) that came from `from` for a
/// request to `path`. Nothing if it must be ignored: no name, control characters, too long, a Domain
/// that is not the host's own or above it or that is a single label, Secure over plain HTTP, a broken
/// `__Host-` or `__Secure-` promise. A cookie to be deleted comes back with an expiry in the past.
[[nodiscard]] std::optional<cookie> parse_set_cookie(std::string_view field, const core::origin& from,
                                                     std::string_view path,
                                                     std::chrono::system_clock::time_point now);

/// RFC 6265 5.1.3, plus: an address matches only itself.
[[nodiscard]] bool domain_matches(std::string_view host, std::string_view domain);

/// RFC 6265 5.1.4.
[[nodiscard]] bool path_matches(std::string_view request_path, std::string_view cookie_path);

/// May this stand in a Cookie header: a name without `=`, a value, neither with `;` or a control character?
[[nodiscard]] bool is_sendable_cookie(std::string_view name, std::string_view value);

}  // namespace pofetch::http
