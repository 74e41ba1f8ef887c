#include "core/refusal.hpp"

#include "core/ascii.hpp"
#include "core/quote.hpp"
#include "core/setting_text.hpp"
#include "core/status_failure.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pofetch::core {

namespace {

/// Values of `Server` on answers that they make up themselves.
constexpr std::array<std::string_view, 20> go_between_servers{
    "akamai",   "cloudfront", "awselb",     "bigip",      "big-ip",
    "f5",       "imperva",    "incapsul",   "sucuri",     "fortiweb",
    "fortigat", "barracuda",  "ddos-guard", "zscaler",    "squid",
    "bluecoat", "wallarm",    "stackpat",   "citrix-net", "microsoft-azure-application-gateway"};

/// Fields that stand on refusals alone.
constexpr std::array<std::string_view, 4> go_between_fields{"cf-mitigated", "x-amzn-waf-action",
                                                            "x-sucuri-block", "x-squid-error"};

// What their pages say, as `loose_key` gives it.
constexpr std::array<std::string_view, 36> go_between_phrases{"errorsedgesuitenet",
                                                              "akamai",
                                                              "requestcouldnotbesatisfied",
                                                              "generatedbycloudfront",
                                                              "cloudflarerayid",
                                                              "rayid",
                                                              "youhavebeenblocked",
                                                              "attentionrequired",
                                                              "incapsula",
                                                              "imperva",
                                                              "requestunsuccessful",
                                                              "requestedurlwasrejected",
                                                              "yoursupportidis",
                                                              "requestisblocked",
                                                              "requestblocked",
                                                              "requestwasblocked",
                                                              "requesthasbeenblocked",
                                                              "requestrejected",
                                                              "sucuriwebsitefirewall",
                                                              "applicationfirewall",
                                                              "blockedbythefirewall",
                                                              "webpageblocked",
                                                              "modsecurity",
                                                              "onthisserver",
                                                              "permissiontoaccessthisresource",
                                                              "incidentid",
                                                              "unusualtraffic",
                                                              "securityservice",
                                                              "blockedforsecurity",
                                                              "barracuda",
                                                              "zscaler",
                                                              "fortigu",
                                                              "squid",
                                                              "administrativerules",
                                                              "accessdeniedbysecuritypolicy",
                                                              "websiteisusingasecurity"};

/// Web servers that sign the stock page with which they refuse by rule.
constexpr std::array<std::string_view, 9> signing_servers{
    "nginx",     "openresty", "cloudflare",
    "tengine",   "haproxy",   "apache",
    "litespeed", "lighttpd",  "microsoftazureapplicationgateway"};

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t tag = ifind(text, open);
  if (tag == std::string_view::npos) return {};
  const std::size_t begin = text.find('>', tag);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = ifind(text, close, begin);
  return end == std::string_view::npos ? std::string_view() : text.substr(begin + 1, end - begin - 1);
}

/// What a reader sees of the markup, roughly.
std::string visible_text(std::string_view markup) {
  std::string text;
  while (!markup.empty()) {
    const std::size_t tag = std::min(markup.find('<'), markup.size());
    text.append(markup.substr(0, tag)).append(" ");
    markup.remove_prefix(tag);
    for (const std::string_view hidden : {"script", "style"}) {
      if (!istarts_with(markup.substr(std::min<std::size_t>(1, markup.size())), hidden)) continue;
      const std::size_t end = ifind(markup, std::string("</").append(hidden));
      markup.remove_prefix(std::min(end, markup.size()));
    }
    const std::size_t end = markup.find('>');
    markup.remove_prefix(end == std::string_view::npos ? markup.size() : end + 1);
  }
  return text;
}

/// What is left when the words of every refusal are taken away. Longer texts are none of a line or two.
std::string without_refusing_words(std::string_view loose_text) {
  constexpr std::size_t short_text = 200;
  std::string rest(loose_text);
  if (rest.size() > short_text) return rest;
  for (const std::string_view word : {"403", "401", "forbidden", "error", "http"})
    for (std::size_t at = 0; (at = rest.find(word)) != std::string::npos;) rest.erase(at, word.size());
  return rest;
}

