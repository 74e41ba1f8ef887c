#include "settings/setting.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pofetch::settings {

const setting* find_setting(std::string_view name) {
  const std::span<const setting> all = all_settings();
  const auto same = [](char a, char b) { return a == (b == '_' ? '-' : b); };
  const auto found = std::find_if(all.begin(), all.end(), [&](const setting& s) {
    return std::equal(s.name.begin(), s.name.end(), name.begin(), name.end(), same);
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string_view> setting_names() {
  std::vector<std::string_view> names;
  for (const setting& each : all_settings()) names.push_back(each.name);
  return names;
}

bool belongs_to(const setting& which, command what_for) noexcept {
  return (which.commands & (1U << static_cast<unsigned>(what_for))) != 0;
}

std::string commands_with(const setting& which) {
  std::string names;
  for (const command each : all_commands) {
    if (belongs_to(which, each)) names += (names.empty() ? "" : ", ") + std::string(to_string(each));
  }
  return names;
}

bool has_negative(const setting& which) {
  return which.kind == setting_kind::boolean && which.show(options{}).front() == "true";
}

std::string variable_name(std::string_view setting_name) {
  std::string name = "POFETCH_";
  for (const char c : setting_name) {
    name += c == '-' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

char short_name(const setting& which) noexcept {
  if (which.name == "verbose") return 'v';
  return which.name == "quiet" ? 'q' : '\0';
}

std::string_view to_string(command which) noexcept {
  constexpr std::array<std::string_view, all_commands.size()> words{
      "run",    "plan", "work",  "status", "verify", "report", "pause",
      "resume", "stop", "login", "doctor", "serve",  "submit", "watch"};
  return words[static_cast<std::size_t>(which)];
}

}  // namespace pofetch::settings
