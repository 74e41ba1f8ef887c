#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pofetch::async {

/// A condition variable for coroutines of one executor: `wait` until somebody calls `notify`, then look
/// at the condition again. A notification without a waiter is lost, so check first, then wait.
class event {
 public:
  explicit event(boost::asio::any_io_executor executor);

  /// Completes at the next `notify_all`. Cancellable.
  [[nodiscard]] awaitable<> wait();

  /// Wakes everybody who waits now.
  void notify_all();

 private:
  boost::asio::steady_timer never_;
};

}  // namespace pofetch::async
