#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <exception>
#include <list>

namespace pofetch::async {

/// Structured concurrency: children run on the group's executor and none outlives the group, because
/// `join` must be awaited before the group is destroyed. The first child that ends with an exception
/// other than a cancellation cancels the others; `join` passes that exception on.
class task_group {
 public:
  explicit task_group(boost::asio::any_io_executor executor);
  /// Terminates the program if children are still running: a bug.
  ~task_group();

  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  /// Starts a child. Also while `join` is waiting.
  void spawn(awaitable<> child);

  /// Tells every child to stop; `join` still has to be awaited.
  void cancel();

  [[nodiscard]] std::size_t size() const noexcept { return live_.size(); }

  /// A child ended with an exception that `join` will pass on.
  [[nodiscard]] bool failed() const noexcept { return first_failure_ != nullptr; }

  /// Waits until every child has ended. If the awaiting coroutine is cancelled meanwhile, the children
  /// are cancelled and waited for all the same, and the result is false; the cancellation is used up
  /// then, so that the caller can still finish its own business. True otherwise.
  [[nodiscard]] awaitable<bool> join();

 private:
  void child_ended(std::list<boost::asio::cancellation_signal>::iterator which, std::exception_ptr why);

  boost::asio::any_io_executor executor_;
  std::list<boost::asio::cancellation_signal> live_;
  boost::asio::steady_timer all_done_;
  std::exception_ptr first_failure_;
};

}  // namespace pofetch::async
