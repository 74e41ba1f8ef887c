#include "http/host_load.hpp"

#include <algorithm>

namespace pofetch::http {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

constexpr int too_many_requests = 429;
constexpr int unavailable = 503;
constexpr int gateway_timeout = 504;

/// Distance between two looks at the counts.
constexpr std::chrono::milliseconds look_distance{50};
/// A window is long enough for its throughput to mean something ...
constexpr std::chrono::milliseconds shortest_window{500};
constexpr unsigned rounds_a_window = 4;
/// ... but not for ever.
constexpr std::chrono::seconds longest_window{3};
/// Starts that may come at once to make up for a late timer: so many seconds' worth.
constexpr double pace_burst = 0.05;

std::int64_t as_ns(std::chrono::steady_clock::duration span) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(span).count();
}

void lower(std::atomic<std::int64_t>& least, std::int64_t value) noexcept {
  std::int64_t before = least.load(relaxed);
  while ((before == 0 || value < before) && !least.compare_exchange_weak(before, value, relaxed)) {
  }
}

}  // namespace

host_load::host_load(unsigned top, bool adaptive)
    : top_(std::max(top, 1U)), adaptive_(adaptive), limit_(top_), flight_(top_) {}

void host_load::tell(const answer& heard) noexcept {
  if (!adaptive_) return;
  count(heard);
  conclude(heard.came);
}

void host_load::tell_silence(time_point now) noexcept {
  if (!adaptive_) return;
  refused_.fetch_add(1, relaxed);
  conclude(now);
}

void host_load::count(const answer& heard) noexcept {
  if (heard.status == too_many_requests) return;  // a matter of the pace alone
  if (heard.status == unavailable || heard.status == gateway_timeout) {
    refused_.fetch_add(1, relaxed);
    return;
  }
  accepted_.fetch_add(1, relaxed);
  tally& mine = seen_[static_cast<std::size_t>(heard.what)];
  const std::int64_t waited = std::max<std::int64_t>(as_ns(heard.came - heard.sent), 1);
  mine.answers.fetch_add(1, relaxed);
  mine.total_ns.fetch_add(waited, relaxed);
  lower(mine.least_ns, waited);
  if (!heard.trusted) doubtful_.store(true, relaxed);
}

void host_load::tell_refused(const answer& heard, time_point resume) {
  if (!adaptive_) return;
  const std::lock_guard lock(mutex_);
  tempo_.refused(heard.came, heard.sent, accepted_.load(relaxed), resume);
  set_pace(resume);
}

void host_load::conclude(time_point now) noexcept {
  if (as_ns(now.time_since_epoch()) < next_look_ns_.load(relaxed)) return;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;  // somebody is at it
  next_look_ns_.store(as_ns(now.time_since_epoch() + look_distance), relaxed);
  tempo_.accepted(now, accepted_.load(relaxed));
  set_pace(now);
  if (opened_ == time_point{}) opened_ = now;
  close_window(now);
}

void host_load::close_window(time_point now) {
  const auto span = now - opened_;
  if (span < shortest_window) return;
  std::uint64_t answers = 0;
  for (const tally& each : seen_) answers += each.answers.load(relaxed);
  if (span < longest_window && answers < std::uint64_t{rounds_a_window} * flight_.limit()) return;
  core::load_window window;
  window.seconds = std::chrono::duration<double>(span).count();
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    window.seen[i].answers = static_cast<double>(seen_[i].answers.exchange(0, relaxed));
    window.seen[i].total = static_cast<double>(seen_[i].total_ns.exchange(0, relaxed)) / 1e9;
    window.seen[i].least = static_cast<double>(seen_[i].least_ns.exchange(0, relaxed)) / 1e9;
  }
  window.refused = static_cast<double>(refused_.exchange(0, relaxed));
  window.full = full_.exchange(false, relaxed);
  window.trusted = !doubtful_.exchange(false, relaxed);
  opened_ = now;
  flight_.learn(window);
  limit_.store(flight_.limit(), relaxed);
}

void host_load::set_pace(time_point now) {
  const double rate = tempo_.per_second(now);
  pace_.change(rate, rate * pace_burst);
}

}  // namespace pofetch::http
