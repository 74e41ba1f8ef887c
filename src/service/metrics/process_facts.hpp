#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pofetch::service {

/// What the system knows of this process; 0: it does not say.
struct process_facts {
  double cpu_seconds = 0;
  double start_time = 0;  ///< seconds since 1970
  double resident_bytes = 0;
  double virtual_bytes = 0;
  double open_descriptors = 0;
  double most_descriptors = 0;
};

[[nodiscard]] process_facts read_process_facts();

/// Of /proc/self/stat (proc(5)).
struct stat_line {
  std::uint64_t ticks = 0;        ///< of the processor
  std::uint64_t start_ticks = 0;  ///< since the system started
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};
/// Nothing: it is no such line.
[[nodiscard]] std::optional<stat_line> read_stat_line(std::string_view text);

}  // namespace pofetch::service
