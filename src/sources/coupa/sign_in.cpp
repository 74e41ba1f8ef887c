#include "sources/coupa/sign_in.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "sources/coupa/file_route.hpp"
#include "sources/html/html_events.hpp"
#include "sources/html/page_marks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::sources {

namespace {

using words = std::vector<std::string>;

// What pages, folders and hosts for signing in are called.
constexpr std::array<std::string_view, 2> session_pages{"new", "login"};
constexpr std::array<std::string_view, 8> page_words{"login",   "logon", "signin", "sign_in",
                                                     "sign-in", "idp",   "adfs",   "saml"};
constexpr std::array<std::string_view, 8> host_labels{"login", "logon", "signin", "auth",
                                                      "idp",   "adfs",  "sts",    "accounts"};
constexpr std::array<std::string_view, 6> providers{"openid", "okta",    "onelogin",
                                                    "auth0",  "pingone", "pingidentity"};
constexpr std::array<std::string_view, 5> own_pages{"login", "logon", "signin", "sign_in", "session_expired"};
constexpr std::array<std::string_view, 3> user_pages{"session_expired", "sign_in", "login"};

/// Decoded segments of the path that are not empty, lower case.
words path_words(std::string_view url) {
  words segments;
  for (const auto segment : core::split(core::path_of(url), '/'))
    if (!segment.empty()) segments.push_back(core::to_lower(core::decode_percent(segment)));
  return segments;
}

/// A file may be called as it likes: `login.pdf` is no sign-in page. Pages have endings, too.
bool is_document(std::string_view segment) {
  constexpr std::array<std::string_view, 20> of_pages{
      "aspx", "asp", "php", "jsp", "jspx", "jsf",   "do",     "html",   "htm",  "xhtml",
      "cgi",  "pl",  "cfm", "srf", "fcc",  "saml2", "oauth2", "action", "seam", "mvc"};
  const std::size_t dot = segment.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view ending = segment.substr(dot + 1);
  constexpr std::size_t longest = 8;
  const bool is_ending = ending.size() <= longest && !ending.empty() &&
                         std::all_of(ending.begin(), ending.end(), [](char c) { return core::is_alnum(c); });
  return is_ending && !core::is_one_of(ending, of_pages);
}

/// Does one of the words of the text (letters and digits) begin with `sso`? Not `lesson`, not `processor`.
bool has_sso_word(std::string_view text) {
  for (std::size_t at = 0; (at = core::ifind(text, "sso", at)) != std::string_view::npos; ++at)
    if (at == 0 || !core::is_alnum(text[at - 1])) return true;
  return false;
}

/// The name of a page without its ending: `login.aspx` gives `login`.
std::string_view stem(std::string_view segment) noexcept {
  return segment.substr(0, segment.find_first_of(".;"));
}

bool path_is_sign_in(const words& segments) {
  if (!segments.empty() && is_document(segments.back())) return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& segment = segments[i];
    const std::string_view name = stem(segment);
    const bool after_sessions = i > 0 && segments[i - 1] == "sessions";
    if (after_sessions && core::is_one_of(name, session_pages)) return true;
    if (core::is_one_of(name, page_words)) return true;
    if (segment == "auth" || segment.starts_with("oauth") || segment.starts_with("saml2")) return true;
    if (segment.starts_with("authorization") || segment.find("session_expired") != std::string::npos)
      return true;
    if (segment.find("openid") != std::string::npos || has_sso_word(segment)) return true;
  }
  return false;
}

bool host_is_sign_in(std::string_view host) {
  if (has_sso_word(host) || core::holds_one_of(host, providers)) return true;
  const auto labels = core::split(host, '.');
  return std::any_of(labels.begin(), labels.end(),
                     [](std::string_view label) { return core::is_one_of(label, host_labels); });
}

/// Only looks for the fields.
struct form_finder final : html_handler {
  page_marks marks;
  void element_started(const html_element& element) override { marks.element_started(element); }
  void element_ended(std::string_view /*name*/, std::size_t /*depth*/) override {}
  void text(std::string_view /*chars*/) override {}
};

page_marks marks_of(std::string_view html) {
  form_finder finder;
  html_events events(finder);
  // What could be read until a bound was reached counts.
  (void)events.feed(html);
  (void)events.finish();
  return std::move(finder.marks);
}

}  // namespace

bool is_own_sign_in_address(std::string_view url, std::string_view base_url) {
  if (url.empty()) return false;
  const auto where = core::origin_of(url);
  const auto base = core::origin_of(base_url);
  if (!where || !base || where->host != base->host || route_of(url) == route::file) return false;
  const words segments = path_words(url);
  if (segments.empty()) return false;
  const std::string_view last = stem(segments.back());
  if (segments.size() == 1) return core::is_one_of(last, own_pages);
  const std::string& before = segments[segments.size() - 2];
  if (before == "sessions") return core::is_one_of(last, session_pages);
  return (before == "user" || before == "users") && core::is_one_of(last, user_pages);
}

bool is_sign_in_address(std::string_view url, std::string_view base_url) {
  if (url.empty()) return false;
  const auto where = core::origin_of(url);
  const auto base = core::origin_of(base_url);
  if (!where || !base) return false;
  const bool own_host = where->host == base->host;
  if (own_host && route_of(url) == route::file) return false;
  return path_is_sign_in(path_words(url)) || (!own_host && host_is_sign_in(where->host));
}

bool ends_a_page(std::string_view target, std::string_view base_url) {
  const auto where = core::origin_of(target);
  const auto base = core::origin_of(base_url);
  if (!where || !base) return false;
  const bool plain = base->scheme == "https" && where->scheme != "https";
  if (plain && where->host != base->host) return false;
  return is_sign_in_address(target, base_url) || (!plain && *where != *base);
}

bool has_sign_in_form(std::string_view html) { return !html.empty() && marks_of(html).sign_in_form(); }

bool asks_for_password(std::string_view html) { return !html.empty() && marks_of(html).asks_for_password(); }

bool head_asks_to_sign_in(const http_response& head, std::string_view base_url) {
  if (head.status == 401 || is_sign_in_address(head.url, base_url)) return true;
  const std::string target = redirect_target(head);
  return !target.empty() && is_sign_in_address(target, base_url);
}

std::string redirect_target(const http_response& head) {
  if (head.status < 300 || head.status > 399) return {};
  const std::string_view location = head.field("Location");
  if (location.empty()) return {};
  auto target = core::resolve(head.url, location);
  return target ? std::move(*target) : std::string{};
}

std::string shown_target(const http_response& head) {
  const std::string target = redirect_target(head);
  return target.empty() ? "nowhere" : core::mask_url(target);
}

}  // namespace pofetch::sources
