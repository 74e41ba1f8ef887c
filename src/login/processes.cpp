#include "login/processes.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace pofetch::login {

namespace {

namespace fs = std::filesystem;

/// Of a command line or an environment; more does not matter here.
constexpr std::size_t most_bytes = 1U << 20;

/// What can be read of it: the process may end in the middle. Streams of the standard library throw then.
std::string read_some(const fs::path& file) {
  std::string text;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return text;
  std::array<char, 16'384> piece{};
  while (text.size() < most_bytes) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  return text;
}

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
    return read_some(file).find(text) != std::string::npos;
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
