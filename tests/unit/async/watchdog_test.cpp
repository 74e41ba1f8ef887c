#include "async/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

using pofetch::async::watchdog;
using namespace std::chrono_literals;

TEST_CASE("watchdog: fires once when its deadline passes") {
  boost::asio::io_context context(1);
  int fired = 0;
  watchdog dog(context.get_executor(), [&fired] { ++fired; });
  dog.expire_after(1ms);
  context.run_for(1s);
  CHECK(fired == 1);
  CHECK(dog.expired());
}

TEST_CASE("watchdog: a deadline that was moved on does not fire at its old place") {
  boost::asio::io_context context(1);
  int fired = 0;
  watchdog dog(context.get_executor(), [&fired] { ++fired; });
  dog.expire_after(5ms);
  dog.expire_after(1h);
  context.run_for(30ms);
  CHECK(fired == 0);
}

TEST_CASE("watchdog: an earlier deadline takes effect though a later one was set before") {
  boost::asio::io_context context(1);
  int fired = 0;
  watchdog dog(context.get_executor(), [&fired] { ++fired; });
  dog.expire_after(1h);
  dog.expire_after(1ms);
  context.run_for(1s);
  CHECK(fired == 1);
}

TEST_CASE("watchdog: at rest it does not keep the context, and a new deadline wakes it") {
  boost::asio::io_context context(1);
  int fired = 0;
  watchdog dog(context.get_executor(), [&fired] { ++fired; });
  dog.expire_after(1h);
  dog.rest();
  context.run_for(1s);
  CHECK(context.stopped());
  CHECK(fired == 0);
  context.restart();
  dog.expire_after(1ms);
  dog.rest();
  dog.expire_after(2ms);
  context.run_for(1s);
  CHECK(fired == 1);
}

TEST_CASE("watchdog: disarmed or destroyed, it stays silent and lets the context end") {
  boost::asio::io_context context(1);
  int fired = 0;
  {
    watchdog disarmed(context.get_executor(), [&fired] { ++fired; });
    disarmed.expire_after(1ms);
    disarmed.disarm();
    context.run_for(20ms);
    watchdog destroyed(context.get_executor(), [&fired] { ++fired; });
    destroyed.expire_after(1h);
  }
  context.restart();
  context.run_for(1s);
  CHECK(context.stopped());
  CHECK(fired == 0);
}
