#include "service/metrics/known_names.hpp"

#include "core/url.hpp"

namespace pofetch::service {

known_names::known_names(const std::vector<std::string>& names, std::size_t most) {
  for (const std::string& each : names)
    if (names_.size() < most) names_.insert(each);
}

std::string_view known_names::label(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? other : std::string_view(*found);
}

known_names profile_labels(const std::vector<settings::profile>& profiles) {
  std::vector<std::string> names;
  for (const settings::profile& each : profiles) names.push_back(each.name);
  return {names, most_profile_labels};
}

known_names host_labels(const std::vector<settings::profile>& profiles) {
  std::vector<std::string> names;
  for (const settings::profile& each : profiles) {
    if (const auto origin = core::origin_of(each.access.base_url)) names.push_back(origin->host);
    names.insert(names.end(), each.manifest_hosts.begin(), each.manifest_hosts.end());
  }
  return {names, most_host_labels};
}

}  // namespace pofetch::service
