#include "service/systemd/manager.hpp"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <systemd/sd-daemon.h>
#include <utility>

namespace pofetch::service {

std::vector<handed_over> take_handed_over() {
  std::vector<handed_over> all;
  char** names = nullptr;
  const int count = ::sd_listen_fds_with_names(1, &names);
  for (int i = 0; i < count; ++i) {
    handed_over each{os::unique_fd(SD_LISTEN_FDS_START + i), names[i]};
    all.push_back(std::move(each));
    std::free(names[i]);
  }
  std::free(static_cast<void*>(names));
  return all;
}

void tell_manager(const std::string& lines) { static_cast<void>(::sd_notify(0, lines.c_str())); }

void tell_manager_of_reload() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  tell_manager("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

std::optional<std::chrono::microseconds> manager_patience() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds{microseconds};
}

}  // namespace pofetch::service
