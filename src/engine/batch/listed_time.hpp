#pragma once

#include "sources/order_listing.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::engine {

/// What is asked for reaches so far back behind what is known: the instance's clock and this machine's may
/// differ, and what is being written while a list is read may bear an earlier time.
inline constexpr std::chrono::hours listing_overlap{1};

/// The time, so much earlier, as the API takes it (RFC 3339); empty for what is no time.
[[nodiscard]] std::string with_overlap(std::chrono::system_clock::time_point time);

/// Up to which time of change the instance's list of orders has been read, so that the next one can go on
/// from there. Never later than the beginning of the list: what changes while it is read may stand on a page
/// that was read before.
class listed_time {
 public:
  /// Before the first page; by the instance's clock, where it tells the time. Later calls change nothing.
  void begin(std::chrono::system_clock::time_point at);
  void saw(const std::vector<sources::order_facts>& orders);

  [[nodiscard]] const std::optional<std::chrono::system_clock::time_point>& begun() const { return begun_; }

  /// `before`: how far an earlier list reached. Empty: nothing is known.
  [[nodiscard]] std::string reach(const std::string& before) const;

 private:
  std::optional<std::chrono::system_clock::time_point> begun_;
  std::optional<std::chrono::system_clock::time_point> newest_;
};

}  // namespace pofetch::engine
