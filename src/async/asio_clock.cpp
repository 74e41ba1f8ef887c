#include "async/asio_clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace pofetch::async {

namespace asio = boost::asio;

asio_clock::asio_clock(asio::any_io_executor executor) : executor_(std::move(executor)) {}

clock::time_point asio_clock::now() const { return std::chrono::steady_clock::now(); }

std::chrono::system_clock::time_point asio_clock::wall() const { return std::chrono::system_clock::now(); }

awaitable<> asio_clock::sleep_until(time_point when) {
  asio::steady_timer timer(executor_, when);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace pofetch::async
