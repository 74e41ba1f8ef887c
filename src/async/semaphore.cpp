#include "async/semaphore.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace pofetch::async {

namespace asio = boost::asio;

/// Stands in a queue while its coroutine waits. A permit is handed over, not put up for grabs, so that
/// a newcomer cannot overtake. Leaves the queue, or passes the permit on, whatever ends the wait.
struct semaphore::waiter {
  semaphore& owner;
  std::list<waiter*>& queue;
  asio::steady_timer timer;
  std::list<waiter*>::iterator place;
  bool granted = false;
  bool taken = false;

  waiter(semaphore& s, std::list<waiter*>& q)
      : owner(s), queue(q), timer(s.executor_, asio::steady_timer::time_point::max()) {
    place = queue.insert(queue.end(), this);
  }
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() {
    if (!granted)
      queue.erase(place);
    else if (!taken)
      owner.release();
  }
};

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

awaitable<semaphore::permit> semaphore::acquire(priority urgency) {
  // Permits are only ever free while nobody waits: release() hands them over.
  if (free_ > 0) {
    --free_;
    permit now(*this);
    co_return now;
  }
  waiter me(*this, queues_[static_cast<std::size_t>(urgency)]);
  boost::system::error_code woken;
  co_await me.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!me.granted) throw boost::system::system_error(asio::error::operation_aborted);
  me.taken = true;
  permit mine(*this);
  co_return mine;
}

std::size_t semaphore::waiting() const noexcept { return queues_[0].size() + queues_[1].size(); }

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
  for (auto& queue : queues_) {
    while (free_ > 0 && !queue.empty()) {
      waiter* next = queue.front();
      queue.pop_front();
      next->granted = true;
      --free_;
      next->timer.cancel();
    }
  }
}

}  // namespace pofetch::async
