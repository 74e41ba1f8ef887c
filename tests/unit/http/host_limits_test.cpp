#include "http/host_limits.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pofetch::http {
namespace {

using namespace std::chrono_literals;

TEST_CASE("host limits: each host has a load of its own") {
  host_limits state(ceilings{});
  const auto now = std::chrono::steady_clock::now();
  state.load_of("slow.com").pause.hold_until(now + 10s);
  CHECK(state.load_of("slow.com").pause.left(now) >= 10s);
  CHECK(state.load_of("other.com").pause.left(now) == 0s);
  CHECK(&state.load_of("slow.com") == &state.load_of("slow.com"));
  const auto spared = state.spared(now);
  REQUIRE(spared.size() == 1);
  CHECK(spared.front().host == "slow.com");
  CHECK(spared.front().in_flight == 16);
  CHECK(spared.front().pause >= 9s);
}

TEST_CASE("host limits: hosts without end do not take memory without end") {
  host_limits state(ceilings{});
  for (int i = 0; i < 5000; ++i) (void)state.load_of("host" + std::to_string(i));
  CHECK(&state.load_of("host4998") == &state.load_of("host4999"));
  CHECK(&state.load_of("host1") != &state.load_of("host2"));
}

/// What somebody gets who takes `units` at a time and always wants more, counted by the second.
std::vector<double> taken(async::rate_limiter& limiter, double units) {
  std::vector<double> seconds(12);
  const std::chrono::steady_clock::time_point begin{1h};
  auto now = begin;
  for (;;) {
    now += limiter.book(now, units);
    const auto index = static_cast<std::size_t>((now - begin) / 1s);
    if (index >= seconds.size()) return seconds;
    seconds[index] += units;
  }
}

TEST_CASE("host limits: requests per second are exact over 10 s, and no second has more than a tenth more") {
  for (const double rate : {1.0, 5.0, 10.0, 25.0, 200.0, 1000.0}) {
    CAPTURE(rate);
    ceilings limits;
    limits.requests_per_second = rate;
    host_limits state(limits);
    const auto seconds = taken(state.request_rate, 1);
    for (std::size_t from = 0; from + 10 <= seconds.size(); ++from) {
      double sum = 0;
      for (std::size_t i = from; i < from + 10; ++i) sum += seconds[i];
      CHECK(sum == doctest::Approx(10 * rate).epsilon(0.02));
    }
    for (const double each : seconds) CHECK(each <= rate * 1.1 + 1);
  }
}

TEST_CASE("host limits: bytes per second are exact over 10 s, and smooth") {
  for (const std::uint64_t rate : {1024U, 50'000U, 1'000'000U, 1'000'000'000U}) {
    CAPTURE(rate);
    ceilings limits;
    limits.bytes_per_second = rate;
    host_limits state(limits);
    CHECK(state.byte_piece >= 64);
    CHECK(state.byte_piece <= 64U * 1024);
    const auto piece = static_cast<double>(state.byte_piece);
    const auto seconds = taken(state.byte_rate, piece);
    double sum = 0;
    for (std::size_t i = 0; i < 10; ++i) sum += seconds[i];
    CHECK(sum == doctest::Approx(10.0 * static_cast<double>(rate)).epsilon(0.02));
    for (const double each : seconds) CHECK(each <= static_cast<double>(rate) * 1.03 + piece);
  }
}

TEST_CASE("host limits: at most 20 requests at once, whatever the rate") {
  ceilings limits;
  limits.requests_per_second = 5000;
  host_limits state(limits);
  const auto now = std::chrono::steady_clock::now();
  int at_once = 0;
  while (at_once < 1000 && state.request_rate.book(now) == 0s) ++at_once;
  CHECK(at_once == 20);
}

TEST_CASE("host limits: no limits unless asked for") {
  host_limits state(ceilings{});
  CHECK_FALSE(state.request_rate.limits());
  CHECK_FALSE(state.byte_rate.limits());
}

}  // namespace
}  // namespace pofetch::http
