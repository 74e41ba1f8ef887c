#include "login/driver_process.hpp"

#include "core/setting_text.hpp"
#include "login/processes.hpp"
#include "os/failure_of.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

extern char** environ;

namespace pofetch::login {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience{3'000};
constexpr milliseconds between_looks{20};

/// A port of 127.0.0.1 that is free now; 0 if there is none.
std::uint16_t free_port() {
  const os::unique_fd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe) return 0;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(probe.get(), raw, size) == 0 && ::getsockname(probe.get(), raw, &size) == 0;
  return bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

/// Asks `gone` again and again until it says yes or patience is over.
template <class Gone>
bool wait_until(Gone gone) {
  const auto until = steady_clock::now() + patience;
  while (!gone()) {
    if (steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(between_looks);
  }
  return true;
}

/// The environment, but for what is temporary, which goes into the folder, and for secrets.
std::vector<std::string> environment_for(const fs::path& folder) {
  std::vector<std::string> all{"TMPDIR=" + folder.string()};
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view line = *each;
    if (!line.starts_with("TMPDIR=") && !line.starts_with("POFETCH_")) all.emplace_back(line);
  }
  return all;
}

}  // namespace

result<std::unique_ptr<driver_process>> driver_process::start(const fs::path& program) {
  std::unique_ptr<driver_process> made(new driver_process);
  std::error_code problem;
  std::string folder = (fs::temp_directory_path(problem) / "pofetch-login-XXXXXX").string();
  if (problem || ::mkdtemp(folder.data()) == nullptr)
    return make_failure(errc::disk, fmt::format("the folder {} for the browser's profile cannot be made: {}",
                                                folder, os::words_of(errno)));
  made->folder_ = folder;
  fs::create_directory(made->profile(), problem);
  made->port_ = free_port();
  // A Ctrl-C at the terminal is for pofetch, which then ends the driver in good order.
  const int error =
      made->port_ == 0
          ? errno
          : made->child_.start({.words = {program.string(), fmt::format("--port={}", made->port_)},
                                .variables = environment_for(made->folder_),
                                .shares_errors = false,
                                .apart = true});
  if (error != 0)
    return make_failure(errc::config,
                        fmt::format("{} cannot be started: {}", program.string(), os::words_of(error)));
  return made;
}

driver_process::~driver_process() {
  end_driver();
  end_browsers();
  std::error_code problem;
  if (!folder_.empty())
    wait_until([&] { return fs::remove_all(folder_, problem), !fs::exists(folder_, problem); });
}

std::string driver_process::address() const { return fmt::format("http://127.0.0.1:{}", port_); }

void driver_process::end_driver() {
  child_.send(SIGTERM);
  if (!wait_until([this] { return child_.ended(); })) child_.kill_and_reap();
}

void driver_process::end_browsers() const {
  if (folder_.empty()) return;
  for (const int signal : {SIGTERM, SIGKILL}) {
    for (const pid_t id : processes_in(folder_)) ::kill(id, signal);
    if (wait_until([this] { return processes_in(folder_).empty(); })) return;
  }
}

}  // namespace pofetch::login
