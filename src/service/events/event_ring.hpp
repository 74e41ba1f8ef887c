#pragma once

#include "async/watchdog.hpp"
#include "service/events/bell.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::service {

/// The latest events of a batch, or of all. Clients hold a place in it, never a queue of their own. Belongs
/// to one executor.
class event_ring {
 public:
  event_ring(boost::asio::any_io_executor executor, std::string instance)
      : changed(executor), executor_(std::move(executor)), instance_(std::move(instance)) {}

  struct event {
    std::string name;
    std::string text;  ///< as it is sent
  };

  /// `data` is one line of JSON.
  void add(std::string name, std::string_view data);
  /// Nobody needs them any more.
  void clear() { first_ = end(), events_.clear(); }
  /// So many were never here.
  void lose(std::uint64_t count);

  /// Places: `first()` to `end()` can be read.
  [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
  [[nodiscard]] std::uint64_t end() const noexcept { return first_ + events_.size(); }
  [[nodiscard]] const event& at(std::uint64_t place) const { return events_[place - first_]; }

  /// An event that is sent to one client alone; the client goes on from `place`.
  [[nodiscard]] std::string text_of(std::string_view name, std::string_view data, std::uint64_t place) const;
  /// The place behind the event of that id; nothing: the id is of another service, or has never been given.
  [[nodiscard]] std::optional<std::uint64_t> place_after(std::string_view id) const;

  /// Rings at events, and when there will be none any more. Where many listen, events that follow each other
  /// quickly share a ring: none waits longer than `longest_pause`.
  bell changed;

  static constexpr std::size_t capacity = 4096;
  static constexpr std::chrono::milliseconds longest_pause{40};

 private:
  using steady = std::chrono::steady_clock;

  /// Rings now, or when those who listen have had time for what was told last.
  void tell();
  void ring();

  boost::asio::any_io_executor executor_;
  std::string instance_;
  std::deque<event> events_;
  std::uint64_t first_ = 1;
  /// The last ring, and how many heard it; whether the next one is due.
  steady::time_point rung_{};
  std::size_t heard_ = 0;
  bool due_ = false;
  std::optional<async::watchdog> later_;  ///< most rings never need it
};

}  // namespace pofetch::service
