#include "http/shared_state.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace pofetch::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("shared state: each host has a pause of its own") {
  shared_state state(0, 0);
  const auto now = std::chrono::steady_clock::now();
  state.pause_of("slow.com").hold_until(now + 10s);
  CHECK(state.pause_of("slow.com").wait_from(now) >= 10s);
  CHECK(state.pause_of("other.com").wait_from(now) == 0s);
  CHECK(&state.pause_of("slow.com") == &state.pause_of("slow.com"));
}

TEST_CASE("shared state: hosts without end do not take memory without end") {
  shared_state state(0, 0);
  for (int i = 0; i < 5000; ++i) (void)state.pause_of("host" + std::to_string(i));
  CHECK(&state.pause_of("host4998") == &state.pause_of("host4999"));
  CHECK(&state.pause_of("host1") != &state.pause_of("host2"));
}

TEST_CASE("shared state: at most 20 requests at once, whatever the rate") {
  shared_state state(1000, 0);
  const auto now = std::chrono::steady_clock::now();
  int at_once = 0;
  while (at_once < 1000 && state.request_rate.book(now) == 0s) ++at_once;
  CHECK(at_once == 20);
}

TEST_CASE("shared state: no limits unless asked for") {
  shared_state state(0, 0);
  CHECK_FALSE(state.request_rate.limits());
  CHECK_FALSE(state.byte_rate.limits());
}

}  // namespace
}  // namespace pofetch::http
