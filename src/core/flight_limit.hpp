#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace pofetch::core {

/// What the answers of one stretch of time say about a server.
struct load_window {
  /// Answers of one kind: what is compared must be alike.
  struct kind {
    double answers = 0;
    double total = 0;  ///< sum of the waits from request to head, seconds
    double least = 0;  ///< the shortest of them
  };
  static constexpr std::size_t kinds = 2;

  double seconds = 0;
  std::array<kind, kinds> seen{};
  /// Answers that say "overloaded", and requests that got none.
  double refused = 0;
  /// There was more to send than the limit let through.
  bool full = false;
  /// The waits are those of the server, not of a ceiling of our own.
  bool trusted = true;
};

/// How many requests one server gets at the same time: as many as it works on at once, and a few that wait.
///
/// The evidence is that of TCP Vegas (Brakmo, Peterson: "TCP Vegas: End to End Congestion Avoidance on a
/// Global Internet", 1995), as Netflix' concurrency-limits applies it to servers: from the shortest wait seen
/// follows how many requests stand in the server's queue (Little's law). Unlike there the search begins at
/// the top, as the user said so many may be in flight, and a lower limit is on trial: where it costs
/// throughput, waits had grown for another reason, and it is taken back. Refusals cut the limit at once
/// (AIMD).
///
/// A pure rule for one thread.
class flight_limit {
 public:
  explicit flight_limit(unsigned top);

  [[nodiscard]] unsigned limit() const noexcept { return static_cast<unsigned>(limit_); }
  [[nodiscard]] unsigned top() const noexcept { return static_cast<unsigned>(top_); }

  /// Takes one window in. One of half a second and of a few times as many answers as the limit says most.
  void learn(const load_window& seen);

 private:
  struct trial {
    double before = 0;  ///< the limit that was in force
    double rate = 0;    ///< answers a second under it
    bool settled = false;
  };

  [[nodiscard]] double queued(const load_window& seen);
  [[nodiscard]] bool judge(const load_window& seen, double rate);
  void grow();

  double top_;
  double limit_;
  std::array<double, load_window::kinds> unloaded_{};  ///< shortest waits, 0: none known
  std::optional<trial> trial_;
  unsigned chain_ = 0;     ///< windows for which a further trial belongs to the last one
  double chain_rate_ = 0;  ///< what that one began with
  unsigned signs_ = 0;     ///< windows in a row that speak for less
  unsigned patience_ = 0;  ///< windows for which waits are no evidence
  unsigned next_patience_;
};

}  // namespace pofetch::core
