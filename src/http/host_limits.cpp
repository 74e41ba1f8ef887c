#include "http/host_limits.hpp"

#include "http/host_lines.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pofetch::http {

namespace {

/// As the API's leaky bucket allows it.
constexpr double request_burst = 20;
/// Seconds' worth of requests that may come at once: what makes up for late timers, and no more than the
/// ceiling can be said to hold with.
constexpr double request_burst_seconds = 0.1;
/// The same of bytes, and of the pieces in which they are booked.
constexpr double byte_burst_seconds = 0.02;
constexpr double least_piece = 64;
constexpr double largest_piece = 64.0 * 1024;

double request_burst_for(double per_second) {
  return std::clamp(per_second * request_burst_seconds, 1.0, request_burst);
}

std::size_t piece_for(std::uint64_t per_second) {
  const double share = static_cast<double>(per_second) * byte_burst_seconds;
  return static_cast<std::size_t>(std::clamp(share, least_piece, largest_piece));
}

}  // namespace

host_limits::host_limits(const ceilings& most)
    : request_rate(most.requests_per_second, request_burst_for(most.requests_per_second)),
      byte_rate(static_cast<double>(most.bytes_per_second),
                static_cast<double>(most.bytes_per_second) * byte_burst_seconds),
      byte_piece(piece_for(most.bytes_per_second)),
      max_connections(std::max(most.max_connections, 1U)),
      adaptive_(most.adaptive),
      connections_(max_connections) {}

host_load& host_limits::load_of(std::string_view host) {
  const std::lock_guard lock(mutex_);
  auto known = hosts_.find(host);
  if (known == hosts_.end()) {
    if (hosts_.size() >= max_hosts) host = {};
    known = hosts_
                .emplace(std::piecewise_construct, std::forward_as_tuple(host),
                         std::forward_as_tuple(max_connections, adaptive_))
                .first;
  }
  return known->second;
}

std::shared_ptr<host_lines> host_limits::lines_on(const boost::asio::any_io_executor& where,
                                                  std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::erase_if(lines_, [](const standing& each) { return each.lines.expired(); });
  for (const standing& each : lines_)
    if (each.executor == where)
      if (auto known = each.lines.lock()) return known;
  auto made = std::make_shared<host_lines>(where, *this, most);
  lines_.push_back({where, made});
  return made;
}

void host_limits::tighten(const ceilings& most) {
  const auto lower = [](double now, double wanted) { return wanted > 0 && (now <= 0 || wanted < now); };
  const auto bytes = static_cast<double>(most.bytes_per_second);
  if (lower(request_rate.per_second(), most.requests_per_second))
    request_rate.change(most.requests_per_second, request_burst_for(most.requests_per_second));
  if (lower(byte_rate.per_second(), bytes)) {
    byte_rate.change(bytes, bytes * byte_burst_seconds);
    byte_piece = piece_for(most.bytes_per_second);
  }
}

void host_limits::change(double requests_per_second, unsigned connections) {
  request_rate.change(requests_per_second, request_burst_for(requests_per_second));
  connections_ = std::max(connections, 1U);
}

std::vector<host_standing> host_limits::hosts(std::chrono::steady_clock::time_point now) {
  std::vector<host_standing> all;
  const double ceiling = request_rate.per_second();
  const std::lock_guard lock(mutex_);
  for (const auto& [host, load] : hosts_) {
    host_standing each;
    each.host = host;
    each.in_flight = load.in_flight();
    each.in_flight_limit = load.limit() < load.top() ? std::min(load.limit(), connections()) : connections();
    each.requests_per_second = load.per_second();
    if (ceiling > 0 && (each.requests_per_second <= 0 || ceiling < each.requests_per_second))
      each.requests_per_second = ceiling;
    each.pause = std::chrono::duration_cast<std::chrono::milliseconds>(load.pause.left(now));
    all.push_back(std::move(each));
  }
  return all;
}

std::vector<spared_host> host_limits::spared(std::chrono::steady_clock::time_point now) {
  std::vector<spared_host> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [host, load] : hosts_) {
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(load.pause.left(now));
    if (load.limit() == load.top() && !load.paced() && pause.count() == 0) continue;
    all.push_back({host, load.limit(), load.top(), load.per_second(), pause});
  }
  return all;
}

}  // namespace pofetch::http
