#include "async/task_group.hpp"

#include "async/cancellation.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace pofetch::async {

namespace asio = boost::asio;

namespace {

/// Starts the child in a turn of its own. Without that a child that never suspends and is cancelled makes
/// co_spawn (Boost 1.81, impl/co_spawn.hpp) throw out of the event loop when it posts the completion.
awaitable<> in_own_turn(awaitable<> child) {
  co_await asio::post(asio::use_awaitable);
  co_await std::move(child);
}

}  // namespace

task_group::task_group(asio::any_io_executor executor)
    : executor_(executor), all_done_(std::move(executor), asio::steady_timer::time_point::max()) {}

task_group::~task_group() {
  if (!live_.empty()) std::terminate();
}

void task_group::spawn(awaitable<> child) {
  auto which = live_.emplace(live_.end());
  auto ended = [this, which](std::exception_ptr why) { child_ended(which, std::move(why)); };
  asio::co_spawn(executor_, in_own_turn(std::move(child)),
                 asio::bind_cancellation_slot(which->slot(), std::move(ended)));
}

void task_group::child_ended(std::list<asio::cancellation_signal>::iterator which, std::exception_ptr why) {
  live_.erase(which);
  if (why && !first_failure_ && !is_cancellation(why)) {
    first_failure_ = std::move(why);
    cancel();
  }
  if (live_.empty()) all_done_.cancel();
}

void task_group::cancel() {
  for (auto next = live_.begin(); next != live_.end();) {
    auto current = next++;
    current->emit(asio::cancellation_type::terminal);
  }
}

awaitable<bool> task_group::join() {
  bool cancelled = false;
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!live_.empty()) {
    boost::system::error_code woken;
    co_await all_done_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    auto state = co_await asio::this_coro::cancellation_state;
    if (!cancelled && state.cancelled() != asio::cancellation_type::none) {
      cancelled = true;
      // From here on nothing may interrupt the waiting: a child must not outlive its scope.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      cancel();
    }
  }
  // Cancelled in the very turn in which the last child ended.
  auto last = co_await asio::this_coro::cancellation_state;
  cancelled = cancelled || last.cancelled() != asio::cancellation_type::none;
  if (cancelled) co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_await asio::this_coro::throw_if_cancelled(true);
  if (first_failure_) std::rethrow_exception(std::exchange(first_failure_, nullptr));
  co_return !cancelled;
}

}  // namespace pofetch::async
