#include "service/server/heartbeat.hpp"

#include "http/io_result.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace pofetch::service {

struct heartbeat::lane {
  explicit lane(boost::asio::any_io_executor where) : executor(std::move(where)) {}

  const boost::asio::any_io_executor executor;
  time_point asked{};  // of the service's executor
  std::atomic<bool> owes{false};
};

heartbeat::heartbeat(std::vector<boost::asio::any_io_executor> lanes, std::function<void(duration)> heard)
    : heard_(std::move(heard)) {
  for (auto& each : lanes) lanes_.push_back(std::make_shared<lane>(std::move(each)));
}

void heartbeat::beat(time_point now) {
  for (const auto& each : lanes_) {
    if (each->owes.exchange(true)) continue;
    each->asked = now;
    // The lane may be taken down with the question in its queue.
    auto answer = [each, asked = now, heard = heard_] {
      each->owes = false;
      heard(std::chrono::steady_clock::now() - asked);
    };
    boost::asio::post(each->executor, std::move(answer));
  }
}

heartbeat::duration heartbeat::silence(time_point now) const {
  duration longest = duration::zero();
  for (const auto& each : lanes_)
    if (each->owes) longest = std::max(longest, now - each->asked);
  return longest;
}

awaitable<> heartbeat::run() {
  constexpr std::chrono::seconds period{1};
  const auto here = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(here);
  for (;;) {
    beat(std::chrono::steady_clock::now());
    timer.expires_after(period);
    const auto [error] = co_await timer.async_wait(http::as_result);
    if (error) http::throw_cancelled();
  }
}

}  // namespace pofetch::service
