#pragma once

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace pofetch::core {

// Who refuses? Between a client and the server that it asks may stand firewalls, content networks and
// proxies. When they have had enough they answer in the server's place, mostly with 403, and that says
// nothing about what was asked for.

/// Bytes of a refusal's body that are worth looking at.
inline constexpr std::size_t refusal_size = 16U << 10;

/// Does the head show that one of them speaks? Only what they put on answers of their own counts, not on
/// those that they pass on.
[[nodiscard]] bool is_of_go_between(const http_response& head);

/// Does the text of a page, as `loose_key` gives it, say so?
[[nodiscard]] bool speaks_as_go_between(std::string_view loose_text);

/// Does it say nothing but that it refuses (`403 Forbidden`)? Nothing at all counts as well.
[[nodiscard]] bool is_bare_refusal(std::string_view loose_text);

/// What came in place of what was asked for.
struct refusal {
  /// One of those in between refuses.
  bool in_between = false;
  /// For a message: `the error AccessDenied (Request has expired)`, `a page titled 'Access Denied' (Server:
  /// AkamaiGHost)`. Empty if it says nothing.
  std::string words{};
};

/// `beginning`: of the body, up to `refusal_size`: the XML of an object storage, an HTML page, or anything
/// else.
[[nodiscard]] refusal read_refusal(const http_response& head, std::string_view beginning);

/// The failure for an answer that is no success (see `failure_for_response`), with what it says for itself
/// and what to do where a go-between refuses.
[[nodiscard]] failure failure_for_refusal(
    const http_response& head, std::string_view beginning, std::string_view subject,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

/// What a user can do about a go-between; for the end of a message.
[[nodiscard]] std::string go_between_advice();

}  // namespace pofetch::core
