#pragma once

#include "cli/options.hpp"
#include "cli/remote/service_client.hpp"
#include "cli/remote/stoppable_loop.hpp"

#include <pofetch/exit_state.hpp>

namespace pofetch::cli {

/// Follows a batch on the screen that the options ask for, and sums it up. `known`: see `follower`.
[[nodiscard]] exit_state watch_batch(stoppable_loop& loop, service_client& from, const batch_address& where,
                                     const options& values, bool known);

/// 130 or 143.
[[nodiscard]] exit_state exit_of_signal(int signal) noexcept;

}  // namespace pofetch::cli
