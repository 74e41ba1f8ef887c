#include "core/retry_policy.hpp"

#include "core/consequence.hpp"

#include <algorithm>

namespace pofetch::core {

using std::chrono::milliseconds;

retry_options retry_options_of(const pool_config& config) {
  return {config.retries, config.backoff_base, config.backoff_cap, config.retry_after_cap};
}

bool is_transient(const failure& f) noexcept {
  const tried_again again = consequence_of(f.code).again;
  if (again != tried_again::by_status) return again == tried_again::always;
  // Of a connection it is the status with which a proxy refused it, if it did.
  if (f.code == errc::connection) return f.http_status < 400 || f.http_status > 499;
  switch (f.http_status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

retry_policy::retry_policy(retry_options options, std::uint64_t seed)
    : options_(options), random_(static_cast<std::uint32_t>(seed ^ (seed >> 32U))) {
  random_.discard(2);  // the first numbers of neighbouring seeds are neighbours, too
}

std::optional<milliseconds> retry_policy::next(unsigned tries_made, const failure& f) {
  if (tries_made > options_.retries || !is_transient(f)) return std::nullopt;
  if (f.retry_after) {
    const milliseconds wait = std::clamp(*f.retry_after, milliseconds(0), options_.retry_after_cap);
    return wait + uniform(std::max(options_.backoff_base, wait / 10));
  }
  milliseconds most = std::min(options_.backoff_base, options_.backoff_cap);
  for (unsigned n = 1; n < tries_made && most < options_.backoff_cap; ++n) {
    most = std::min(most * 2, options_.backoff_cap);
    if (most.count() == 0) break;
  }
  return uniform(most);
}

milliseconds retry_policy::uniform(milliseconds most) {
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(
      0, std::max<milliseconds::rep>(most.count(), 0))(random_));
}

}  // namespace pofetch::core
