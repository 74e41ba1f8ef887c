#include "objects/credentials/profile_file.hpp"

#include "core/ascii.hpp"
#include "os/read_write.hpp"

#include <algorithm>
#include <cstddef>

namespace pofetch::objects {

namespace {

constexpr std::size_t largest_file = 1U << 20;

std::string_view stripped(std::string_view text) {
  while (!text.empty() && core::is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && core::is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The name in `[profile x]`, `[ x ]`.
std::string_view section_name(std::string_view line) {
  constexpr std::string_view word = "profile";
  std::string_view inside = stripped(line.substr(1, line.find(']') - 1));
  if (inside.starts_with(word) && inside.size() > word.size() && core::is_space(inside[word.size()]))
    inside = stripped(inside.substr(word.size()));
  return inside;
}

std::string file_of(const variable_reader& variable, std::string_view name, std::string_view below_home) {
  if (auto given = variable(name)) return *given;
  const auto home = variable("HOME");
  return home ? *home + std::string(below_home) : std::string();
}

}  // namespace

profile_values read_profile(std::string_view text, std::string_view profile) {
  profile_values found;
  bool inside = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = stripped(whole);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      inside = section_name(line) == profile;
      continue;
    }
    const std::size_t equals = line.find('=');
    const bool nested = core::is_space(whole.front());
    if (!inside || nested || equals == std::string_view::npos) continue;
    found.insert_or_assign(core::to_lower(stripped(line.substr(0, equals))),
                           std::string(stripped(line.substr(equals + 1))));
  }
  return found;
}

profile_values load_profile(const variable_reader& variable) {
  const std::string profile = variable("AWS_PROFILE").value_or("default");
  profile_values all;
  const std::string secrets = file_of(variable, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  if (!secrets.empty()) all = read_profile(os::read_file(secrets, largest_file).bytes, profile);
  const std::string settings = file_of(variable, "AWS_CONFIG_FILE", "/.aws/config");
  if (!settings.empty()) all.merge(read_profile(os::read_file(settings, largest_file).bytes, profile));
  return all;
}

}  // namespace pofetch::objects
