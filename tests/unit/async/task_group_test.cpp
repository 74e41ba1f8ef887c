#include "async/task_group.hpp"

#include "async/cancellation.hpp"
#include "support/run_coro.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

using namespace pofetch;
using namespace std::chrono_literals;

namespace {

struct group_fixture {
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  int finished = 0;
  int cancelled = 0;
};

awaitable<> child(group_fixture& f, pofetch::clock::duration span, bool fails) {
  try {
    co_await f.time.sleep_for(span);
  } catch (const boost::system::system_error&) {
    ++f.cancelled;
    throw;
  }
  if (fails) throw std::runtime_error("boom");
  ++f.finished;
}

awaitable<bool> parent(group_fixture& f, int count, int failing) {
  async::task_group group(f.context.get_executor());
  for (int i = 0; i < count; ++i) group.spawn(child(f, (i + 1) * 1ms, i == failing));
  co_return co_await group.join();
}

awaitable<> cleans_up_after_cancellation(group_fixture& f, bool& joined, bool& cleaned) {
  async::task_group group(f.context.get_executor());
  group.spawn(child(f, 1h, false));
  joined = co_await group.join();
  co_await f.time.sleep_for(1ms);
  cleaned = true;
}

awaitable<> spawns_more(group_fixture& f, async::task_group& group) {
  co_await f.time.sleep_for(1ms);
  group.spawn(child(f, 1ms, false));
}

awaitable<> grows_while_joining(group_fixture& f) {
  async::task_group group(f.context.get_executor());
  group.spawn(spawns_more(f, group));
  co_await group.join();
}

}  // namespace

TEST_CASE("task_group: join waits for every child") {
  group_fixture f;
  CHECK(test::run_coro(f.context, f.time, parent(f, 20, -1)));
  CHECK(f.finished == 20);
  CHECK(f.time.elapsed() == 20ms);
}

TEST_CASE("task_group: no children, join returns at once") {
  group_fixture f;
  CHECK(test::run_coro(f.context, f.time, parent(f, 0, -1)));
}

TEST_CASE("task_group: a child that fails cancels the others, join passes its exception on") {
  group_fixture f;
  CHECK_THROWS_WITH(test::run_coro(f.context, f.time, parent(f, 10, 3)), "boom");
  CHECK(f.finished == 3);
  CHECK(f.cancelled == 6);
  CHECK(f.time.elapsed() == 4ms);
}

TEST_CASE("task_group: a parent that is cancelled still joins, and can still await afterwards") {
  group_fixture f;
  boost::asio::cancellation_signal signal;
  bool joined = true;
  bool cleaned = false;
  bool ended = false;
  boost::asio::co_spawn(
      f.context, cleans_up_after_cancellation(f, joined, cleaned),
      boost::asio::bind_cancellation_slot(signal.slot(), [&ended](std::exception_ptr thrown) {
        CHECK_FALSE(thrown);
        ended = true;
      }));
  f.context.poll();
  signal.emit(boost::asio::cancellation_type::terminal);
  test::run_until(f.context, f.time, [&ended] { return ended; });
  CHECK_FALSE(joined);
  CHECK(cleaned);
  CHECK(f.cancelled == 1);
  CHECK(f.time.elapsed() < 1s);
}

TEST_CASE("task_group: children may be added while join waits") {
  group_fixture f;
  test::run_coro(f.context, f.time, grows_while_joining(f));
  CHECK(f.finished == 1);
}

TEST_CASE("task_group: 5,000 children") {
  group_fixture f;
  CHECK(test::run_coro(f.context, f.time, parent(f, 5000, -1)));
  CHECK(f.finished == 5000);
}
