#include "async/semaphore.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace pofetch::async {

namespace asio = boost::asio;

/// Stands in a queue while its coroutine waits. A permit is handed over, not put up for grabs, so that
/// a newcomer cannot overtake. Leaves the queue, or passes the permit on, whatever ends the wait.
struct semaphore::waiter {
  semaphore& owner;
  line& mine;
  const std::size_t queue;
  asio::steady_timer timer;
  std::list<waiter*>::iterator place;
  bool granted = false;
  bool taken = false;

  waiter(semaphore& s, line& l, priority urgency)
      : owner(s),
        mine(l),
        queue(static_cast<std::size_t>(urgency)),
        timer(s.executor_, asio::steady_timer::time_point::max()) {
    place = mine.queues[queue].insert(mine.queues[queue].end(), this);
  }
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() {
    if (!granted)
      leave();
    else if (!taken)
      owner.release();
  }

  void leave() {
    mine.queues[queue].erase(place);
    if (mine.size() == 0) owner.lines_.remove_if([this](const line& each) { return &each == &mine; });
  }
};

semaphore::waiter* semaphore::line::take_first() noexcept {
  auto& queue = queues[queues[0].empty() ? 1 : 0];
  waiter* first = queue.front();
  queue.pop_front();
  return first;
}

semaphore::permit& semaphore::permit::operator=(permit&& other) noexcept {
  if (this != &other) {
    reset();
    owner_ = std::exchange(other.owner_, nullptr);
  }
  return *this;
}

void semaphore::permit::reset() noexcept {
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->release();
}

semaphore::semaphore(asio::any_io_executor executor, std::size_t permits)
    : executor_(std::move(executor)), permits_(static_cast<std::ptrdiff_t>(permits)), free_(permits_) {}

semaphore::line& semaphore::line_of(const party& whose) {
  for (line& each : lines_)
    if (each.whose.id == whose.id) return each;
  lines_.push_back({whose});
  return lines_.back();
}

semaphore::permit semaphore::try_acquire() noexcept {
  if (free_ <= 0) return {};
  --free_;
  return permit(*this);
}

awaitable<semaphore::permit> semaphore::acquire(priority urgency, party whose) {
  if (permit now = try_acquire()) co_return now;
  waiter me(*this, line_of(whose), urgency);
  boost::system::error_code woken;
  co_await me.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!me.granted) throw boost::system::system_error(asio::error::operation_aborted);
  me.taken = true;
  permit mine(*this);
  co_return mine;
}

std::size_t semaphore::waiting() const noexcept {
  std::size_t count = 0;
  for (const line& each : lines_) count += each.size();
  return count;
}

void semaphore::release() noexcept {
  ++free_;
  hand_over();
}

void semaphore::resize(std::size_t permits) noexcept {
  const auto wanted = static_cast<std::ptrdiff_t>(permits);
  free_ += wanted - permits_;
  permits_ = wanted;
  hand_over();
}

void semaphore::hand_over() noexcept {
  while (free_ > 0 && !lines_.empty()) {
    line& next = lines_.front();
    if (next.credit == 0) next.credit = std::max(next.whose.weight, 1U);
    waiter* first = next.take_first();
    first->granted = true;
    --free_;
    --next.credit;
    if (next.size() == 0)
      lines_.pop_front();
    else if (next.credit == 0)
      lines_.splice(lines_.end(), lines_, lines_.begin());
    first->timer.cancel();
  }
}

}  // namespace pofetch::async
