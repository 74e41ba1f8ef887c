#include "async/slow_down.hpp"

#include <doctest/doctest.h>

#include <set>

using pofetch::async::slow_down;
using namespace std::chrono_literals;

TEST_CASE("slow_down: nobody waits without a pause or after it") {
  slow_down host;
  const slow_down::time_point now = slow_down::time_point{} + 1h;
  CHECK(host.wait_from(now).count() == 0);
  host.hold_until(now + 5s);
  CHECK(host.wait_from(now + 5s).count() == 0);
}

TEST_CASE("slow_down: those who wait wake one after another, none before the pause is over") {
  slow_down host;
  const slow_down::time_point now = slow_down::time_point{} + 1h;
  host.hold_until(now + 5s);
  std::set<slow_down::time_point::duration> waits;
  for (int i = 0; i < 10; ++i) waits.insert(host.wait_from(now));
  CHECK(waits.size() == 10);
  CHECK(*waits.begin() >= 5s);
  CHECK(*waits.rbegin() <= 5s + slow_down::places * slow_down::step);
}

TEST_CASE("slow_down: a shorter pause does not shorten a longer one") {
  slow_down host;
  const slow_down::time_point now = slow_down::time_point{} + 1h;
  host.hold_until(now + 5s);
  host.hold_until(now + 1s);
  CHECK(host.wait_from(now) >= 5s);
}

TEST_CASE("slow_down: what is left is the same for everybody") {
  slow_down host;
  const slow_down::time_point now = slow_down::time_point{} + 1h;
  CHECK(host.left(now).count() == 0);
  host.hold_until(now + 5s);
  for (int i = 0; i < 10; ++i) CHECK(host.left(now + 1s) == 4s);
  CHECK(host.left(now + 6s).count() == 0);
}
