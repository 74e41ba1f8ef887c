#include "settings/environment.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "settings/setting.hpp"
#include "settings/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace pofetch::settings {

namespace {

constexpr std::string_view prefix = "POFETCH_";

/// `max-file-size` for `POFETCH_MAX_FILE_SIZE`.
std::string option_name(std::string_view variable) {
  std::string name = core::to_lower(variable.substr(prefix.size()));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace

environment::environment(std::map<std::string, std::string, std::less<>> variables)
    : variables_(std::move(variables)) {}

environment environment::of_process() {
  std::map<std::string, std::string, std::less<>> all;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) all.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return environment(std::move(all));
}

std::optional<std::string> environment::get(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::vector<std::string> environment::warnings() const {
  std::vector<std::string_view> known = setting_names();
  known.insert(known.begin(),
               {"config", "cookie", "client-secret", "api-key", "client-key-password", "token"});
  std::vector<std::string> found;
  for (auto at = variables_.lower_bound(prefix); at != variables_.end() && at->first.starts_with(prefix);
       ++at) {
    const std::string name = option_name(at->first);
    if (at->second.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view meant = closest(name, known);
    if (!meant.empty())
      found.push_back(fmt::format("{} has no effect; did you mean {}?", at->first, variable_name(meant)));
  }
  return found;
}

}  // namespace pofetch::settings
