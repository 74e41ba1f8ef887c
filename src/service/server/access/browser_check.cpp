#include "service/server/access/browser_check.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"

#include <algorithm>

namespace pofetch::service {

namespace {

struct host_and_port {
  std::string host;
  std::string_view port;
  bool good = false;
};

bool is_host_char(char c) { return core::is_alnum(c) || c == '-' || c == '.' || c == '_'; }

host_and_port take_apart(std::string_view authority) {
  host_and_port made;
  std::size_t end = 0;
  if (authority.starts_with('[')) {
    end = authority.find(']');
    if (end == std::string_view::npos) return made;
    ++end;
    const std::string_view inner = authority.substr(1, end - 2);
    if (inner.find(':') == std::string_view::npos || inner.find('%') != std::string_view::npos) return made;
    if (!core::classify_address(inner)) return made;
  } else {
    end = std::min(authority.find(':'), authority.size());
    const std::string_view name = authority.substr(0, end);
    if (name.empty() || name.front() == '.' || !std::all_of(name.begin(), name.end(), is_host_char))
      return made;
  }
  made.host = core::to_lower(authority.substr(0, end));
  made.port = authority.substr(end);
  if (!made.port.empty()) {
    made.port.remove_prefix(1);
    const auto number = core::parse_unsigned(made.port);
    if (!number || *number > 65'535) return made;
  }
  made.good = true;
  return made;
}

/// `localhost.` is the same host.
std::string_view without_dot(std::string_view host) {
  if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  const bool dotted = core::is_digit(host.front()) && std::count(host.begin(), host.end(), '.') == 3;
  return dotted && core::classify_address(host).has_value();
}

bool is_local_name(std::string_view host) { return host == "localhost" || host.ends_with(".localhost"); }

std::string clean_origin(std::string_view scheme, const host_and_port& at) {
  const std::string_view silent = scheme == "https" ? "443" : "80";
  std::string made = std::string(scheme) + "://" + std::string(without_dot(at.host));
  if (!at.port.empty() && at.port != silent) made += ":" + std::string(at.port);
  return made;
}

/// Empty: it is none.
std::string origin_of_text(std::string_view text) {
  for (const std::string_view scheme : {"http", "https"}) {
    const std::string lead = std::string(scheme) + "://";
    if (!core::istarts_with(text, lead)) continue;
    const host_and_port at = take_apart(text.substr(lead.size()));
    return at.good ? clean_origin(scheme, at) : std::string();
  }
  return {};
}

}  // namespace

bool read_public_url(std::string_view url, public_name& into) {
  const std::size_t lead = url.find("://");
  if (lead == std::string_view::npos) return false;
  const std::size_t end = std::min(url.find_first_of("/?#", lead + 3), url.size());
  if (url.find_first_of("?#") != std::string_view::npos) return false;
  into.origin = origin_of_text(url.substr(0, end));
  const host_and_port at = take_apart(url.substr(lead + 3, end - lead - 3));
  into.host = without_dot(at.host);
  return !into.origin.empty();
}

host_verdict check_host(std::string_view host, const std::vector<public_name>& ours) {
  const host_and_port at = take_apart(host);
  if (!at.good) return host_verdict::malformed;
  const std::string_view name = without_dot(at.host);
  if (is_address(name) || is_local_name(name)) return host_verdict::good;
  const bool known =
      std::any_of(ours.begin(), ours.end(), [&](const public_name& each) { return each.host == name; });
  return known ? host_verdict::good : host_verdict::unknown;
}

bool same_site(const request_head& head, const std::vector<public_name>& ours, bool tls) {
  if (const std::string* const site = head.find("sec-fetch-site")) return *site == "same-origin";
  const std::string* const origin = head.find("origin");
  if (origin == nullptr) return true;
  const std::string said = origin_of_text(*origin);
  if (said.empty()) return false;
  for (const public_name& each : ours)
    if (each.origin == said) return true;
  // A page of ours that is reached by an address or by localhost; names that can be rebound are not among
  // these.
  const host_and_port at = take_apart(head.value("host"));
  if (!at.good || !(is_address(at.host) || is_local_name(without_dot(at.host)))) return false;
  return said == clean_origin(tls ? "https" : "http", at);
}

}  // namespace pofetch::service
