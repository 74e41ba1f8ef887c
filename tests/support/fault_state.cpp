#include "support/fault_state.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace pofetch::fault {

namespace {

std::string text_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::int64_t number_of(const char* name) { return std::atoll(text_of(name).c_str()); }

action action_of(const std::string& word) {
  if (word == "from") return action::from;
  if (word == "stall") return action::stall;
  if (word == "kill_before") return action::kill_before;
  if (word == "kill_after") return action::kill_after;
  if (word == "torn") return action::torn;
  return action::once;
}

}  // namespace

plan plan::of_environment() {
  plan made;
  made.root = text_of("POFETCH_FAULT_ROOT");
  made.kinds = text_of("POFETCH_FAULT_KINDS");
  made.match = text_of("POFETCH_FAULT_MATCH");
  made.at = static_cast<std::uint64_t>(number_of("POFETCH_FAULT_AT"));
  made.what = action_of(text_of("POFETCH_FAULT_DO"));
  made.error = static_cast<int>(number_of("POFETCH_FAULT_ERRNO"));
  made.log = text_of("POFETCH_FAULT_LOG");
  made.shadow = text_of("POFETCH_FAULT_SHADOW");
  made.clock = number_of("POFETCH_FAULT_CLOCK");
  made.longest_name = static_cast<std::size_t>(number_of("POFETCH_FAULT_NAME_MAX"));
  return made;
}

bool plan::is_beneath(const std::string& path) const {
  if (root.empty() || path.compare(0, root.size(), root) != 0) return false;
  return path.size() == root.size() || path[root.size()] == '/';
}

bool plan::is_too_long(const std::string& path) const {
  return longest_name != 0 && is_beneath(path) && path.size() - path.rfind('/') - 1 > longest_name;
}

bool plan::counts(const char* kind, const std::string& path) const {
  if (!kinds.empty() && ("," + kinds + ",").find("," + std::string(kind) + ",") == std::string::npos)
    return false;
  return match.empty() || path.find(match) != std::string::npos;
}

std::string path_of(int file) {
  std::array<char, 4096> target{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  if (size <= 0 || target[0] != '/') return {};
  std::string path(target.data(), static_cast<std::size_t>(size));
  const std::string gone = " (deleted)";
  if (path.size() > gone.size() && path.compare(path.size() - gone.size(), gone.size(), gone) == 0) return {};
  return path;
}

std::string path_at(int folder, const char* name) {
  if (name == nullptr) return {};
  const std::string text = name;
  if (!text.empty() && text[0] == '/') return text;
  std::string base;
  if (folder == AT_FDCWD) {
    std::array<char, 4096> here{};
    base = ::getcwd(here.data(), here.size()) == nullptr ? "" : here.data();
  } else {
    base = path_of(folder);
  }
  return text == "." ? base : base + "/" + text;
}

}  // namespace pofetch::fault
