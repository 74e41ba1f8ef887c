#pragma once

#include "settings/serve_options.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// The names that may be values of a label: what is not among them is `other`. Sets of what comes from
/// outside would grow without end.
class known_names {
 public:
  known_names(const std::vector<std::string>& names, std::size_t most);

  [[nodiscard]] std::string_view label(std::string_view name) const;

  static constexpr std::string_view other = "other";

 private:
  std::set<std::string, std::less<>> names_;
};

inline constexpr std::size_t most_profile_labels = 16;
inline constexpr std::size_t most_host_labels = 32;

[[nodiscard]] known_names profile_labels(const std::vector<settings::profile>& profiles);
/// The hosts of instances, and those that manifests may name.
[[nodiscard]] known_names host_labels(const std::vector<settings::profile>& profiles);

}  // namespace pofetch::service
