#include "login/processes.hpp"

#include "os/read_write.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace pofetch::login {

namespace {

namespace fs = std::filesystem;

/// Of a command line or an environment; more does not matter here.
constexpr std::size_t most_bytes = 1U << 20;

/// 0: the name is no number.
pid_t process_of(std::string_view name) {
  pid_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  return error == std::errc{} && end == name.data() + name.size() ? id : 0;
}

}  // namespace

std::vector<pid_t> processes_in(const fs::path& folder) {
  const std::string variable = "TMPDIR=" + folder.string();
  const auto holds = [](const fs::path& file, const std::string& text) {
    // What can be read of it: the process may end in the middle.
    return os::read_file(file, most_bytes).bytes.find(text) != std::string::npos;
  };
  std::vector<pid_t> found;
  std::error_code problem;
  fs::directory_iterator entry("/proc", problem);
  for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
    const fs::path& path = entry->path();
    const pid_t id = process_of(path.filename().string());
    if (id == 0 || id == ::getpid()) continue;
    if (holds(path / "cmdline", folder.string()) || holds(path / "environ", variable)) found.push_back(id);
  }
  return found;
}

}  // namespace pofetch::login
