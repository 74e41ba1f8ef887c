#include "async/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace pofetch::async {

namespace asio = boost::asio;

/// Shared with the pending wait, which may complete after the watchdog is gone.
struct watchdog::state : std::enable_shared_from_this<watchdog::state> {
  asio::steady_timer timer;
  std::function<void()> on_expiry;
  time_point deadline = time_point::max();
  bool waiting = false;
  bool expired = false;

  state(asio::any_io_executor executor, std::function<void()> callback)
      : timer(std::move(executor)), on_expiry(std::move(callback)) {}

  void wait() {
    waiting = true;
    timer.expires_at(deadline);
    timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->fired();
    });
  }

  void fired() {
    waiting = false;
    if (deadline == time_point::max()) return;
    if (std::chrono::steady_clock::now() < deadline) {
      wait();
      return;
    }
    deadline = time_point::max();
    expired = true;
    if (on_expiry) on_expiry();
  }
};

watchdog::watchdog(asio::any_io_executor executor, std::function<void()> on_expiry)
    : state_(std::make_shared<state>(std::move(executor), std::move(on_expiry))) {}

watchdog::~watchdog() {
  state_->on_expiry = nullptr;
  state_->deadline = time_point::max();
  state_->timer.cancel();
}

void watchdog::expire_at(time_point when) {
  state_->expired = false;
  state_->deadline = when;
  // A timer that fires before the deadline re-arms itself; only an earlier deadline needs a new wait.
  if (!state_->waiting || state_->timer.expiry() > when) state_->wait();
}

void watchdog::expire_after(std::chrono::steady_clock::duration span) {
  expire_at(std::chrono::steady_clock::now() + span);
}

void watchdog::disarm() { state_->deadline = time_point::max(); }

void watchdog::rest() {
  disarm();
  if (!std::exchange(state_->waiting, false)) return;
  state_->timer.cancel();
}

bool watchdog::expired() const noexcept { return state_->expired; }

}  // namespace pofetch::async
