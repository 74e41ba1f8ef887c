#include "http/shared_state.hpp"

#include <algorithm>
#include <cstddef>

namespace pofetch::http {

namespace {

/// As the API's leaky bucket allows it .
constexpr double request_burst = 20;
/// A tenth of a second's worth of bytes may come at once, but at least what one read takes in.
constexpr double byte_burst_share = 0.1;
constexpr double least_byte_burst = 64.0 * 1024;
/// Hosts beyond this many share one pause.
constexpr std::size_t max_hosts = 1024;

double burst_for(double per_second) { return std::clamp(per_second, 1.0, request_burst); }

}  // namespace

shared_state::shared_state(double requests_per_second, std::uint64_t bytes_per_second)
    : request_rate(requests_per_second, burst_for(requests_per_second)),
      byte_rate(static_cast<double>(bytes_per_second),
                std::max(least_byte_burst, static_cast<double>(bytes_per_second) * byte_burst_share)) {}

async::slow_down& shared_state::pause_of(std::string_view host) {
  const std::lock_guard lock(mutex_);
  auto known = pauses_.find(host);
  if (known == pauses_.end()) {
    if (pauses_.size() >= max_hosts) host = {};
    known = pauses_.try_emplace(std::string(host), nullptr).first;
    if (!known->second) known->second = std::make_unique<async::slow_down>();
  }
  return *known->second;
}

}  // namespace pofetch::http
