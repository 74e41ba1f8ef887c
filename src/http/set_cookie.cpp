#include "http/set_cookie.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/idn.hpp"
#include "http/cookie_date.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace pofetch::http {

namespace {

constexpr std::size_t max_attribute_bytes = 1024;

std::pair<std::string_view, std::string_view> split_pair(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {core::trim(text), {}};
  return {core::trim(text.substr(0, equals)), core::trim(text.substr(equals + 1))};
}

struct attributes {
  std::optional<std::chrono::system_clock::time_point> expires;
  std::optional<std::chrono::system_clock::time_point> max_age;
  std::string domain;
  bool has_domain = false;
  std::string path;
  bool secure = false;
  bool http_only = false;
};

std::optional<std::chrono::system_clock::time_point> parse_max_age(
    std::string_view value, std::chrono::system_clock::time_point now) {
  const bool negative = !value.empty() && value.front() == '-';
  const std::string_view digits = negative ? value.substr(1) : value;
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), core::is_digit)) return std::nullopt;
  const auto seconds = core::parse_unsigned(digits).value_or(std::numeric_limits<std::uint64_t>::max());
  if (negative || seconds == 0) return std::chrono::system_clock::time_point::min();
  constexpr std::uint64_t ten_years = 315'360'000;
  return now + std::chrono::seconds(std::min(seconds, ten_years));
}

void take_attribute(std::string_view text, std::chrono::system_clock::time_point now, attributes& out) {
  const auto [name, value] = split_pair(text);
  if (value.size() > max_attribute_bytes) return;
  if (core::iequals(name, "expires")) {
    if (const auto date = parse_cookie_date(value)) out.expires = date;
  } else if (core::iequals(name, "max-age")) {
    if (const auto end = parse_max_age(value, now)) out.max_age = end;
  } else if (core::iequals(name, "domain")) {
    out.has_domain = !value.empty();
    out.domain = core::ascii_host(value.starts_with('.') ? value.substr(1) : value);
  } else if (core::iequals(name, "path")) {
    out.path = value.starts_with('/') ? std::string(value) : std::string();
  } else if (core::iequals(name, "secure")) {
    out.secure = true;
  } else if (core::iequals(name, "httponly")) {
    out.http_only = true;
  }
}

/// In whatever form: systems also take `127.1` and `0x7f.0.0.1`, and no name ends in such a label.
bool is_address(std::string_view host) {
  const auto dot = host.rfind('.');
  return core::classify_address(host).has_value() ||
         (dot != std::string_view::npos && dot + 1 < host.size() && core::is_digit(host[dot + 1]));
}

/// RFC 6265 5.1.4: the directory of the request's path.
std::string default_path(std::string_view path) {
  const auto slash = path.rfind('/');
  if (!path.starts_with('/') || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

/// Fills in domain and host_only. False: the server has no right to that domain.
bool accept_domain(const attributes& given, const std::string& host, cookie& out) {
  out.domain = host;
  out.host_only = true;
  if (!given.has_domain) return true;
  if (!domain_matches(host, given.domain)) return false;
  // A single label is a top-level domain, unless it is the host itself (an intranet name).
  if (given.domain.find('.') == std::string::npos) return given.domain == host;
  if (is_address(host)) return true;
  out.domain = given.domain;
  out.host_only = false;
  return true;
}

bool keeps_prefix_promise(const cookie& c, bool has_domain) {
  if (core::istarts_with(c.name, "__Secure-")) return c.secure;
  if (core::istarts_with(c.name, "__Host-")) return c.secure && !has_domain && c.path == "/";
  return true;
}

}  // namespace

bool domain_matches(std::string_view host, std::string_view domain) {
  if (domain.empty()) return false;
  if (host == domain) return true;
  if (host.size() <= domain.size() || !host.ends_with(domain)) return false;
  if (host[host.size() - domain.size() - 1] != '.') return false;
  return !is_address(host);
}

bool path_matches(std::string_view request_path, std::string_view cookie_path) {
  if (!request_path.starts_with(cookie_path)) return false;
  return request_path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
         request_path[cookie_path.size()] == '/';
}

bool is_sendable_cookie(std::string_view name, std::string_view value) {
  const auto forbidden = [](char c) { return core::is_control(c) || c == ';'; };
  return !name.empty() && name.find('=') == std::string_view::npos &&
         std::none_of(name.begin(), name.end(), forbidden) &&
         std::none_of(value.begin(), value.end(), forbidden);
}

std::optional<cookie> parse_set_cookie(std::string_view field, const core::origin& from,
                                       std::string_view path, std::chrono::system_clock::time_point now) {
  const auto end = std::min(field.find(';'), field.size());
  const std::string_view pair = field.substr(0, end);
  const auto [name, value] = split_pair(pair);
  if (pair.find('=') == std::string_view::npos || !is_sendable_cookie(name, value)) return std::nullopt;
  if (name.size() + value.size() > max_cookie_bytes) return std::nullopt;

  attributes given;
  for (std::string_view rest = field.substr(end); !rest.empty();) {
    rest.remove_prefix(1);
    const auto next = std::min(rest.find(';'), rest.size());
    take_attribute(rest.substr(0, next), now, given);
    rest.remove_prefix(next);
  }

  cookie made;
  made.name = name;
  made.value = value;
  made.secure = given.secure;
  made.http_only = given.http_only;
  made.path = given.path.empty() ? default_path(path) : given.path;
  made.expires = given.max_age ? given.max_age : given.expires;
  const bool controls = std::any_of(made.path.begin(), made.path.end(), core::is_control);
  if (controls || (made.secure && from.scheme != "https")) return std::nullopt;
  if (!accept_domain(given, from.host, made) || !keeps_prefix_promise(made, given.has_domain))
    return std::nullopt;
  return made;
}

}  // namespace pofetch::http
