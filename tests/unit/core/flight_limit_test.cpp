#include "core/flight_limit.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using pofetch::core::flight_limit;
using pofetch::core::load_window;

namespace {

/// One second of `answers` files that waited `wait` on average, the quickest one `least`.
load_window window(double answers, double wait, double least, double refused = 0, bool full = true) {
  load_window seen;
  seen.seconds = 1;
  seen.seen[1] = {answers, answers * wait, least};
  seen.refused = refused;
  seen.full = full;
  return seen;
}

}  // namespace

TEST_CASE("flight_limit: begins at the top, and stays there while nothing speaks against it") {
  flight_limit limit(16);
  CHECK(limit.limit() == 16);
  for (int i = 0; i < 50; ++i) limit.learn(window(300, 0.053, 0.050));
  CHECK(limit.limit() == 16);
  CHECK(flight_limit(0).limit() == 1);
}

TEST_CASE("flight_limit: one bad window is an accident, two are a queue") {
  flight_limit limit(32);
  limit.learn(window(240, 0.052, 0.050));
  limit.learn(window(240, 0.133, 0.050));
  CHECK(limit.limit() == 32);
  limit.learn(window(240, 0.052, 0.050));
  limit.learn(window(240, 0.133, 0.050));
  CHECK(limit.limit() == 32);
  limit.learn(window(240, 0.133, 0.050));
  CHECK(limit.limit() == 24);
}

TEST_CASE("flight_limit: a lower limit that costs throughput is taken back, and waits are mistrusted") {
  flight_limit limit(32);
  limit.learn(window(240, 0.133, 0.050));
  limit.learn(window(240, 0.133, 0.050));
  REQUIRE(limit.limit() == 24);
  limit.learn(window(240, 0.133, 0.050));
  limit.learn(window(180, 0.133, 0.120));
  CHECK(limit.limit() == 32);
  for (int i = 0; i < 8; ++i) limit.learn(window(240, 0.33, 0.050));
  CHECK(limit.limit() == 32);
}

TEST_CASE("flight_limit: small losses do not add up") {
  flight_limit limit(64);
  double lowest = 64;
  // Throughput is a little better the more there are in flight.
  for (int i = 0; i < 60; ++i) {
    const double rate = 200 + 2.0 * limit.limit();
    limit.learn(window(rate, 0.050 + 20 / rate, 0.050));
    lowest = std::min<double>(lowest, limit.limit());
  }
  CHECK(200 + 2 * lowest >= 0.78 * (200 + 2 * 64));
  CHECK(limit.limit() >= 48);
}

TEST_CASE("flight_limit: a lower limit that costs nothing stays, and grows again where the queue is gone") {
  flight_limit limit(32);
  limit.learn(window(240, 0.133, 0.050));
  limit.learn(window(240, 0.133, 0.050));
  limit.learn(window(240, 0.100, 0.050));
  limit.learn(window(238, 0.066, 0.050));
  CHECK(limit.limit() == 24);
  for (int i = 0; i < 3; ++i) limit.learn(window(300, 0.051, 0.050));
  CHECK(limit.limit() == 32);
}

TEST_CASE("flight_limit: it does not grow where it is not used") {
  flight_limit limit(32);
  for (int i = 0; i < 3; ++i) limit.learn(window(100, 0.05, 0.05, 50));
  const unsigned low = limit.limit();
  CHECK(low < 16);
  for (int i = 0; i < 20; ++i) limit.learn(window(10, 0.05, 0.05, 0, false));
  CHECK(limit.limit() == low);
}

TEST_CASE("flight_limit: refusals cut it to one at the least, a few among many do not") {
  flight_limit limit(16);
  for (int i = 0; i < 10; ++i) limit.learn(window(300, 0.05, 0.05, 12));
  CHECK(limit.limit() == 16);
  limit.learn(window(20, 0.05, 0.05, 20));
  CHECK(limit.limit() == 11);
  for (int i = 0; i < 20; ++i) limit.learn(window(0, 0, 0, 5));
  CHECK(limit.limit() == 1);
}

TEST_CASE("flight_limit: waits that are not the server's are no evidence") {
  flight_limit limit(16);
  for (int i = 0; i < 10; ++i) {
    load_window seen = window(100, 2.0, 0.05);
    seen.trusted = false;
    limit.learn(seen);
  }
  CHECK(limit.limit() == 16);
}

TEST_CASE("flight_limit: pages and files are compared with their like") {
  flight_limit limit(16);
  for (int i = 0; i < 10; ++i) {
    load_window seen = window(20, 0.05, 0.05);
    seen.seen[0] = {20, 20 * 0.7, 0.69};
    limit.learn(seen);
  }
  CHECK(limit.limit() == 16);
}
