#include "service/events/bell.hpp"

#include "http/io_result.hpp"

namespace pofetch::service {

awaitable<> bell::wait_until(std::chrono::steady_clock::time_point when) {
  boost::asio::steady_timer timer(executor_, when);
  const auto place = waiting_.insert(waiting_.end(), &timer);
  const auto [error] = co_await timer.async_wait(http::as_result);
  static_cast<void>(error);
  waiting_.erase(place);
}

std::size_t bell::ring() {
  for (boost::asio::steady_timer* const each : waiting_) each->cancel();
  return waiting_.size();
}

}  // namespace pofetch::service
