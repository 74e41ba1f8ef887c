#pragma once

#include "sources/api_client.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

namespace pofetch::sources {

/// Asks the API for one order, before a run begins: is it there, and does it accept the sign-in? An API that
/// is busy or ill for the moment is no failure. Failures: session_expired (also for 403: the message names
/// the scope), unexpected_content (no API), and those of the transport. Cancellable.
[[nodiscard]] awaitable<result<void>> probe_api(api_client& api);

}  // namespace pofetch::sources
