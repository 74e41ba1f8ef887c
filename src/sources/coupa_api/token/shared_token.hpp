#pragma once

#include "sources/coupa_api/token/access_token.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace pofetch::sources {

/// The one access token of a run, and whose turn it is to fetch the next. Every lane asks here before each
/// request; one is told to renew, the others to wait a moment and ask again, each on a timer of its own, so
/// that nothing is awaited across lanes. Any thread; knows no clock, no network.
class shared_token {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// Who waits looks again after so long.
  static constexpr std::chrono::milliseconds glance{25};
  /// After a renewal ahead of time that failed, the old token is used for so long before the next try.
  static constexpr std::chrono::seconds renewal_pause{60};
  /// A failure is handed to everybody who asks within so long after it.
  static constexpr std::chrono::seconds failure_holds{5};

  /// `rest`: a new token is not used before it is so old, or has lived half its life.
  explicit shared_token(duration rest) : rest_(rest) {}

  enum class action {
    use,    ///< send the request with `value`
    renew,  ///< fetch a token, then call `put` or `give_up`; `abandon` if neither will come
    wait,   ///< ask again at `until`
    fail,   ///< there is none to be had: `why`
  };
  struct step {
    action what = action::wait;
    std::string value{};
    std::uint64_t generation = 0;
    time_point until{};
    std::optional<failure> why{};
  };
  [[nodiscard]] step next(time_point now);

  void put(access_token fresh, time_point now);
  void give_up(failure why, time_point now);
  void abandon();

  /// The server did not accept the token of that generation. A newer one is not touched.
  void refuse(std::uint64_t generation);

  /// Has there ever been a token?
  [[nodiscard]] bool had_one() const;
  /// How long the latest token lives, if that was said.
  [[nodiscard]] std::optional<std::chrono::seconds> told_lifetime() const;

 private:
  [[nodiscard]] bool is_good(time_point now) const { return !value_.empty() && now < ends_at_; }

  const duration rest_;
  mutable std::mutex mutex_;
  std::string value_;
  std::uint64_t generation_ = 0;
  bool renewing_ = false;
  std::optional<std::chrono::seconds> told_lifetime_;
  time_point usable_at_{};
  time_point renew_at_{};
  time_point ends_at_{};
  std::optional<failure> failed_;
  time_point failed_at_{};
};

}  // namespace pofetch::sources
