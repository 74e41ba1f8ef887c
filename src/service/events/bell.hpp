#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <list>

namespace pofetch::service {

/// Coroutines of one executor wait for something to change, or for a time to pass.
class bell {
 public:
  explicit bell(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Until the next `ring` or that time. Cancellable: what comes next in the coroutine throws then.
  [[nodiscard]] awaitable<> wait_until(std::chrono::steady_clock::time_point when);
  /// How many heard it.
  std::size_t ring();
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  boost::asio::any_io_executor executor_;
  std::list<boost::asio::steady_timer*> waiting_;
};

}  // namespace pofetch::service
