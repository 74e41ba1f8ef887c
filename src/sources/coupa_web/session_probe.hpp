#pragma once

#include "sources/session_state.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/transport.hpp>

#include <string>

namespace pofetch::sources {

/// Asks the instance once whether the session holds: GET /order_headers, not tried again. Failures: whatever
/// the transport says when there is no answer. Cancellable.
[[nodiscard]] awaitable<result<session_state>> probe_session(transport& http, std::string base_url);

}  // namespace pofetch::sources
