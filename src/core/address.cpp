#include "core/address.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

namespace pofetch::core {
namespace {

struct ipv4_block {
  ipv4_bytes base;
  unsigned bits;
  address_class kind;
};

// IANA IPv4 Special-Purpose Address Registry, and multicast. The first that holds counts.
constexpr std::array<ipv4_block, 17> ipv4_blocks{{
    {{0, 0, 0, 0}, 8, address_class::unspecified},
    {{10, 0, 0, 0}, 8, address_class::private_},
    {{100, 64, 0, 0}, 10, address_class::private_},
    {{127, 0, 0, 0}, 8, address_class::loopback},
    {{169, 254, 0, 0}, 16, address_class::link_local},
    {{172, 16, 0, 0}, 12, address_class::private_},
    {{192, 0, 0, 0}, 24, address_class::reserved},
    {{192, 0, 2, 0}, 24, address_class::reserved},
    {{192, 31, 196, 0}, 24, address_class::reserved},
    {{192, 52, 193, 0}, 24, address_class::reserved},
    {{192, 88, 99, 0}, 24, address_class::reserved},
    {{192, 168, 0, 0}, 16, address_class::private_},
    {{198, 18, 0, 0}, 15, address_class::reserved},
    {{198, 51, 100, 0}, 24, address_class::reserved},
    {{203, 0, 113, 0}, 24, address_class::reserved},
    {{224, 0, 0, 0}, 4, address_class::multicast},
    {{240, 0, 0, 0}, 4, address_class::reserved},
}};

struct ipv6_block {
  std::array<std::uint8_t, 6> base;  ///< the rest is zero
  unsigned bits;
  address_class kind;
};

// IANA IPv6 Special-Purpose Address Registry. The first that holds counts; what is in none of them and
// not in 2000::/3 is not assigned.
constexpr std::array<ipv6_block, 9> ipv6_blocks{{
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, address_class::private_},
    {{0xfc}, 7, address_class::unique_local},
    {{0xfe, 0x80}, 10, address_class::link_local},
    {{0xfe, 0xc0}, 10, address_class::unique_local},
    {{0xff}, 8, address_class::multicast},
    {{0x20, 0x01, 0x00, 0x00}, 23, address_class::reserved},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, address_class::reserved},
    {{0x3f, 0xff, 0x00}, 20, address_class::reserved},
    {{0x20}, 3, address_class::global},
}};

bool within(std::span<const std::uint8_t> address, std::span<const std::uint8_t> base,
            unsigned bits) noexcept {
  const std::size_t whole = bits / 8;
  if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8U - rest);
  return ((address[whole] ^ base[whole]) & mask & 0xffU) == 0;
}

ipv4_bytes ipv4_at(const ipv6_bytes& address, std::size_t at) noexcept {
  return {address[at], address[at + 1], address[at + 2], address[at + 3]};
}

bool starts_with_zeros(const ipv6_bytes& address, std::size_t count) noexcept {
  return std::all_of(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(count),
                     [](std::uint8_t byte) { return byte == 0; });
}

/// The IPv4 address that such a form stands for.
std::optional<ipv4_bytes> inner_ipv4(const ipv6_bytes& a) noexcept {
  constexpr std::array<std::uint8_t, 12> nat64{0x00, 0x64, 0xff, 0x9b};
  if (const auto mapped = mapped_ipv4(a)) return mapped;
  if (within(a, nat64, 96)) return ipv4_at(a, 12);
  if (a[0] == 0x20 && a[1] == 0x02) return ipv4_at(a, 2);
  return std::nullopt;
}

std::string_view without_brackets_and_zone(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  // Only IPv6 addresses have a zone.
  return text.find(':') == std::string_view::npos ? text : text.substr(0, text.find('%'));
}

/// inet_pton wants a text that ends with a NUL, and stops at the first one.
template <class Bytes>
std::optional<Bytes> parse_address_of(int family, std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> ended{};
  if (text.size() >= ended.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), ended.begin());
  Bytes bytes{};
  return ::inet_pton(family, ended.data(), bytes.data()) == 1 ? std::optional(bytes) : std::nullopt;
}

}  // namespace

std::optional<ipv4_bytes> parse_ipv4(std::string_view text) noexcept {
  return parse_address_of<ipv4_bytes>(AF_INET, text);
}

std::optional<ipv6_bytes> parse_ipv6(std::string_view text) noexcept {
  return parse_address_of<ipv6_bytes>(AF_INET6, text);
}

std::optional<ipv4_bytes> mapped_ipv4(const ipv6_bytes& address) noexcept {
  if (!starts_with_zeros(address, 10) || address[10] != 0xff || address[11] != 0xff) return std::nullopt;
  return ipv4_at(address, 12);
}

/// Not by inet_ntop, whose forms differ from system to system: this text is part of what ledgers remember.
std::string to_string(const ipv6_bytes& address) {
  if (const auto inner = mapped_ipv4(address)) return fmt::format("::ffff:{}", fmt::join(*inner, "."));
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = address[2 * i] * 256U + address[2 * i + 1];
  std::size_t begin = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t after = i;
    while (after < groups.size() && groups[after] == 0) ++after;
    if (after - i > end - begin) std::tie(begin, end) = std::pair(i, after);
  }
  if (begin == end) return fmt::format("{:x}", fmt::join(groups, ":"));
  const std::span all(groups);
  return fmt::format("{:x}::{:x}", fmt::join(all.first(begin), ":"), fmt::join(all.subspan(end), ":"));
}

address_class classify_address(const ipv4_bytes& address) noexcept {
  for (const auto& block : ipv4_blocks) {
    if (within(address, block.base, block.bits)) return block.kind;
  }
  return address_class::global;
}

address_class classify_address(const ipv6_bytes& address) noexcept {
  if (starts_with_zeros(address, 15)) {
    if (address[15] == 0) return address_class::unspecified;
    if (address[15] == 1) return address_class::loopback;
  }
  if (const auto inner = inner_ipv4(address)) return classify_address(*inner);
  for (const auto& block : ipv6_blocks) {
    if (within(address, block.base, block.bits)) return block.kind;
  }
  return address_class::reserved;
}

std::optional<address_class> classify_address(std::string_view text) {
  const std::string_view plain = without_brackets_and_zone(text);
  if (const auto v4 = parse_ipv4(plain)) return classify_address(*v4);
  if (const auto v6 = parse_ipv6(plain)) return classify_address(*v6);
  return std::nullopt;
}

std::string_view to_string(address_class kind) noexcept {
  switch (kind) {
    case address_class::global:
      return "global";
    case address_class::private_:
      return "private";
    case address_class::loopback:
      return "loopback";
    case address_class::link_local:
      return "link-local";
    case address_class::unique_local:
      return "unique local";
    case address_class::multicast:
      return "multicast";
    case address_class::unspecified:
      return "unspecified";
    case address_class::reserved:
      return "reserved";
  }
  return "reserved";
}

}  // namespace pofetch::core
