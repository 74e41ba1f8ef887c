#pragma once

#include <chrono>
#include <cstdint>

namespace pofetch::cli {

struct process_usage {
  /// Processor time so far, user and system.
  std::chrono::microseconds processor{0};
  /// Memory resident now, bytes; 0 where the system does not say.
  std::uint64_t memory = 0;
};

/// What this process has used.
[[nodiscard]] process_usage read_process_usage();

}  // namespace pofetch::cli
