#include "service/systemd/manager.hpp"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <systemd/sd-daemon.h>
#include <utility>

namespace pofetch::service {

namespace {

/// A function of libsystemd. It is loaded when systemd has started us, and not before: eight libraries come
/// along, which every other start of the program can do without. Null: the machine has no libsystemd.
template <class Function>
Function* systemd_function(const char* name) {
  static void* const library = ::dlopen("libsystemd.so.0", RTLD_NOW);
  return library == nullptr ? nullptr : reinterpret_cast<Function*>(::dlsym(library, name));
}

/// Did systemd leave this word for us? Without one of them its library has nothing to do.
bool is_told(const char* variable) { return std::getenv(variable) != nullptr; }

}  // namespace

std::vector<handed_over> take_handed_over() {
  std::vector<handed_over> all;
  if (!is_told("LISTEN_FDS")) return all;
  auto* const take = systemd_function<decltype(::sd_listen_fds_with_names)>("sd_listen_fds_with_names");
  if (take == nullptr) return all;
  char** names = nullptr;
  const int count = take(1, &names);
  for (int i = 0; i < count; ++i) {
    handed_over each{os::unique_fd(SD_LISTEN_FDS_START + i), names[i]};
    all.push_back(std::move(each));
    std::free(names[i]);
  }
  std::free(static_cast<void*>(names));
  return all;
}

void tell_manager(const std::string& lines) {
  if (!is_told("NOTIFY_SOCKET")) return;
  if (auto* const tell = systemd_function<decltype(::sd_notify)>("sd_notify")) tell(0, lines.c_str());
}

void tell_manager_of_reload() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  tell_manager("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

std::optional<std::chrono::microseconds> manager_patience() {
  if (!is_told("WATCHDOG_USEC")) return std::nullopt;
  auto* const ask = systemd_function<decltype(::sd_watchdog_enabled)>("sd_watchdog_enabled");
  std::uint64_t microseconds = 0;
  if (ask == nullptr || ask(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds{microseconds};
}

}  // namespace pofetch::service
