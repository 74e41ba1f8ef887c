#include "core/flight_limit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pofetch::core {

namespace {

/// Requests that may stand in the server's queue: so few that it is never idle, and so many that less is
/// wanted.
constexpr double fine_queue = 2;
constexpr double least_long_queue = 4;
constexpr double long_queue_share = 0.25;
/// One window may be an accident.
constexpr unsigned signs_needed = 2;
/// Throughput that a lower limit must leave.
constexpr double kept_throughput = 0.93;
/// Refused: more than one, and more than this share.
constexpr double overload_share = 0.1;
constexpr double overload_cut = 0.7;
/// The shortest wait is forgotten slowly: servers change.
constexpr double ageing = 0.005;
constexpr unsigned chain_windows = 6;
constexpr double other_server = 0.75;
constexpr unsigned first_patience = 8;
constexpr unsigned last_patience = 128;

double answers_of(const load_window& seen) {
  double all = 0;
  for (const auto& kind : seen.seen) all += kind.answers;
  return all;
}

}  // namespace

flight_limit::flight_limit(unsigned top)
    : top_(std::max(top, 1U)), limit_(top_), next_patience_(first_patience) {}

void flight_limit::learn(const load_window& seen) {
  const double answers = answers_of(seen);
  if (seen.seconds <= 0) return;
  if (seen.refused >= 2 && seen.refused > overload_share * (answers + seen.refused)) {
    limit_ = std::max(1.0, std::floor(limit_ * overload_cut));
    trial_.reset();
    signs_ = 0;
    return;
  }
  if (answers == 0) return;
  const double rate = answers / seen.seconds;
  const double queue = seen.trusted ? queued(seen) : 0;
  if (trial_ && !judge(seen, rate)) return;
  if (chain_ > 0) --chain_;
  // So much less is none of our doing.
  if (rate < other_server * chain_rate_) chain_ = 0;
  const bool too_long = queue > std::max(least_long_queue, long_queue_share * limit_);
  if (patience_ > 0) {
    --patience_;
    signs_ = 0;
  } else if (!too_long) {
    signs_ = 0;
  } else if (++signs_ >= signs_needed) {
    signs_ = 0;
    // Small losses must not add up: what follows soon is measured by what the first one began with.
    trial_ = trial{limit_, chain_ > 0 ? std::max(rate, chain_rate_) : rate, false};
    const double step = std::clamp((queue - fine_queue) / 2, 1.0, std::max(1.0, limit_ / 4));
    limit_ = std::max(1.0, std::floor(limit_ - step));
    return;
  }
  if (seen.full && queue < fine_queue) grow();
}

/// Requests that stood in the server's queue, on average.
double flight_limit::queued(const load_window& seen) {
  double excess = 0;
  for (std::size_t i = 0; i < seen.seen.size(); ++i) {
    const auto& kind = seen.seen[i];
    if (kind.answers == 0) continue;
    double& base = unloaded_[i];
    base = base == 0 ? kind.least : std::min(kind.least, base + ageing * (kind.total / kind.answers - base));
    excess += kind.total - kind.answers * base;
  }
  return excess / seen.seconds;
}

/// What came of the lower limit. False: nothing is to be done with this window.
bool flight_limit::judge(const load_window& seen, double rate) {
  // What was sent under the old limit drains first.
  if (!std::exchange(trial_->settled, true)) return false;
  const trial ended = *trial_;
  trial_.reset();
  if (!seen.full || rate >= kept_throughput * ended.rate) {
    if (seen.full) next_patience_ = first_patience;
    chain_rate_ = ended.rate;
    chain_ = chain_windows;
    return true;
  }
  limit_ = std::min(ended.before, top_);
  patience_ = next_patience_;
  next_patience_ = std::min(2 * next_patience_, last_patience);
  chain_rate_ = ended.rate;
  chain_ = patience_ + chain_windows;
  // The shortest wait was not that of a server without load, or is no longer.
  for (std::size_t i = 0; i < seen.seen.size(); ++i) unloaded_[i] = seen.seen[i].least;
  return false;
}

void flight_limit::grow() { limit_ = std::min(top_, std::floor(limit_ + std::max(1.0, limit_ / 8))); }

}  // namespace pofetch::core
