#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/transport.hpp>

#include <string>
#include <string_view>

namespace pofetch::sources {

enum class session_state {
  alive,    ///< the instance answers as it does to a user who is signed in
  expired,  ///< signing in is needed
  unknown,  ///< the instance is busy or ill: keep the session
};

[[nodiscard]] std::string_view to_string(session_state state) noexcept;

/// Asks the instance once whether the session holds: GET /order_headers, not tried again. Failures: whatever
/// the transport says when there is no answer. Cancellable.
[[nodiscard]] awaitable<result<session_state>> probe_session(transport& http, std::string base_url);

}  // namespace pofetch::sources
