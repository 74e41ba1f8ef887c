#include "http/connection_pool.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace pofetch::http {
namespace {

using local = boost::asio::local::stream_protocol;

const core::origin here{"https", "here.example", 443};
const core::origin there{"https", "there.example", 443};

/// A pool of one lane, and a peer that connections can be opened to: they do not care what host it is.
struct pool_fixture {
  boost::asio::io_context context;
  test::fake_clock time{context};
  test::temp_dir folder;
  local::acceptor peer{context, local::endpoint(folder / "peer")};
  async::semaphore turns{context.get_executor(), 100};
  connection_pool::neighbours beside;
  connection_pool pool{context.get_executor(), 2, beside};

  connection_pool::lease acquire(connection_pool& from, const core::origin& to, bool fresh = false) {
    return test::run_coro(context, time, from.acquire(to, turns, {}, fresh));
  }
  connection_pool::lease acquire(const core::origin& to, bool fresh = false) {
    return acquire(pool, to, fresh);
  }

  /// As the exchange does that gets no idle connection.
  connection* open(connection_pool::lease& granted, const core::origin& to) {
    auto made = std::make_unique<connection>(context.get_executor(), to, 65536);
    REQUIRE(made->open_local((folder / "peer").string()));
    granted.put(std::move(made));
    return granted.get();
  }

  /// One that is kept for later; told by its address.
  connection* keep_one(connection_pool& in, const core::origin& to) {
    auto granted = acquire(in, to, true);
    connection* const made = open(granted, to);
    granted.keep();
    return made;
  }
};

TEST_CASE_FIXTURE(pool_fixture, "connection pool: a kept connection serves again, for its own host alone") {
  connection* const kept = keep_one(pool, here);
  CHECK(pool.idle() == 1);
  {
    const auto other = acquire(there);
    CHECK(other.get() == nullptr);
    CHECK_FALSE(other.reused());
  }
  const auto again = acquire(here);
  CHECK(again.get() == kept);
  CHECK(again.reused());
  CHECK(pool.idle() == 0);
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: the one that was used last comes first") {
  keep_one(pool, here);
  connection* const last = keep_one(pool, here);
  REQUIRE(pool.idle() == 2);
  CHECK(acquire(here).get() == last);
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: who asks for a fresh one gets no idle one") {
  keep_one(pool, here);
  CHECK(acquire(here, true).get() == nullptr);
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: what is not kept is closed, and its turn is free") {
  {
    auto granted = acquire(here);
    open(granted, here);
    CHECK(pool.free() == 1);
  }
  CHECK(pool.free() == 2);
  CHECK(pool.idle() == 0);
  CHECK(turns.available() == 100);
}

TEST_CASE_FIXTURE(pool_fixture,
                  "connection pool: one that the peer has closed, or written to, is not used again") {
  for (const bool writes : {false, true}) {
    CAPTURE(writes);
    keep_one(pool, here);
    local::socket other_end = peer.accept();
    if (writes)
      other_end.send(boost::asio::buffer("x", 1));
    else
      other_end.close();
    CHECK(acquire(here).get() == nullptr);
    CHECK(pool.idle() == 0);
  }
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: never more than its most, the next one waits") {
  std::optional<connection_pool::lease> first(acquire(here));
  const auto second = acquire(there);
  bool granted = false;
  const auto waits = [](pool_fixture& in, bool& done) -> awaitable<> {
    const connection_pool::claim anybody;
    const auto third = co_await in.pool.acquire(here, in.turns, anybody, false);
    done = static_cast<bool>(third);
  };
  boost::asio::co_spawn(context, waits(*this, granted), [](std::exception_ptr) {});
  test::run_until_idle(context, time);
  CHECK_FALSE(granted);
  first.reset();
  test::run_until_idle(context, time);
  CHECK(granted);
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: the longest idle one makes room, also a neighbour's") {
  connection_pool neighbour(context.get_executor(), 2, beside);
  keep_one(neighbour, here);
  keep_one(pool, here);
  const auto granted = acquire(there);  // two in all: one is at work now, so one may rest
  CHECK(neighbour.idle() == 0);
  CHECK(pool.idle() == 1);
}

TEST_CASE_FIXTURE(pool_fixture, "connection pool: a smaller one lets nobody in until enough have left") {
  std::optional<connection_pool::lease> first(acquire(here));
  std::optional<connection_pool::lease> second(acquire(here));
  pool.resize(0);  // at least one
  first.reset();
  CHECK(pool.free() == 0);
  second.reset();
  CHECK(pool.free() == 1);
}

}  // namespace
}  // namespace pofetch::http
