#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace pofetch::async {

/// A deadline over a series of operations of one connection, made for being moved on every read: the
/// one timer is left alone and only looks at the clock again when it fires (lazy), so moving the
/// deadline costs a store. Belongs to one executor.
class watchdog {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `on_expiry` is called once per armed deadline that passes, on the executor; it typically closes a
  /// socket, which ends the operation under way.
  watchdog(boost::asio::any_io_executor executor, std::function<void()> on_expiry);
  ~watchdog();

  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  /// Sets or moves the deadline.
  void expire_at(time_point when);
  void expire_after(std::chrono::steady_clock::duration span);

  /// No deadline for now.
  void disarm();

  /// No deadline for long: nothing is left that keeps the executor busy.
  void rest();

  /// Has a deadline passed since the last `expire_at`?
  [[nodiscard]] bool expired() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace pofetch::async
