#pragma once

#include "core/retry_policy.hpp"

#include <pofetch/clock.hpp>

#include <utility>

namespace pofetch::async {

/// Calls `attempt` (a function that returns awaitable<result<T>>) until it succeeds or the policy says
/// that trying on is pointless; waits in between. `notify(failure, delay)` is told before every wait.
/// Returns the last outcome. Cancellable.
template <class Attempt, class Notify>
[[nodiscard]] auto with_retries(clock& time, core::retry_policy& policy, Attempt attempt, Notify notify)
    -> decltype(attempt()) {
  for (unsigned tries = 1;; ++tries) {
    auto outcome = co_await attempt();
    if (outcome) co_return outcome;
    auto delay = policy.next(tries, outcome.error());
    if (!delay) co_return outcome;
    notify(outcome.error(), *delay);
    co_await time.sleep_for(*delay);
  }
}

}  // namespace pofetch::async
