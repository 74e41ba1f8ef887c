#include "service/server/heartbeat.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>

using namespace pofetch::service;
using namespace std::chrono_literals;

TEST_CASE("heartbeat: a lane that does not answer for ten seconds is told from one that does") {
  boost::asio::io_context quick;
  boost::asio::io_context stuck;
  int answers = 0;
  heartbeat heart({quick.get_executor(), stuck.get_executor()}, [&answers](auto) { ++answers; });
  const auto start = std::chrono::steady_clock::now();
  CHECK(heart.is_alive(start));
  heart.beat(start);
  quick.run();
  CHECK(answers == 1);
  CHECK(heart.is_alive(start + 9s));
  CHECK(heart.silence(start + 9s) == 9s);
  // Asking again changes nothing about since when it is silent.
  heart.beat(start + 9s);
  CHECK_FALSE(heart.is_alive(start + 10s));
  stuck.run();
  quick.restart();
  quick.run();
  CHECK(answers == 3);
  CHECK(heart.silence(start + 20s) == heartbeat::duration::zero());
  CHECK(heart.is_alive(start + 20s));
}
