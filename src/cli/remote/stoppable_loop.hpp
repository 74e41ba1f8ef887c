#pragma once

#include "cli/commands/stop_signals.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>

namespace pofetch::cli {

/// Runs coroutines on the calling thread, one after another, until a signal cancels them. Made before any
/// thread.
class stoppable_loop {
 public:
  stoppable_loop();

  stoppable_loop(const stoppable_loop&) = delete;
  stoppable_loop& operator=(const stoppable_loop&) = delete;

  [[nodiscard]] boost::asio::any_io_executor executor() { return context_.get_executor(); }

  /// Runs it to its end, or to where a signal cancels it: at once if there was one already. What it throws
  /// beside that comes out.
  void run(awaitable<> work);

  /// The signal that has come, or 0.
  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  boost::asio::io_context context_{1};
  boost::asio::cancellation_signal ending_;
  std::atomic<int> signal_{0};
  stop_signals signals_;  // last: its thread uses all of the above
};

}  // namespace pofetch::cli
