#include "core/request_pace.hpp"

#include <algorithm>
#include <cmath>

namespace pofetch::core {

namespace {

using pace_seconds = std::chrono::duration<double>;

/// Share of the pace that is left after a refusal: of one that came at once, and of one that was long in
/// coming.
constexpr double least_share = 0.6;
constexpr double most_share = 0.94;
constexpr pace_seconds long_in_coming{8};
/// Time until the curve is back where the refusal came.
constexpr double longest_plateau = 20;
constexpr double shortest_plateau = 5;
/// Beyond twice the plateau the pace doubles in this time, since nothing speaks against it.
constexpr double doubling = 4;
/// The same while not even the order of magnitude is known.
constexpr double seeking_doubling = 1;
constexpr double slowest_seeking = 4;
/// What was accepted is counted over so long.
constexpr std::chrono::seconds look_back{3};
constexpr std::chrono::seconds least_look_back{1};
constexpr std::chrono::milliseconds mark_distance{125};
/// Slower is for Retry-After to say, faster is none at all.
constexpr double slowest = 1;
constexpr double fastest = 1e5;

}  // namespace

void request_pace::accepted(time_point now, std::uint64_t in_all) {
  if (count_ > 0 && now - marks_[(count_ - 1) % marks_.size()].when < mark_distance) return;
  marks_[count_++ % marks_.size()] = {now, in_all};
}

/// Requests a second that were accepted of late. A pause of the server's is no time in which it did not
/// accept.
double request_pace::measured(time_point now, std::uint64_t in_all) const {
  mark oldest{now, count_ == 0 ? 0 : in_all};
  for (std::size_t back = 1; back <= std::min(count_, marks_.size()); ++back) {
    const mark& each = marks_[(count_ - back) % marks_.size()];
    if (now - each.when > look_back || each.when < since_) break;
    oldest = each;
  }
  const double span = std::max<pace_seconds>(now - oldest.when, least_look_back).count();
  return static_cast<double>(in_all - oldest.accepted) / span;
}

void request_pace::refused(time_point now, time_point sent, std::uint64_t in_all, time_point resume) {
  if (goal_ == 0) {
    // How many came at once says little about how many may come in a second.
    seeking_ = true;
    return turn(std::max(measured(now, in_all), slowest_seeking), least_share, resume);
  }
  if (sent < since_) return;
  const double pace = per_second(now);
  const pace_seconds quiet = now - since_;
  const double share =
      least_share + (most_share - least_share) * std::min(1.0, quiet.count() / long_in_coming.count());
  // What is too high comes down in a few seconds, what is too low needs many to climb: in doubt the pace
  // counts.
  double found = pace;
  if (pace == 0 || (quiet > look_back && !seeking_)) found = measured(now, in_all);
  if (pace > 0) found = std::min(found, pace);
  // Half of the way to what was the best: where it is out of reach for good, it is soon forgotten.
  best_ = found < best_ && !seeking_ ? (best_ + found) / 2 : found;
  seeking_ = false;
  turn(std::max(found, slowest), share, resume);
}

void request_pace::turn(double at, double share, time_point resume) {
  goal_ = at;
  start_ = std::max(at * share, slowest);
  since_ = resume;
  best_ = std::max(best_, goal_);
  plateau_ = std::clamp(longest_plateau * std::sqrt(goal_ / best_), shortest_plateau, longest_plateau);
}

double request_pace::per_second(time_point now) const {
  if (goal_ == 0) return 0;
  const double since = std::max(0.0, pace_seconds(now - since_).count());
  if (seeking_) return start_ * std::exp2(since / seeking_doubling);
  const double away = std::min(since, 2 * plateau_) / plateau_ - 1;
  const double curve = goal_ + (goal_ - start_) * away * away * away;
  const double pace = curve * std::exp2(std::max(0.0, since - 2 * plateau_) / doubling);
  return pace > fastest ? 0 : pace;
}

}  // namespace pofetch::core
