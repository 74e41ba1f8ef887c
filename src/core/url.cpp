#include "core/url.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url_parts.hpp"

#include <boost/url.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace pofetch::core {
namespace {

namespace urls = boost::urls;

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4U];
  out += digits[byte & 15U];
}

bool is_unreserved(char c) noexcept {
  return is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}

bool is_escape(std::string_view text, std::size_t at) noexcept {
  return at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
}

/// Without space and controls around it and line breaks in it, as browsers read an address.
std::string strip_breaks(std::string_view url) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!url.empty() && is_edge(url.front())) url.remove_prefix(1);
  while (!url.empty() && is_edge(url.back())) url.remove_suffix(1);
  std::string stripped;
  stripped.reserve(url.size());
  std::copy_if(url.begin(), url.end(), std::back_inserter(stripped),
               [](char c) { return c != '\t' && c != '\r' && c != '\n'; });
  return stripped;
}

/// Percent-encodes what must not stand in a URL. `brackets`: may `[` and `]` stand here?
void append_clean(std::string& out, std::string_view part, bool brackets) {
  constexpr std::string_view delimiters = ":/?@!$&'()*+,;=";
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    const bool allowed = is_unreserved(c) || delimiters.find(c) != std::string_view::npos ||
                         (c == '%' && is_escape(part, i)) || (brackets && (c == '[' || c == ']'));
    if (allowed) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
}

/// The reference without its fragment, of characters that RFC 3986 allows.
std::string clean(std::string_view url) {
  std::string text = strip_breaks(url);
  const auto path_end = std::min(text.find_first_of("?#"), text.size());
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(path_end), '\\', '/');
  const url_parts parts = split_url(text);
  std::string cleaned;
  cleaned.reserve(text.size());
  if (!parts.scheme.empty()) cleaned.append(parts.scheme).append(1, ':');
  if (parts.authority) {
    cleaned.append("//");
    append_clean(cleaned, *parts.authority, true);
  }
  if (cleaned.empty() && parts.path.substr(0, parts.path.find('/')).find(':') != std::string_view::npos) {
    // What is before that colon is no scheme, so it must not look like one (RFC 3986 4.2).
    cleaned += "./";
  }
  append_clean(cleaned, parts.path, false);
  if (parts.query) {
    cleaned += '?';
    append_clean(cleaned, *parts.query, false);
  }
  return cleaned;
}

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

/// Lower case and decoded, IPv6 without brackets; empty if it is no host that can be reached.
std::string host_of(const urls::url_view_base& url) {
  switch (url.host_type()) {
    case urls::host_type::ipv4:
      return url.host_ipv4_address().to_string();
    case urls::host_type::ipv6:
      return url.host_ipv6_address().to_string();
    case urls::host_type::name: {
      std::string host = to_lower(url.host());
      return is_host_name(host) ? host : std::string{};
    }
    default:
      return {};
  }
}

result<origin> origin_of_parsed(const urls::url_view_base& url) {
  const std::string_view text(url.buffer().data(), url.buffer().size());
  origin where;
  where.scheme = to_lower(std::string_view(url.scheme().data(), url.scheme().size()));
  if (where.scheme != "http" && where.scheme != "https")
    return refused(text, "only https and http are possible");
  where.host = host_of(url);
  if (where.host.empty()) return refused(text, "it names no host that can be reached");
  where.port = where.scheme == "https" ? 443 : 80;
  if (url.has_port() && !url.port().empty()) {
    where.port = url.port_number();
    if (where.port == 0) return refused(text, "its port is not between 1 and 65535");
  }
  return where;
}

/// Both already clean.
result<urls::url> resolve_clean(const std::string& base, const std::string& reference) {
  const auto parsed_base = urls::parse_uri(base);
  if (!parsed_base) return refused(base, "it is not an absolute address");
  const auto parsed = urls::parse_uri_reference(reference);
  if (!parsed) return refused(reference, "it is malformed");
  urls::url target;
  const auto resolved = urls::resolve(*parsed_base, *parsed, target);
  if (!resolved) return refused(reference, "it is malformed");
  return target;
}

std::string assemble(const origin& where, std::string_view path, std::optional<std::string_view> query) {
  std::string url = to_string(where);
  if (path.empty() || path.front() != '/') url += '/';
  url += path;
  if (query) url.append(1, '?').append(*query);
  return url;
}

result<std::string> resolve_bounded(std::string_view base, std::string_view reference) {
  const auto target = resolve_clean(clean(base), clean(reference));
  if (!target) return target.error();
  const auto where = origin_of_parsed(*target);
  if (!where) return where.error();
  const std::string_view text(target->buffer().data(), target->buffer().size());
  const url_parts parts = split_url(text);
  std::string url = assemble(*where, parts.path, parts.query);
  if (url.size() > max_url_bytes) return refused(url, "it is too long");
  return url;
}

std::uint16_t default_port(const origin& where) noexcept { return where.scheme == "https" ? 443 : 80; }

}  // namespace

result<std::string> resolve(std::string_view base, std::string_view reference) {
  if (base.size() > max_url_bytes || reference.size() > max_url_bytes) {
    return refused(reference, fmt::format("it is longer than {} bytes", max_url_bytes));
  }
  try {
    return resolve_bounded(base, reference);
  } catch (const std::exception&) {
    return refused(reference, "it is malformed");
  }
}

result<std::string> normalize_url(std::string_view url) { return resolve(url, url); }

result<origin> origin_of(std::string_view url) {
  if (url.size() > max_url_bytes)
    return refused(url, fmt::format("it is longer than {} bytes", max_url_bytes));
  try {
    const std::string cleaned = clean(url);
    const auto parsed = urls::parse_uri(cleaned);
    if (!parsed) return refused(url, "it is not an absolute address");
    return origin_of_parsed(*parsed);
  } catch (const std::exception&) {
    return refused(url, "it is malformed");
  }
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto first = origin_of(a);
  if (!first) return false;
  const auto second = origin_of(b);
  return second && *first == *second;
}

std::string host_header(const origin& where) {
  const bool is_ipv6 = where.host.find(':') != std::string::npos;
  std::string host = is_ipv6 ? "[" + where.host + "]" : where.host;
  if (where.port != default_port(where)) host += ":" + std::to_string(where.port);
  return host;
}

std::string to_string(const origin& where) { return where.scheme + "://" + host_header(where); }

std::string path_and_query(std::string_view url) {
  const std::string cleaned = clean(url);
  const url_parts parts = split_url(cleaned);
  std::string target(parts.path);
  if (target.empty() || target.front() != '/') target.insert(0, 1, '/');
  if (parts.query) target.append(1, '?').append(*parts.query);
  return target;
}

std::string_view path_of(std::string_view url) noexcept {
  const std::string_view path = split_url(url).path;
  return path.empty() ? "/" : path;
}

std::string decode_percent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && is_escape(text, i)) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string encode_component(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      append_escaped(encoded, c);
    }
  }
  return encoded;
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
