#include "sources/sign_in.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "sources/file_route.hpp"
#include "sources/html_events.hpp"
#include "sources/page_marks.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::sources {

namespace {

/// A file may be called as it likes: `login.pdf` is no sign-in page.
bool is_document(std::string_view segment) {
  constexpr std::array<std::string_view, 24> extensions{
      "pdf", "msg", "eml", "doc",  "docx", "xls",  "xlsx", "csv",  "zip", "png", "jpg", "jpeg",
      "tif", "txt", "ppt", "pptx", "gif",  "tiff", "xml",  "json", "rtf", "7z",  "rar", "odt"};
  const std::size_t dot = segment.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = segment.substr(dot + 1);
  return std::any_of(extensions.begin(), extensions.end(),
                     [extension](std::string_view each) { return core::iequals(each, extension); });
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

bool path_is_sign_in(std::string_view path) {
  std::vector<std::string> segments;
  for (const auto segment : core::split(path, '/'))
    if (!segment.empty()) segments.push_back(core::to_lower(core::decode_percent(segment)));
  if (!segments.empty() && is_document(segments.back())) return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& segment = segments[i];
    const std::string_view name = stem(segment);
    const bool after_sessions = i > 0 && segments[i - 1] == "sessions";
    if (after_sessions && (name == "new" || name == "login")) return true;
    if (name == "login" || segment == "auth" || segment.starts_with("oauth")) return true;
    if (segment.starts_with("authorization") || segment.find("session_expired") != std::string::npos)
      return true;
    if (segment.find("openid") != std::string::npos || has_sso_word(segment)) return true;
  }
  return false;
}

bool host_is_sign_in(std::string_view host) {
  if (has_sso_word(host) || host.find("openid") != std::string_view::npos) return true;
  const auto labels = core::split(host, '.');
  return std::any_of(labels.begin(), labels.end(),
                     [](std::string_view label) { return label == "login" || label == "auth"; });
}

/// Only looks for the two fields.
struct form_finder final : html_handler {
  page_marks marks;
  void element_started(const html_element& element) override { marks.element_started(element); }
  void element_ended(std::string_view /*name*/, std::size_t /*depth*/) override {}
  void text(std::string_view /*chars*/) override {}
};

}  // namespace

bool is_sign_in_address(std::string_view url, std::string_view base_url) {
  const auto where = core::origin_of(url);
  const auto base = core::origin_of(base_url);
  if (!where || !base) return false;
  const bool own_host = where->host == base->host;
  if (own_host && route_of(url) == route::file) return false;
  return path_is_sign_in(core::path_of(url)) || (!own_host && host_is_sign_in(where->host));
}

bool has_sign_in_form(std::string_view html) {
  if (html.empty()) return false;
  form_finder finder;
  html_events events(finder);
  // What could be read until a bound was reached counts.
  (void)events.feed(html);
  (void)events.finish();
  return finder.marks.sign_in_form();
}

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

}  // namespace pofetch::sources
