#pragma once

#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <system_error>
#include <vector>

namespace pofetch::test {

/// A fresh temporary folder for the program and what it starts, to see that nothing is left of them.
inline variables own_temp(const program& pofetch) {
  std::filesystem::create_directories(pofetch / "tmp");
  return {{"TMPDIR", (pofetch / "tmp").string()}};
}

/// Processes whose command line holds this text; none that has ended.
inline std::vector<pid_t> processes_with(const std::string& text, std::string_view but_not = "\n") {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    // Not through an iterator, which throws if the process ends just now.
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    std::string line(16'384, '\0');
    file.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(file.gcount()));
    if (has(line, text) && !has(line, but_not)) found.push_back(static_cast<pid_t>(std::stoi(name)));
  }
  return found;
}

/// No process, no profile.
inline void check_nothing_left(const program& pofetch) {
  CHECK(std::filesystem::is_empty(pofetch / "tmp"));
  CHECK(processes_with((pofetch / "tmp").string()).empty());
}

inline words login_line(const coupa& site, const words& more = {}) {
  words line{"login",  "--base-url", site.base_url(), "--cacert", site.file("ca.pem"),
             "--save", "fresh.txt",  "--headless"};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

inline std::string write_script(const program& pofetch, std::string_view name, std::string_view text) {
  pofetch.write(name, text);
  std::filesystem::permissions(pofetch / name, static_cast<std::filesystem::perms>(0700));
  return (pofetch / name).string();
}

}  // namespace pofetch::test
