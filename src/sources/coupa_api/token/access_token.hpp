#pragma once

#include "sources/coupa_api/json_body.hpp"

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// OAuth2 client credentials (RFC 6749 4.4).
struct client_credentials {
  /// `https://<tenant>.coupahost.com`.
  std::string base_url;
  std::string client_id;
  /// Secret.
  std::string client_secret;
  /// Separated by spaces.
  std::string scope;
};

struct access_token {
  /// Secret.
  std::string value;
  /// From when it was given out.
  std::chrono::seconds lifetime{};
  /// Did the answer say so?
  bool lifetime_told = false;
};

/// What is taken for the lifetime if the answer says none, or one that cannot be meant: under a minute, or
/// above 31 days. Such a token is used until it is refused.
inline constexpr std::chrono::seconds usual_lifetime{86'399};
inline constexpr std::chrono::seconds least_lifetime{60};
inline constexpr std::chrono::seconds most_lifetime{31 * 24 * 3600};
inline constexpr std::size_t most_token_bytes = 64U << 10;

/// POST to the token endpoint. Redirects are never followed: the secret stands in the body.
[[nodiscard]] http_request token_request(const client_credentials& who);

/// The token that came. Failures: session_expired (the credentials or the scope are refused; the message says
/// which), http_status and rate_limited (the endpoint is busy or ill), unexpected_content (no token came).
/// None of them repeats what the server says but for an error code of RFC 6749.
[[nodiscard]] result<access_token> judge_token(const client_credentials& who, const http_response& head,
                                               json_body& body, std::chrono::system_clock::time_point now);

}  // namespace pofetch::sources
