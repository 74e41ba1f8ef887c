#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

using ipv4_bytes = std::array<std::uint8_t, 4>;
using ipv6_bytes = std::array<std::uint8_t, 16>;

/// Four decimal numbers, none with leading zeros (RFC 3986 3.2.2). Nothing for other text.
[[nodiscard]] std::optional<ipv4_bytes> parse_ipv4(std::string_view text) noexcept;

/// Any form of RFC 4291 2.2, without brackets and zone. Nothing for other text.
[[nodiscard]] std::optional<ipv6_bytes> parse_ipv6(std::string_view text) noexcept;

/// The IPv4 address that is mapped into an IPv6 one (RFC 4291 2.5.5.2); nothing for others.
[[nodiscard]] std::optional<ipv4_bytes> mapped_ipv4(const ipv6_bytes& address) noexcept;

/// The one form of an address, for comparing: lower case, the longest run of zero groups left out, a mapped
/// IPv4 address in decimal.
[[nodiscard]] std::string to_string(const ipv6_bytes& address);

/// What kind of network an IP address belongs to.
enum class address_class {
  global,        ///< the open internet
  private_,      ///< RFC 1918, carrier-grade NAT 100.64/10, local NAT64
  loopback,      ///< this machine
  link_local,    ///< this link; cloud metadata services live here
  unique_local,  ///< fc00::/7, and the old site-local fec0::/10
  multicast,     ///
  unspecified,   ///< 0.0.0.0/8, ::
  reserved,      ///< documentation, benchmarks, future use, everything not assigned
};

/// By the IANA special-purpose registries (RFC 6890). IPv6 forms that carry an IPv4 address (mapped, NAT64
/// 64:ff9b::/96, 6to4) are judged by that address.
[[nodiscard]] address_class classify_address(const ipv4_bytes& address) noexcept;
[[nodiscard]] address_class classify_address(const ipv6_bytes& address) noexcept;

/// The same for text: dotted IPv4, or IPv6 with or without brackets and zone. Nothing if it is no address.
[[nodiscard]] std::optional<address_class> classify_address(std::string_view text);

[[nodiscard]] std::string_view to_string(address_class kind) noexcept;

}  // namespace pofetch::core
