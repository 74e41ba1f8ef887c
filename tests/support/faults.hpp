#pragma once

#include "support/process.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace pofetch::test {

/// One disturbance of the file system beneath `root`, as fault_state.hpp describes them.
struct fault {
  std::filesystem::path root;
  std::string what = "once";  ///< once, from, stall, kill_before, kill_after, torn
  std::uint64_t at = 0;
  int error = 0;
  std::string kinds{};
  std::string match{};
  std::filesystem::path log{};
  std::filesystem::path shadow{};
  std::int64_t clock = 0;
  std::size_t longest_name = 0;
};

/// The same program with the fault layer in front of it.
[[nodiscard]] inline process_setup with(process_setup setup, const fault& wanted) {
  auto& to = setup.environment;
  to["LD_PRELOAD"] = POFETCH_FAULT_LAYER;
  // The layer has to come before the sanitizer's library, which does not like that.
  to["ASAN_OPTIONS"] = "verify_asan_link_order=0";
  to["POFETCH_FAULT_ROOT"] = wanted.root.string();
  to["POFETCH_FAULT_DO"] = wanted.what;
  to["POFETCH_FAULT_AT"] = std::to_string(wanted.at);
  to["POFETCH_FAULT_ERRNO"] = std::to_string(wanted.error);
  to["POFETCH_FAULT_KINDS"] = wanted.kinds;
  to["POFETCH_FAULT_MATCH"] = wanted.match;
  to["POFETCH_FAULT_LOG"] = wanted.log.string();
  to["POFETCH_FAULT_SHADOW"] = wanted.shadow.string();
  to["POFETCH_FAULT_CLOCK"] = std::to_string(wanted.clock);
  to["POFETCH_FAULT_NAME_MAX"] = std::to_string(wanted.longest_name);
  return setup;
}

}  // namespace pofetch::test
