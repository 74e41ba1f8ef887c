#pragma once

#include "service/events/bell.hpp"

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
      : changed(std::move(executor)), instance_(std::move(instance)) {}

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

  /// Rings at every event, and when there will be none any more.
  bell changed;

  static constexpr std::size_t capacity = 4096;

 private:
  std::string instance_;
  std::deque<event> events_;
  std::uint64_t first_ = 1;
};

}  // namespace pofetch::service
