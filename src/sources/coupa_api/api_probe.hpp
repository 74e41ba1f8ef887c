#pragma once

#include "sources/coupa_api/api_client.hpp"
#include "sources/session_state.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

namespace pofetch::sources {

/// Asks the API for one order: is it there, and does it accept the sign-in? `unknown`: it is busy or ill for
/// the moment. Failures: session_expired (also for 403: the message names the scope), unexpected_content (no
/// API), and those of the transport. Cancellable.
[[nodiscard]] awaitable<result<session_state>> probe_api(api_client& api);

}  // namespace pofetch::sources
