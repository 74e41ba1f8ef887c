#pragma once

#include "http/host_standing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::service {

/// Where the service stands at one moment, as gauges tell it. Times are seconds since 1970, 0: never.
struct service_state {
  std::array<std::size_t, 9> batches{};  ///< by `batch_state`
  std::uint64_t orders_open = 0;
  double oldest_queued = 0;
  /// Of the running batch that has brought nothing for the longest time; of the last one, if none runs.
  double last_progress = 0;
  double last_completed = 0;
  /// Profiles, and whether their sign-in holds.
  std::vector<std::pair<std::string, bool>> signed_in;
  std::vector<http::host_standing> hosts;
  std::size_t connections = 0;
  std::size_t streams = 0;
  std::uint64_t disk_free = 0;
  std::uint64_t disk_size = 0;
  std::size_t webhooks_pending = 0;
};

}  // namespace pofetch::service
