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
#include <iterator>
#include <map>
#include <optional>
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
  [[nodiscard]] time_point now() const override { return now_; }

  /// 2026-01-01T00:00:00Z plus what has passed.
  [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
    const auto since = std::chrono::duration_cast<std::chrono::system_clock::duration>(now_ - start_);
    return std::chrono::system_clock::time_point(std::chrono::seconds(1'767'225'600)) + since;
  }

  [[nodiscard]] awaitable<> sleep_until(time_point when) override {
    if (when <= now_) {
      co_await boost::asio::post(executor_, boost::asio::use_awaitable);
      co_return;
    }
    sleeper me(*this, when);
    boost::system::error_code woken;
    co_await me.timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (!me.due) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }

  /// Moves time on by `span` at once and wakes everybody whose time has come. They run when the context
  /// is polled next.
  void advance(duration span) { advance_to(now_ + span); }

  void advance_to(time_point when) {
    if (when > now_) now_ = when;
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
      sleeper* first = sleepers_.begin()->second;
      sleepers_.erase(sleepers_.begin());
      first->due = true;
      first->timer.cancel();
    }
  }

  /// Moves time on to the first sleeper; false if nobody sleeps.
  bool advance_to_next() {
    if (sleepers_.empty()) return false;
    advance_to(sleepers_.begin()->first);
    return true;
  }

  /// How many sleep just now.
  [[nodiscard]] std::size_t sleepers() const noexcept { return sleepers_.size(); }

  /// Virtual time since the clock was made.
  [[nodiscard]] duration elapsed() const { return now_ - start_; }

 private:
  struct sleeper {
    fake_clock& owner;
    boost::asio::steady_timer timer;
    std::multimap<time_point, sleeper*>::iterator place;
    bool due = false;

    sleeper(fake_clock& c, time_point when) : owner(c), timer(c.executor_, time_point::max()) {
      place = c.sleepers_.emplace(when, this);
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper() {
      if (!due) owner.sleepers_.erase(place);
    }
  };

  boost::asio::any_io_executor executor_;
  time_point start_{std::chrono::hours(1)};
  time_point now_ = start_;
  std::multimap<time_point, sleeper*> sleepers_;
};

}  // namespace pofetch::test
