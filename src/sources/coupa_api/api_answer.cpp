#include "sources/coupa_api/api_answer.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/refusal.hpp"
#include "core/setting_text.hpp"
#include "core/status_failure.hpp"
#include "core/url.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/coupa/sign_in.hpp"
#include "sources/html/page_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pofetch::sources {

namespace {

failure expired(const api_query& asked, const http_response& head, std::string_view came) {
  return make_failure(errc::session_expired,
                      fmt::format("{}: the REST API does not accept the sign-in: {} came, at {}", asked.label,
                                  came, core::mask_url(head.url)));
}

/// A 403 that is no answer of the API.
bool is_of_another(const http_response& head, const json_body& body) {
  const bool page = core::is_html_type(head.field("Content-Type")) || core::looks_like_html(body.text());
  return page || core::read_refusal(head, body.text()).in_between;
}

failure refused(const api_query& asked, const http_response& head) {
  failure made = make_failure(
      errc::not_found,
      fmt::format("{}: the REST API refuses this (403), at {}: the token lacks the scope {}, or the "
                  "integration user has no right to it",
                  asked.label, core::mask_url(head.url), asked.scope));
  made.http_status = 403;
  return made;
}

failure missing(const api_query& asked, const http_response& head) {
  failure made = make_failure(
      errc::not_found, fmt::format("{}: the REST API says that there is no such thing, or that this user may "
                                   "not see it (404), at {}",
                                   asked.label, core::mask_url(head.url)));
  made.http_status = 404;
  return made;
}

std::string describe(const http_response& head, const json_body& body) {
  const std::string_view type = head.field("Content-Type");
  if (core::is_html_type(type) || core::looks_like_html(body.text())) return "an HTML page";
  if (type.empty()) return "an answer without a content type";
  if (core::iequals(type.substr(0, type.find(';')), "application/json")) return "broken JSON";
  return fmt::format("content of type {}", quote_for_message(type, 60));
}

std::optional<failure> judge_session(const api_query& asked, const http_response& head, const json_body& body,
                                     std::string_view base_url) {
  if (head.status == 401) return expired(asked, head, "a refusal (401)");
  const std::string target = redirect_target(head);
  if (!target.empty() && is_sign_in_address(target, base_url))
    return expired(asked, head, fmt::format("a redirect to a sign-in page, {},", core::mask_url(target)));
  if (head.status < 500 && has_sign_in_form(body.text())) return expired(asked, head, "a sign-in page");
  return std::nullopt;
}

/// The server's words without those that may be the token or key that it was sent: they are long.
std::string without_secrets(std::string_view said) {
  constexpr std::size_t most_said = 1'000;
  constexpr std::size_t longest_word = 24;
  const std::string masked = core::mask_secrets_in_text(said.substr(0, most_said));
  std::string out;
  for (std::size_t at = 0; at < masked.size();) {
    const std::size_t end = std::min(masked.find(' ', at), masked.size());
    const std::string_view word = std::string_view(masked).substr(at, end - at);
    out.append(word.size() > longest_word ? "***" : word).append(end < masked.size() ? " " : "");
    at = end + 1;
  }
  return out;
}

failure refused_in_between(const api_query& asked, const http_response& head, const json_body& body,
                           std::chrono::system_clock::time_point now) {
  failure why = core::failure_for_response(head, asked.label, now);
  const std::string words = core::read_refusal(head, body.text()).words;
  if (!words.empty()) why.message += fmt::format(" What came is {}.", without_secrets(words));
  why.message += fmt::format(" {}", core::go_between_advice());
  return why;
}

/// The server's own words behind the failure for its status.
failure for_status(const api_query& asked, const http_response& head, json_body& body,
                   std::chrono::system_clock::time_point now) {
  failure why = core::failure_for_response(head, asked.label, now);
  if (head.status == 406) why.message += " It does not serve JSON there.";
  const auto parsed = body.take();
  const std::string words = parsed ? first_text(*parsed) : std::string();
  if (!words.empty()) why.message += fmt::format(" It says: {}", quote_for_message(without_secrets(words)));
  return why;
}

}  // namespace

result<boost::json::value> judge_answer(const api_query& asked, const http_response& head, json_body& body,
                                        std::string_view base_url,
                                        std::chrono::system_clock::time_point now) {
  if (auto why = judge_session(asked, head, body, base_url)) return *std::move(why);
  if (head.status == 403 && is_of_another(head, body)) return refused_in_between(asked, head, body, now);
  if (head.status == 403) return refused(asked, head);
  if (head.status == 404 || head.status == 410) return missing(asked, head);
  const bool redirect = head.status >= 300 && head.status < 400;
  if (!redirect && head.status / 100 != 2) return for_status(asked, head, body, now);
  auto parsed = redirect ? std::nullopt : body.take();
  if (parsed) return *std::move(parsed);
  const std::string came = redirect
                               ? fmt::format("a redirect (status {}) to {}", head.status, shown_target(head))
                               : describe(head, body);
  return make_failure(errc::unexpected_content,
                      core::sentence("{}: JSON of the REST API was expected, but {} came, at {}; is "
                                     "@base_url the address of the instance?",
                                     asked.label, came, core::mask_url(head.url)));
}

failure wrong_shape(const api_query& asked, std::string_view expected) {
  return make_failure(errc::unexpected_content,
                      fmt::format("{}: the REST API answered with JSON, but {} was expected, at {}",
                                  asked.label, expected, core::mask_url(asked.url)));
}

http_request api_request(const api_query& asked, const std::string& base_url, std::uint64_t max_body) {
  http_request made;
  made.url = asked.url;
  made.fields.push_back(http_field{"Accept", "application/json"});
  made.urgent = true;
  made.max_body = max_body;
  made.stop_before = [base_url](std::string_view target) { return ends_a_page(target, base_url); };
  return made;
}

std::string api_root(std::string_view base_url) { return clean_base(base_url) + "/api"; }

bool is_api_address(std::string_view url, std::string_view base_url) {
  if (!core::same_origin(url, base_url)) return false;
  const std::string root = api_root(base_url);
  const std::string_view path = core::path_of(url);
  const std::string_view lead = core::path_of(root);
  return path.starts_with(lead) && path.size() > lead.size() && path[lead.size()] == '/';
}

}  // namespace pofetch::sources
