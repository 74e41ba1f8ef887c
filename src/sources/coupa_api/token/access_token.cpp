#include "sources/coupa_api/token/access_token.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/percent.hpp"
#include "core/refusal.hpp"
#include "core/setting_text.hpp"
#include "core/status_failure.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/coupa/sign_in.hpp"
#include "sources/html/page_text.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

constexpr std::uint64_t most_answer = 1U << 20;

std::string endpoint_of(const client_credentials& who) { return clean_base(who.base_url) + "/oauth2/token"; }

failure no_token(const http_response& head, std::string_view came) {
  return make_failure(
      errc::unexpected_content,
      core::sentence(
          "an access token was expected, but {} came, at {}; is @base_url the address of the instance?", came,
          core::mask_url(head.url)));
}

/// One of RFC 6749 5.2 (and 4.1.2.1, which servers use here, too); nothing else of the answer is shown, since
/// it may repeat the secret.
std::string error_word(const std::optional<json::value>& body) {
  constexpr std::array<std::string_view, 9> known{
      "invalid_request",        "invalid_client", "invalid_grant", "unauthorized_client",    "invalid_scope",
      "unsupported_grant_type", "access_denied",  "server_error",  "temporarily_unavailable"};
  const json::object* const answer = body ? body->if_object() : nullptr;
  std::string word = answer == nullptr ? std::string() : text_of(*answer, "error");
  return std::find(known.begin(), known.end(), word) == known.end() ? std::string() : word;
}

failure refused(const client_credentials& who, const http_response& head, const std::string& word) {
  const std::string why = word.empty() ? std::to_string(head.status) : word;
  std::string advice = core::spelled("check @client_id and the client secret");
  if (word == "invalid_scope")
    advice =
        core::sentence("check @scope ({}) and what the client may ask for", quote_for_message(who.scope));
  if (word == "unauthorized_client" || word == "unsupported_grant_type")
    advice = "the client is not set up for the grant type client_credentials";
  return make_failure(errc::session_expired, fmt::format("{} refuses to give an access token ({}): {}",
                                                         core::mask_url(head.url), why, advice));
}

/// Characters of RFC 6750 2.1, and what else is harmless in a header field.
bool is_usable(std::string_view token) {
  return !token.empty() && token.size() <= most_token_bytes &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Nothing if it says none that can be meant.
std::optional<std::chrono::seconds> lifetime_of(const json::object& answer) {
  const auto given = core::parse_unsigned(text_of(answer, "expires_in"));
  if (!given || *given > static_cast<std::uint64_t>(most_lifetime.count())) return std::nullopt;
  const std::chrono::seconds lifetime(*given);
  if (lifetime < least_lifetime) return std::nullopt;
  return lifetime;
}

}  // namespace

http_request token_request(const client_credentials& who) {
  http_request made;
  made.method = "POST";
  made.url = endpoint_of(who);
  made.fields = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
  made.body = fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
                          core::encode_component(who.client_id), core::encode_component(who.client_secret),
                          core::encode_component(who.scope));
  made.urgent = true;
  made.max_body = most_answer;
  made.stop_before = [](std::string_view) { return true; };
  return made;
}

result<access_token> judge_token(const client_credentials& who, const http_response& head, json_body& body,
                                 std::chrono::system_clock::time_point now) {
  const int status = head.status;
  const auto parsed = body.take();
  const bool page =
      !parsed && (core::is_html_type(head.field("Content-Type")) || core::looks_like_html(body.text()));
  if (status == 403 && (page || core::is_of_go_between(head)))
    return core::failure_for_refusal(head, {}, "the token endpoint",
                                     now);  // what it says may repeat the secret
  if (status == 400 || status == 401 || status == 403) return refused(who, head, error_word(parsed));
  if (status == 404) return no_token(head, "an answer 404 Not Found");
  if (status >= 300 && status < 400)
    return no_token(head, fmt::format("a redirect (status {}) to {}", status, shown_target(head)));
  if (status / 100 != 2) return core::failure_for_response(head, "the token endpoint", now);
  const json::object* const answer = parsed ? parsed->if_object() : nullptr;
  if (answer == nullptr) {
    return no_token(head, page ? "an HTML page" : "something else than the JSON of a token endpoint");
  }
  const std::string type = text_of(*answer, "token_type");
  if (!type.empty() && !core::iequals(type, "bearer")) return no_token(head, "a token of another type");
  access_token made;
  made.value = text_of(*answer, "access_token");
  if (made.value.empty()) return no_token(head, "JSON without one");
  if (!is_usable(made.value)) return no_token(head, "a token that cannot be sent in a header field");
  const auto lifetime = lifetime_of(*answer);
  made.lifetime = lifetime.value_or(usual_lifetime);
  made.lifetime_told = lifetime.has_value();
  return made;
}

}  // namespace pofetch::sources
