#include "async/semaphore.hpp"

#include "async/task_group.hpp"
#include "support/run_coro.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace pofetch;
using async::semaphore;
using namespace std::chrono_literals;

namespace {

struct trace {
  int running = 0;
  int peak = 0;
  int finished = 0;
  int cancelled = 0;
  std::vector<std::string> order;
};

awaitable<> hold(semaphore& slots, pofetch::clock& time, trace& seen, std::string name,
                 pofetch::clock::duration span, semaphore::priority urgency) {
  try {
    auto slot = co_await slots.acquire(urgency);
    seen.order.push_back(name);
    ++seen.running;
    seen.peak = std::max(seen.peak, seen.running);
    struct leave {
      trace& t;
      ~leave() { --t.running; }
    } on_exit{seen};
    co_await time.sleep_for(span);
    ++seen.finished;
  } catch (const boost::system::system_error&) {
    ++seen.cancelled;
    throw;
  }
}

awaitable<> hold_for(semaphore& slots, pofetch::clock& time, trace& seen, std::string name,
                     semaphore::party whose) {
  auto slot = co_await slots.acquire(semaphore::priority::normal, whose);
  seen.order.push_back(name);
  co_await time.sleep_for(1ms);
}

struct semaphore_fixture {
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  trace seen;
};

awaitable<> many(semaphore_fixture& f, semaphore& slots, int count) {
  async::task_group group(f.context.get_executor());
  for (int i = 0; i < count; ++i)
    group.spawn(hold(slots, f.time, f.seen, std::to_string(i), 5ms, semaphore::priority::normal));
  co_await group.join();
}

awaitable<> mixed(semaphore_fixture& f, semaphore& slots) {
  async::task_group group(f.context.get_executor());
  group.spawn(hold(slots, f.time, f.seen, "first", 5ms, semaphore::priority::normal));
  group.spawn(hold(slots, f.time, f.seen, "normal", 5ms, semaphore::priority::normal));
  group.spawn(hold(slots, f.time, f.seen, "high", 5ms, semaphore::priority::high));
  co_await group.join();
}

awaitable<> cancelled_while_waiting(semaphore_fixture& f, semaphore& slots) {
  async::task_group holders(f.context.get_executor());
  async::task_group waiters(f.context.get_executor());
  holders.spawn(hold(slots, f.time, f.seen, "holder", 20ms, semaphore::priority::normal));
  co_await f.time.sleep_for(1ms);
  for (int i = 0; i < 5; ++i)
    waiters.spawn(hold(slots, f.time, f.seen, "waiter", 1ms, semaphore::priority::normal));
  co_await f.time.sleep_for(1ms);
  CHECK(slots.waiting() == 5);
  waiters.cancel();
  co_await waiters.join();
  CHECK(slots.waiting() == 0);
  co_await holders.join();
}

/// Down to one while four are out, then up again.
awaitable<> resized(semaphore_fixture& f, semaphore& slots) {
  async::task_group group(f.context.get_executor());
  for (int i = 0; i < 12; ++i)
    group.spawn(hold(slots, f.time, f.seen, std::to_string(i), 10ms, semaphore::priority::normal));
  co_await f.time.sleep_for(5ms);
  CHECK(f.seen.running == 4);
  slots.resize(1);
  CHECK(slots.available() == 0);
  co_await f.time.sleep_for(10ms);
  CHECK(f.seen.running == 1);
  co_await f.time.sleep_for(10ms);
  CHECK(f.seen.running == 1);
  slots.resize(3);
  co_await f.time.sleep_for(1ms);
  CHECK(f.seen.running == 3);
  co_await group.join();
}

constexpr int queued = 100;

/// One permit at a time; a hundred of each party wait for it.
awaitable<> parties(semaphore_fixture& f, semaphore& slots, std::vector<semaphore::party> all) {
  async::task_group group(f.context.get_executor());
  auto held = co_await slots.acquire();
  for (std::size_t who = 0; who < all.size(); ++who)
    for (int i = 0; i < queued; ++i)
      group.spawn(hold_for(slots, f.time, f.seen, std::string(1, static_cast<char>('a' + who)), all[who]));
  co_await f.time.sleep_for(1ms);
  held.reset();
  co_await group.join();
}

/// The permit is handed to a waiter that is cancelled in the same turn.
awaitable<> granted_and_cancelled(semaphore_fixture& f, semaphore& slots) {
  async::task_group waiters(f.context.get_executor());
  auto held = co_await slots.acquire();
  waiters.spawn(hold(slots, f.time, f.seen, "waiter", 1ms, semaphore::priority::normal));
  co_await f.time.sleep_for(1ms);
  held.reset();
  waiters.cancel();
  co_await waiters.join();
}

}  // namespace

TEST_CASE("semaphore: 20 jobs over 4 permits, never more than 4 at once, all finish in turn") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 4);
  test::run_coro(f.context, f.time, many(f, slots, 20));
  CHECK(f.seen.peak == 4);
  CHECK(f.seen.finished == 20);
  CHECK(slots.available() == 4);
  for (int i = 0; i < 20; ++i) CHECK(f.seen.order[static_cast<std::size_t>(i)] == std::to_string(i));
  CHECK(f.time.elapsed() == 25ms);
}

TEST_CASE("semaphore: high priority goes before normal ones that waited longer") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 1);
  test::run_coro(f.context, f.time, mixed(f, slots));
  CHECK(f.seen.order == std::vector<std::string>{"first", "high", "normal"});
}

TEST_CASE("semaphore: cancelled waiters leave the queue and lose no permit") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 1);
  test::run_coro(f.context, f.time, cancelled_while_waiting(f, slots));
  CHECK(f.seen.cancelled == 5);
  CHECK(f.seen.finished == 1);
  CHECK(slots.available() == 1);
}

TEST_CASE("semaphore: a permit granted to a waiter that is cancelled at the same moment is not lost") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 1);
  test::run_coro(f.context, f.time, granted_and_cancelled(f, slots));
  CHECK(slots.available() == 1);
  CHECK(slots.waiting() == 0);
}

TEST_CASE("semaphore: with fewer permits none is handed over until enough are back, with more at once") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 4);
  test::run_coro(f.context, f.time, resized(f, slots));
  CHECK(f.seen.finished == 12);
  CHECK(f.seen.peak == 4);
  CHECK(slots.available() == 3);
}

TEST_CASE("semaphore: parties get permits by weight, and what one does not use the others get") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 1);
  int a = 0, b = 0, c = 0;
  test::run_coro(f.context, f.time, parties(f, slots, {{&a, 1}, {&b, 4}, {&c, 16}}));
  const auto count = [&f](const std::string& name, std::size_t first) {
    const auto begin = f.seen.order.begin();
    return std::count(begin, begin + static_cast<std::ptrdiff_t>(first), name);
  };
  REQUIRE(f.seen.order.size() == 3 * queued);
  CHECK(count("a", 105) == 5);
  CHECK(count("b", 105) == 20);
  CHECK(count("c", 105) == 80);
  // `c` is through soon, and its part goes to the others.
  CHECK(count("c", 140) == queued);
  CHECK(count("b", 235) == queued);
  CHECK(slots.available() == 1);
}

TEST_CASE("semaphore: one of a small party does not wait for a hundred of a large one") {
  semaphore_fixture f;
  semaphore slots(f.context.get_executor(), 1);
  int large = 0, small = 0;
  test::run_coro(f.context, f.time, parties(f, slots, {{&large, 1}, {&small, 1}}));
  CHECK(f.seen.order[0] == "a");
  CHECK(f.seen.order[1] == "b");
}
