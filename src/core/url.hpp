#pragma once

#include "core/percent.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// A longer address is refused.
inline constexpr std::size_t max_url_bytes = 32U << 10;

/// Scheme, host and port (RFC 6454), normalised.
struct origin {
  std::string scheme;  ///< `http` or `https`
  std::string host;    ///< lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;

  bool operator==(const origin&) const = default;
};

/// An http or https address, normalised and taken apart once.
struct web_address {
  std::string text;  ///< the whole, as `resolve` makes it
  origin where;
  std::size_t path_begins = 0;

  /// As in a Host field (RFC 9110 7.2): brackets around IPv6, the port only if it is not the default.
  [[nodiscard]] std::string_view authority() const noexcept {
    const std::size_t begins = where.scheme.size() + 3;
    return std::string_view(text).substr(begins, path_begins - begins);
  }
  /// What follows the authority, as in a request line (RFC 9112 3.2.1): at least `/`, no fragment.
  [[nodiscard]] std::string_view target() const noexcept {
    return std::string_view(text).substr(path_begins);
  }
  /// Without the query.
  [[nodiscard]] std::string_view path() const noexcept;
};

/// The reference (RFC 3986 5.2) as absolute address: http or https, host in lower case, default port left
/// out, path at least `/`, no userinfo, no fragment. As browsers do, space around it and line breaks in it
/// are dropped, backslashes in the path taken for slashes, and what must not stand in a URL (spaces,
/// non-ASCII, lone `%`) percent-encoded. Failure protocol for anything else; its message is masked.
[[nodiscard]] result<web_address> resolve_address(std::string_view base, std::string_view reference);

/// `resolve_address` for an address that is absolute by itself.
[[nodiscard]] result<web_address> parse_address(std::string_view url);

/// The text of `resolve_address`, and of `parse_address`.
[[nodiscard]] result<std::string> resolve(std::string_view base, std::string_view reference);
[[nodiscard]] result<std::string> normalize_url(std::string_view url);

/// Failure protocol if it is not an absolute http or https address.
[[nodiscard]] result<origin> origin_of(std::string_view url);

/// False also if one of them is no http or https address.
[[nodiscard]] bool same_origin(std::string_view a, std::string_view b);

/// `web_address::authority` of an origin.
[[nodiscard]] std::string host_header(const origin& where);

/// `https://host:port` with the default port left out.
[[nodiscard]] std::string to_string(const origin& where);

/// The path alone, still encoded, at least `/`.
[[nodiscard]] std::string_view path_of(std::string_view url) noexcept;

/// Decoded value (`+` is a space) of the first query parameter of that name.
[[nodiscard]] std::optional<std::string> query_value(std::string_view url, std::string_view name);

/// The last path segment that is not empty, decoded; empty if there is none. May hold separators: make it
/// safe before using it as a name.
[[nodiscard]] std::string last_path_segment(std::string_view url);

}  // namespace pofetch::core
