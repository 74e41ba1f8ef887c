#include "async/event.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace pofetch::async {

namespace asio = boost::asio;

event::event(asio::any_io_executor executor)
    : never_(std::move(executor), asio::steady_timer::time_point::max()) {}

awaitable<> event::wait() {
  boost::system::error_code woken;
  co_await never_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  // A cancelled wait and a notification look alike here; the coroutine's own state tells them apart.
  auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

void event::notify_all() { never_.cancel(); }

}  // namespace pofetch::async
