#include "sources/coupa_api/api_advice.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/setting_text.hpp"
#include "sources/coupa_api/api_answer.hpp"
#include "sources/findings.hpp"
#include "sources/html/page_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::sources {

namespace {

std::string life_of(std::chrono::seconds life) {
  constexpr std::chrono::seconds two_hours{7'200};
  if (life < two_hours) return fmt::format("{} minutes", (life.count() + 30) / 60);
  return fmt::format("{} hours", (life.count() + 1'800) / 3'600);
}

}  // namespace

std::string api_advice(const failure& why, bool by_token) {
  if (why.code == errc::config)
    return core::spelled("give a client (@client_id and its secret), or an API key in POFETCH_API_KEY");
  if (why.http_status == 403)
    return core::spelled(
        "ask whoever administers Coupa to allow that scope to the client, and name it in @scope");
  if (why.code == errc::session_expired && by_token)
    return core::spelled(
        "compare identifier, secret and @scope with what whoever administers Coupa has set up");
  if (why.code == errc::session_expired)
    return "look at POFETCH_API_KEY; Coupa has given out no new keys since 2023, ask for an OAuth2 client";
  if (why.code == errc::unexpected_content)
    return core::spelled(
        "@base_url is the address that a browser shows for Coupa, such as https://<tenant>.coupahost.com");
  return "try again; if it stays, ask those who run the instance";
}

finding on_api(const result<session_state>& state, const instance_options& options,
               std::optional<std::chrono::seconds> token_life) {
  const bool by_token = !options.client_id.empty();
  if (!state) return failed_check("sign_in", state.error(), api_advice(state.error(), by_token));
  const std::string url = core::mask_url(options.base_url);
  if (*state == session_state::unknown)
    return doubtful("sign_in",
                    fmt::format("the REST API of {} is busy or ill, and does not say whether it accepts the "
                                "sign-in",
                                url),
                    "try again later");
  if (!by_token) return fine("sign_in", fmt::format("the REST API of {} accepts the API key", url));
  std::string text = fmt::format("the REST API of {} accepts the access token; its life: {}", url,
                                 token_life ? life_of(*token_life) : "not said");
  text += fmt::format("; asked for: {}", quote_for_message(options.scope));
  if (core::to_lower(options.scope).find(requisition_scope) != std::string::npos)
    return fine("sign_in", std::move(text));
  return doubtful("sign_in", std::move(text),
                  core::sentence("add {} to @scope: without it the attachments of requisitions are missing",
                                 requisition_scope));
}

}  // namespace pofetch::sources
