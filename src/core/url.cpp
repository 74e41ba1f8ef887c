#include "core/url.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/idn.hpp"
#include "core/mask_url.hpp"
#include "core/url_clean.hpp"
#include "core/url_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::core {
namespace {

failure refused(std::string_view url, std::string_view why) {
  constexpr std::size_t shown = 300;
  return make_failure(errc::protocol,
                      fmt::format("The address {} cannot be used: {}.", mask_url(url.substr(0, shown)), why));
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
  });
}

/// The host in lower case and decoded, IPv6 without brackets; empty if it is none that can be reached.
std::string host_of(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    const auto v6 = parse_ipv6(text.substr(1, text.size() - 2));
    return v6 ? to_string(*v6) : std::string{};
  }
  if (is_host_name(text)) return to_lower(text);
  std::string host = ascii_host(decode_percent(text));
  return is_host_name(host) ? host : std::string{};
}

std::uint16_t default_port(std::string_view scheme) noexcept { return scheme == "https" ? 443 : 80; }

/// `shown` is the whole address, for the message.
result<origin> origin_of_parts(const url_parts& parts, std::string_view shown) {
  const bool secure = iequals(parts.scheme, "https");
  if (!secure && !iequals(parts.scheme, "http")) return refused(shown, "only https and http are possible");
  origin where;
  where.scheme = secure ? "https" : "http";
  const std::string_view authority = parts.authority.value_or("");
  const std::string_view place = authority.substr(authority.rfind('@') + 1);
  const auto bracket = place.rfind(']');
  const auto colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
  where.host = host_of(place.substr(0, colon));
  if (where.host.empty()) return refused(shown, "it names no host that can be reached");
  where.port = default_port(where.scheme);
  const std::string_view port = colon == std::string_view::npos ? "" : place.substr(colon + 1);
  if (port.empty()) return where;
  const auto number = parse_unsigned(port);
  if (!number || *number == 0 || *number > 65535)
    return refused(shown, "its port is not between 1 and 65535");
  where.port = static_cast<std::uint16_t>(*number);
  return where;
}

/// As in a Host field.
void append_host(std::string& out, const origin& where) {
  const bool is_ipv6 = where.host.find(':') != std::string::npos;
  if (is_ipv6) out += '[';
  out += where.host;
  if (is_ipv6) out += ']';
  if (where.port != default_port(where.scheme)) out.append(1, ':').append(std::to_string(where.port));
}

/// RFC 3986 5.2.3.
std::string merge(const url_parts& base, std::string_view path) {
  if (base.path.empty()) return "/" + std::string(path);
  return std::string(base.path.substr(0, base.path.rfind('/') + 1)).append(path);
}

/// RFC 3986 5.2.2.
void append_path(std::string& url, const url_parts& base, const url_parts& reference) {
  const bool whole = !reference.scheme.empty() || reference.authority || reference.path.substr(0, 1) == "/";
  std::string merged;
  std::string_view path = reference.path;
  if (!whole && path.empty()) path = base.path;
  if (!whole && !reference.path.empty()) path = merged = merge(base, path);
  if (path.find("/.") != std::string_view::npos) path = merged = remove_dot_segments(path);
  if (path.substr(0, 1) != "/") url += '/';
  url += path;
}

}  // namespace

std::string_view web_address::path() const noexcept {
  const std::string_view all = target();
  return all.substr(0, all.find('?'));
}

result<web_address> resolve_address(std::string_view base, std::string_view reference) {
  const auto too_long = [](std::string_view url) {
    return refused(url, fmt::format("it is longer than {} bytes", max_url_bytes));
  };
  if (base.size() > max_url_bytes || reference.size() > max_url_bytes) return too_long(reference);
  std::string base_room;
  std::string room;
  const url_parts to = split_url(clean_url(reference, room));
  const bool absolute = !to.scheme.empty();
  const url_parts from = absolute ? url_parts() : split_url(clean_url(base, base_room));
  url_parts place = absolute ? to : from;
  if (!absolute && to.authority) place.authority = to.authority;
  auto where = origin_of_parts(place, reference);
  if (!where) return where.error();

  web_address made;
  made.text.reserve(place.authority->size() + from.path.size() + to.path.size() + 64);
  made.text.append(where->scheme).append("://");
  append_host(made.text, *where);
  made.path_begins = made.text.size();
  append_path(made.text, from, to);
  const bool same_document = !absolute && !to.authority && to.path.empty() && !to.query;
  const auto query = same_document ? from.query : to.query;
  if (query) made.text.append(1, '?').append(*query);
  if (made.text.size() > max_url_bytes) return too_long(made.text);
  made.where = std::move(*where);
  return made;
}

result<web_address> parse_address(std::string_view url) { return resolve_address({}, url); }

result<std::string> resolve(std::string_view base, std::string_view reference) {
  auto made = resolve_address(base, reference);
  if (!made) return made.error();
  return std::move(made->text);
}

result<std::string> normalize_url(std::string_view url) { return resolve({}, url); }

result<origin> origin_of(std::string_view url) {
  if (url.size() > max_url_bytes)
    return refused(url, fmt::format("it is longer than {} bytes", max_url_bytes));
  std::string room;
  return origin_of_parts(split_url(clean_url(url, room)), url);
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto first = origin_of(a);
  if (!first) return false;
  const auto second = origin_of(b);
  return second && *first == *second;
}

std::string host_header(const origin& where) {
  std::string text;
  append_host(text, where);
  return text;
}

std::string to_string(const origin& where) {
  std::string text = where.scheme + "://";
  append_host(text, where);
  return text;
}

std::string_view path_of(std::string_view url) noexcept {
  const std::string_view path = split_url(url).path;
  return path.empty() ? "/" : path;
}

std::optional<std::string> query_value(std::string_view url, std::string_view name) {
  const auto query = split_url(url).query;
  if (!query) return std::nullopt;
  const auto decode = [](std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return decode_percent(plain);
  };
  for (const auto text : split(*query, '&')) {
    const url_param param = split_param(text);
    if (decode(param.name) == name) return decode(param.value.value_or(""));
  }
  return std::nullopt;
}

std::string last_path_segment(std::string_view url) {
  std::string_view path = split_url(url).path;
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  const auto slash = path.rfind('/');
  return decode_percent(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace pofetch::core
