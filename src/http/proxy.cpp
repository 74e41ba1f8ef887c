#include "http/proxy.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "core/basic_auth.hpp"
#include "core/encoding.hpp"
#include "core/mask_url.hpp"
#include "core/percent.hpp"
#include "core/setting_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::http {

namespace {

failure unusable(std::string_view shown, std::string_view why) {
  return make_failure(errc::config, core::sentence("@proxy '{}': {}", shown, why));
}

/// `host:port` as CONNECT names its target: always with the port.
std::string authority_of(const core::origin& target) {
  const bool literal = target.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", literal ? "[" : "", target.host, literal ? "]" : "", target.port);
}

std::string_view reason_of(int status) {
  switch (status) {
    case 403:
      return " Forbidden";
    case 502:
      return " Bad Gateway";
    case 503:
      return " Service Unavailable";
    case 504:
      return " Gateway Timeout";
    default:
      return "";
  }
}

}  // namespace

result<std::optional<proxy>> proxy::make(const proxy_settings& settings) {
  std::string_view text = core::trim(settings.url);
  if (text.empty()) return std::optional<proxy>();
  proxy made;
  auto rules = core::no_proxy_rules::parse(settings.except);
  if (!rules) return rules.error();
  made.except_ = std::move(*rules);
  made.loopback_ = settings.loopback;

  const auto colons = text.find("://");
  const std::string scheme =
      colons == std::string_view::npos ? "http" : core::to_lower(text.substr(0, colons));
  if (colons != std::string_view::npos) text.remove_prefix(colons + 3);
  text = text.substr(
      0, text.find_first_of("/?#", text.rfind('@') == std::string_view::npos ? 0 : text.rfind('@')));
  const auto at = text.rfind('@');
  const std::string_view userinfo = at == std::string_view::npos ? std::string_view() : text.substr(0, at);
  if (at != std::string_view::npos) text.remove_prefix(at + 1);
  const std::string shown = core::mask_url(fmt::format("{}://{}", scheme, text));
  if (scheme != "http")
    return unusable(shown, fmt::format("proxies that are spoken to with {}:// are not supported; most listen "
                                       "on http:// as well (what goes through is encrypted all the same)",
                                       scheme));
  auto where = core::origin_of(fmt::format("http://{}", text));
  if (!where) return unusable(shown, "expected http://HOST:PORT");
  made.where_ = std::move(*where);
  if (!userinfo.empty()) {
    auto credentials = core::basic_credentials(userinfo);
    if (!credentials)
      return unusable(shown, "the user name or password in it holds a character that cannot be sent");
    made.credentials_ = std::move(*credentials);
  }
  return std::optional<proxy>(std::move(made));
}

bool proxy::leads_to(const core::origin& target, bool own) const {
  if (target.scheme != "https" || except_.matches(target)) return false;
  const bool here =
      is_loopback_name(target.host) || core::classify_address(target.host) == core::address_class::loopback;
  return !here || (own && loopback_);
}

std::string proxy::shown() const { return fmt::format("the proxy http://{}", authority_of(where_)); }

std::string proxy::connect_request(const core::origin& target, std::string_view user_agent) const {
  const std::string authority = authority_of(target);
  std::string text = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", authority, authority);
  if (!user_agent.empty()) text += fmt::format("User-Agent: {}\r\n", user_agent);
  if (!credentials_.empty()) text += fmt::format("Proxy-Authorization: Basic {}\r\n", credentials_);
  return text + "\r\n";
}

result<void> proxy::judge(int status, std::string_view authenticate, const core::origin& target) const {
  if (status / 100 == 2) return {};
  // 401 is wrong for a proxy, and what some send for a wrong password.
  if (status == 407 || status == 401) {
    const bool basic = authenticate.empty() || core::ifind(authenticate, "basic") != std::string_view::npos;
    if (!basic)
      return make_failure(
          errc::config,
          fmt::format(
              "{} wants to know who you are in a way that is not spoken here ({}, {}); only user name "
              "and password (Basic) are",
              shown(), status,
              core::mask_secrets_in_text(authenticate.substr(0, authenticate.find_first_of(" ,")))));
    return make_failure(
        errc::config,
        fmt::format(
            "{} {} ({}); put them into the variable POFETCH_PROXY or HTTPS_PROXY, or into the "
            "configuration file, as http://USER:PASSWORD@{}",
            shown(),
            credentials_.empty() ? "wants a user name and a password" : "refuses user name or password",
            status, authority_of(where_)));
  }
  std::string advice;
  if (status == 403)
    advice = core::spelled("; ask those who run it to allow this host, or leave it out with @no_proxy");
  auto why =
      make_failure(errc::connection, fmt::format("{} does not connect to {} ({}{}){}", shown(),
                                                 authority_of(target), status, reason_of(status), advice));
  why.http_status = status;
  return why;
}

bool is_loopback_name(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  return core::iequals(host, "localhost") ||
         (host.size() > 10 && core::iequals(host.substr(host.size() - 10), ".localhost"));
}

core::address_class class_behind_proxy(std::string_view host) {
  constexpr std::array<std::string_view, 8> inner{"local", "internal", "intranet", "lan",
                                                  "corp",  "home",     "private",  "arpa"};
  if (const auto literal = core::classify_address(host)) return *literal;
  if (is_loopback_name(host)) return core::address_class::loopback;
  while (host.ends_with('.')) host.remove_suffix(1);
  const auto dot = host.rfind('.');
  const std::string_view last = host.substr(dot == std::string_view::npos ? 0 : dot + 1);
  const bool known = std::any_of(inner.begin(), inner.end(),
                                 [last](std::string_view each) { return core::iequals(last, each); });
  // What ends in a number is an address in one of its odd forms.
  const bool numeric = last.empty() || core::is_digit(last.front());
  return dot == std::string_view::npos || known || numeric ? core::address_class::private_
                                                           : core::address_class::global;
}

}  // namespace pofetch::http
