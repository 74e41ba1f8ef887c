#pragma once

#include <pofetch/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <utility>

namespace pofetch::test {

/// Time that stands still until a test moves it on. Sleepers wait on the given executor and wake, in the
/// order of their times, when `advance` reaches them; `run_coro` (run_coro.hpp) advances by itself.
/// Any number of coroutines of that executor may sleep. Header only.
class fake_clock final : public clock {
 public:
  explicit fake_clock(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
  explicit fake_clock(boost::asio::io_context& context) : fake_clock(context.get_executor()) {}

  fake_clock(const fake_clock&) = delete;
  fake_clock& operator=(const fake_clock&) = delete;

  /// An hour after the epoch at first, so that tests can also go back from it.
  [[nodiscard]] time_point now() const override { return hall_->now; }

  /// 2026-01-01T00:00:00Z plus what has passed.
  [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
    const auto since = std::chrono::duration_cast<std::chrono::system_clock::duration>(elapsed());
    return std::chrono::system_clock::time_point(std::chrono::seconds(1'767'225'600)) + since;
  }

  [[nodiscard]] awaitable<> sleep_until(time_point when) override {
    if (when <= hall_->now) {
      co_await boost::asio::post(executor_, boost::asio::use_awaitable);
      co_return;
    }
    sleeper me(hall_, executor_, when);
    boost::system::error_code woken;
    co_await me.timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (!me.due) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }

  /// Moves time on by `span` at once and wakes everybody whose time has come. They run when the context
  /// is polled next.
  void advance(duration span) { advance_to(hall_->now + span); }

  void advance_to(time_point when) {
    if (when > hall_->now) hall_->now = when;
    auto& waiting = hall_->waiting;
    while (!waiting.empty() && waiting.begin()->first <= hall_->now) {
      sleeper* first = waiting.begin()->second;
      waiting.erase(waiting.begin());
      first->due = true;
      first->timer.cancel();
    }
  }

  /// Moves time on to the first sleeper; false if nobody sleeps.
  bool advance_to_next() {
    if (hall_->waiting.empty()) return false;
    advance_to(hall_->waiting.begin()->first);
    return true;
  }

  /// How many sleep just now.
  [[nodiscard]] std::size_t sleepers() const noexcept { return hall_->waiting.size(); }

  /// Virtual time since the clock was made.
  [[nodiscard]] duration elapsed() const { return hall_->now - start; }

 private:
  static constexpr time_point start{std::chrono::hours(1)};

  struct sleeper;
  /// Shared with the sleepers: a coroutine that never ends is destroyed with its context, after the clock.
  struct hall {
    time_point now = start;
    std::multimap<time_point, sleeper*> waiting;
  };
  struct sleeper {
    std::shared_ptr<hall> where;
    boost::asio::steady_timer timer;
    std::multimap<time_point, sleeper*>::iterator place;
    bool due = false;

    sleeper(std::shared_ptr<hall> h, const boost::asio::any_io_executor& executor, time_point when)
        : where(std::move(h)), timer(executor, time_point::max()) {
      place = where->waiting.emplace(when, this);
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper() {
      if (!due) where->waiting.erase(place);
    }
  };

  boost::asio::any_io_executor executor_;
  std::shared_ptr<hall> hall_ = std::make_shared<hall>();
};

}  // namespace pofetch::test
