#pragma once

#include "os/unique_fd.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the service has to do with systemd, where that has started it: sockets that are open already, and
/// words on how it is. Built without libsystemd, or started by something else, there is none of it.
namespace pofetch::service {

/// A socket that systemd listens on for us.
struct handed_over {
  os::unique_fd socket;
  /// FileDescriptorName= of its unit: `api`, `metrics`.
  std::string name;
};

/// All of them, once: a second call gives none, and child processes do not see them.
[[nodiscard]] std::vector<handed_over> take_handed_over();

/// Tells systemd: lines as `READY=1`, `STATUS=...` (sd_notify(3)).
void tell_manager(const std::string& lines);
/// The settings are read anew; to be followed by READY=1.
void tell_manager_of_reload();

/// How long systemd waits between two `WATCHDOG=1` before it takes us for dead. Nothing: it does not watch.
[[nodiscard]] std::optional<std::chrono::microseconds> manager_patience();

}  // namespace pofetch::service
