#include "engine/batch/listed_time.hpp"

#include "core/timestamp.hpp"

#include <algorithm>

namespace pofetch::engine {

std::string with_overlap(std::chrono::system_clock::time_point time) {
  return core::rfc3339(time - listing_overlap);
}

void listed_time::begin(std::chrono::system_clock::time_point at) {
  if (!begun_) begun_ = at;
}

void listed_time::saw(const std::vector<sources::order_facts>& orders) {
  for (const auto& order : orders) {
    const auto changed = core::parse_timestamp(order.updated_at);
    if (changed && (!newest_ || *changed > *newest_)) newest_ = changed;
  }
}

std::string listed_time::reach(const std::string& before) const {
  if (!newest_ || !begun_) return before;
  const auto now = std::min(*newest_, *begun_);
  const auto earlier = core::parse_timestamp(before);
  return earlier && *earlier > now ? before : core::rfc3339(now);
}

}  // namespace pofetch::engine
