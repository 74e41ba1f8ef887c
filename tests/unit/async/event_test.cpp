#include "async/event.hpp"

#include "async/task_group.hpp"
#include "support/run_coro.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using namespace std::chrono_literals;

namespace {

awaitable<> wait_once(async::event& event, int& woken) {
  co_await event.wait();
  ++woken;
}

awaitable<> scenario(boost::asio::io_context& context, pofetch::clock& time, int& woken, int& after_cancel) {
  async::event event(context.get_executor());
  async::task_group group(context.get_executor());
  for (int i = 0; i < 3; ++i) group.spawn(wait_once(event, woken));
  co_await time.sleep_for(1ms);
  event.notify_all();
  co_await group.join();
  async::task_group cancelled(context.get_executor());
  cancelled.spawn(wait_once(event, after_cancel));
  co_await time.sleep_for(1ms);
  cancelled.cancel();
  co_await cancelled.join();
}

}  // namespace

TEST_CASE("event: notify wakes everybody, cancellation is not mistaken for it") {
  boost::asio::io_context context(1);
  test::fake_clock time(context);
  int woken = 0;
  int after_cancel = 0;
  test::run_coro(context, time, scenario(context, time, woken, after_cancel));
  CHECK(woken == 3);
  CHECK(after_cancel == 0);
}
