#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pofetch::core {

/// How many requests a second a server takes, found out by what it refuses (429). No pace as long as it has
/// refused none.
///
/// The curve is that of CUBIC (Ha, Rhee, Xu: "CUBIC: A New TCP-Friendly High-Speed TCP Variant", 2008; RFC
/// 9438), applied to a rate as the adaptive retry mode of the AWS SDKs does: after a refusal somewhat below
/// the rate at which it came, back to that rate within `plateau`, and only then slowly beyond it. Unlike
/// there the step down is small where the last refusal lies back long, so that a pace that is nearly right
/// stays so, and what the server accepted counts as much as what was sent. A pace that is found long after a
/// better one (a brown-out) climbs sooner, until it has proved to be right.
///
/// A pure rule for one thread.
class request_pace {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// All that has been accepted so far; to be called from time to time.
  void accepted(time_point now, std::uint64_t in_all);

  /// A request of `sent` was refused; nothing is sent before `resume`. Refusals of what was sent before the
  /// last one are the same refusal.
  void refused(time_point now, time_point sent, std::uint64_t in_all, time_point resume);

  /// Requests a second that may be sent now; 0: any number.
  [[nodiscard]] double per_second(time_point now) const;

 private:
  struct mark {
    time_point when{};
    std::uint64_t accepted = 0;
  };

  [[nodiscard]] double measured(time_point now, std::uint64_t in_all) const;
  void turn(double at, double share, time_point resume);

  double goal_ = 0;   ///< the rate at which the last refusal came; 0: there was none
  double start_ = 0;  ///< the rate after it
  double best_ = 0;   ///< the best rate of a while ago
  double plateau_ = 0;
  bool seeking_ = false;  ///< between the first refusal and the second
  time_point since_{};
  std::array<mark, 32> marks_{};
  std::size_t count_ = 0;
};

}  // namespace pofetch::core
