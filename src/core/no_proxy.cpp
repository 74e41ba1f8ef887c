#include "core/no_proxy.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/setting_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pofetch::core {

namespace {

using address_bytes = std::vector<std::uint8_t>;

/// 4 or 16 bytes; an IPv4 address in IPv6 form counts as IPv4. Empty: no address.
address_bytes bytes_of(std::string_view text) {
  if (const auto v4 = parse_ipv4(text)) return {v4->begin(), v4->end()};
  const auto v6 = parse_ipv6(text);
  if (!v6) return {};
  if (const auto inner = mapped_ipv4(*v6)) return {inner->begin(), inner->end()};
  return {v6->begin(), v6->end()};
}

bool same_network(const address_bytes& a, const address_bytes& b, unsigned bits) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned count = std::min(bits, 8U);
    const auto mask = static_cast<std::uint8_t>(0xffU << (8U - count));
    if ((a[i] & mask) != (b[i] & mask)) return false;
    bits -= count;
  }
  return true;
}

/// Takes `:PORT` off the end. False: what stands there is no port.
bool take_port(std::string_view& text, std::uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return true;
  const bool bracketed = text.starts_with('[');
  // An IPv6 address without brackets has colons of its own.
  if (bracketed ? text[colon - 1] != ']' : text.find(':') != colon) return true;
  const auto number = parse_unsigned(text.substr(colon + 1));
  if (!number || *number == 0 || *number > 65535) return false;
  port = static_cast<std::uint16_t>(*number);
  text = text.substr(0, colon);
  return true;
}

bool is_host_pattern(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
}

}  // namespace

result<no_proxy_rules> no_proxy_rules::parse(const std::vector<std::string>& texts) {
  no_proxy_rules made;
  for (const std::string& text : texts) {
    std::string spaced = text;
    std::replace_if(
        spaced.begin(), spaced.end(), [](char c) { return c == ',' || is_control(c); }, ' ');
    for (const std::string_view piece : split(spaced, ' ')) {
      if (piece.empty()) continue;
      auto one = parse_rule(piece);
      if (!one)
        return make_failure(errc::config,
                            sentence("@no_proxy: '{}' is no host, domain, address or network (such as "
                                     "example.com, .example.com, 10.0.0.0/8 or *)",
                                     piece));
      made.rules_.push_back(std::move(*one));
    }
  }
  return made;
}

std::optional<no_proxy_rules::rule> no_proxy_rules::parse_rule(std::string_view text) {
  rule made;
  if (text == "*") {
    made.all = true;
    return made;
  }
  const auto slash = text.find('/');
  if (!take_port(text, made.port)) return std::nullopt;
  std::string_view host = text.substr(0, slash);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  made.network = bytes_of(host);
  if (!made.network.empty()) {
    made.bits = static_cast<unsigned>(made.network.size() * 8);
    if (slash == std::string_view::npos) return made;
    const auto bits = parse_unsigned(text.substr(slash + 1));
    if (!bits || *bits > made.bits) return std::nullopt;
    made.bits = static_cast<unsigned>(*bits);
    return made;
  }
  if (host.starts_with("*.")) host.remove_prefix(1);
  while (host.starts_with('.')) host.remove_prefix(1);
  while (host.ends_with('.')) host.remove_suffix(1);
  if (slash != std::string_view::npos || !is_host_pattern(host)) return std::nullopt;
  made.name = to_lower(host);
  return made;
}

bool no_proxy_rules::matches(const origin& host) const {
  const address_bytes address = bytes_of(host.host);
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const rule& one) { return matches(one, host, address); });
}

bool no_proxy_rules::matches(const rule& one, const origin& host, const address_bytes& address) {
  if (one.all) return true;
  if (one.port != 0 && one.port != host.port) return false;
  if (!one.network.empty()) return same_network(one.network, address, one.bits);
  std::string_view name = host.host;
  while (name.ends_with('.')) name.remove_suffix(1);
  if (!address.empty() || !name.ends_with(one.name)) return false;
  return name.size() == one.name.size() || name[name.size() - one.name.size() - 1] == '.';
}

}  // namespace pofetch::core
