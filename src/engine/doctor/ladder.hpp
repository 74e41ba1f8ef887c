#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>
#include <pofetch/pool_config.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace pofetch::engine {

/// So many requests at the same time, and what came of them.
struct rung {
  unsigned at_once = 0;
  unsigned requests = 0;
  std::chrono::microseconds wall{};
  /// Of one request.
  std::chrono::microseconds median{};
  /// The server has answered one of them with an error, 429 say: it is not asked for more.
  bool refused = false;
};

/// One request; false: refused.
using ladder_request = std::function<awaitable<result<bool>>()>;

/// Waits until one more request may be started.
using ladder_pace = std::function<awaitable<>()>;

/// 1, 2, 4, 8, 16 requests at the same time, `most` at most, some of each. Ends where one is refused or
/// fails, and where the next step would take too long. About 100 requests in all. What `pace` makes a request
/// wait, if there is one, is none of its time. Cancellable.
[[nodiscard]] awaitable<std::vector<rung>> climb(ladder_request request, ladder_pace pace, unsigned most);

struct ladder_advice {
  unsigned workers = 0;
  unsigned max_connections = 0;
};

/// The lowest step that brings nearly as much as the best. Nothing if not even the first one was made, or if
/// the ceiling on requests a second (0: none) held the best one.
[[nodiscard]] std::optional<ladder_advice> advise(std::span<const rung> steps, double ceiling);

/// `latency` and `parallel`.
[[nodiscard]] std::vector<finding> on_ladder(std::span<const rung> steps, const pool_config& pool,
                                             double ceiling);

}  // namespace pofetch::engine
