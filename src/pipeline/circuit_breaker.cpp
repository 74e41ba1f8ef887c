#include "pipeline/circuit_breaker.hpp"

#include "core/setting_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pofetch::pipeline {

void circuit_breaker::expect(const std::string& group, std::uint64_t orders) {
  if (!enabled_ || group.empty()) return;
  const std::lock_guard lock(mutex_);
  groups_[group].expected += orders;
}

std::optional<failure> circuit_breaker::refuses(const std::string& group) {
  if (!enabled_ || group.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(group);
  if (found == groups_.end() || found->second.proven) return std::nullopt;
  const auto share =
      static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(found->second.expected)));
  if (found->second.denied < std::max(at_least, share)) return std::nullopt;
  return make_failure(errc::not_found,
                      core::sentence("held back: the first {} POs of '{}' could not be seen by this user; "
                                     "when the right has been given, run again with @retry_skipped",
                                     found->second.denied, group));
}

bool circuit_breaker::is_news(const std::string& group) {
  const std::lock_guard lock(mutex_);
  return !std::exchange(groups_[group].told, true);
}

void circuit_breaker::report(const std::string& group, bool denied) {
  if (!enabled_ || group.empty()) return;
  const std::lock_guard lock(mutex_);
  auto& seen = groups_[group];
  if (denied)
    ++seen.denied;
  else
    seen.proven = true;
}

}  // namespace pofetch::pipeline