/// `AccessDenied (Request has expired)`; empty if it is no error of an object storage.
std::string storage_error(std::string_view body) {
  const std::string_view code = trim(between(body, "<Code", "</Code"));
  if (code.empty() || ifind(body.substr(0, 1024), "<Error") == std::string_view::npos) return {};
  const std::string said = quote_for_message(between(body, "<Message", "</Message"));
  return said.empty() ? quote_for_message(code, 60)
                      : fmt::format("{} ({})", quote_for_message(code, 60), said);
}

bool is_markup(const http_response& head, std::string_view body) {
  return ifind(head.field("Content-Type"), "html") != std::string_view::npos ||
         trim(body).substr(0, 1) == "<";
}

}  // namespace

bool is_of_go_between(const http_response& head) {
  const std::string_view server = trim(head.field("Server"));
  const bool by_name = std::any_of(go_between_servers.begin(), go_between_servers.end(),
                                   [server](std::string_view each) { return istarts_with(server, each); });
  return by_name || std::any_of(go_between_fields.begin(), go_between_fields.end(),
                                [&head](std::string_view each) { return !head.field(each).empty(); });
}

bool speaks_as_go_between(std::string_view loose_text) {
  if (holds_one_of(loose_text, go_between_phrases)) return true;
  const std::string rest = without_refusing_words(loose_text);
  return std::any_of(signing_servers.begin(), signing_servers.end(), [&rest](std::string_view each) {
    // Perhaps with its version behind.
    return rest.starts_with(each) && rest.find_first_not_of("0123456789v", each.size()) == std::string::npos;
  });
}

bool is_bare_refusal(std::string_view loose_text) { return without_refusing_words(loose_text).empty(); }

refusal read_refusal(const http_response& head, std::string_view beginning) {
  beginning = beginning.substr(0, refusal_size);
  refusal made;
  made.in_between = is_of_go_between(head);
  const std::string error = storage_error(beginning);
  if (!error.empty()) {
    made.in_between = false;
    made.words = fmt::format("the error {}", error);
    return made;
  }
  const bool markup = is_markup(head, beginning);
  const std::string text = markup ? visible_text(beginning) : std::string(beginning);
  made.in_between = made.in_between || (markup && speaks_as_go_between(loose_key(text)));
  const std::string title =
      markup ? quote_for_message(between(beginning, "<title", "</title")) : std::string();
  const std::string said = quote_for_message(text, 80);
  if (!title.empty())
    made.words = fmt::format("a page titled '{}'", title);
  else if (markup && !said.empty())
    made.words = fmt::format("a page that says '{}'", said);
  const std::string server = quote_for_message(head.field("Server"), 60);
  if (made.in_between || !made.words.empty()) {
    if (made.words.empty()) made.words = "an answer that says nothing more";
    if (!server.empty()) made.words += fmt::format(" (Server: {})", server);
  }
  return made;
}

std::string go_between_advice() {
  return spelled(
      "Something in between (a firewall, a content network or a proxy) refuses; that says nothing about what "
      "was asked for. Requests are slowed down; run the same command again later, with fewer "
      "@max_connections or @requests_per_second, or ask those who run the network.");
}

failure failure_for_refusal(const http_response& head, std::string_view beginning, std::string_view subject,
                            std::chrono::system_clock::time_point now) {
  failure made = failure_for_response(head, subject, now);
  const refusal said = read_refusal(head, beginning);
  if (!said.words.empty()) made.message += fmt::format(" What came is {}.", said.words);
  if (said.in_between && head.status == 403) made.message += fmt::format(" {}", go_between_advice());
  if (ifind(said.words, "expired") != std::string_view::npos)
    made.message += " The signature of the address is no longer good: a new one is needed.";
  return made;
}

}  // namespace pofetch::core
