#include "core/request_pace.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using pofetch::core::request_pace;
using namespace std::chrono_literals;

namespace {

using time_point = request_pace::time_point;
constexpr time_point begin{1h};

/// Has found 20 a second, and was refused last, with a pause of a second, at `begin + 60s`.
request_pace settled() {
  request_pace pace;
  std::uint64_t all = 0;
  // Seeks first, then is refused at some 20 a second.
  pace.refused(begin, begin - 1s, 20, begin + 1s);
  time_point now = begin + 1s;
  while (pace.per_second(now) < 20) now += 10ms;
  pace.refused(now, now - 50ms, all = 40, now + 1s);
  for (now += 1s; now < begin + 60s; now += 100ms) pace.accepted(now, all += 2);
  pace.refused(now, now - 50ms, all, now + 1s);
  return pace;
}

}  // namespace

TEST_CASE("request_pace: none until a request is refused") {
  request_pace pace;
  pace.accepted(begin, 1000);
  CHECK(pace.per_second(begin) == 0);
  CHECK(pace.per_second(begin + 1h) == 0);
}

TEST_CASE("request_pace: after the first refusal it begins low and doubles until the next") {
  request_pace pace;
  pace.refused(begin, begin - 1s, 20, begin + 1s);
  const double low = pace.per_second(begin + 1s);
  CHECK(low == doctest::Approx(12));
  CHECK(pace.per_second(begin) == low);
  CHECK(pace.per_second(begin + 2s) == doctest::Approx(2 * low));
  CHECK(pace.per_second(begin + 3s) == doctest::Approx(4 * low));
}

TEST_CASE("request_pace: nothing accepted at all still leaves a pace") {
  request_pace pace;
  pace.refused(begin, begin - 1s, 0, begin + 1s);
  CHECK(pace.per_second(begin + 1s) > 0.5);
}

TEST_CASE("request_pace: what was sent before a refusal does not count as another") {
  request_pace pace = settled();
  const double before = pace.per_second(begin + 61s);
  for (int i = 0; i < 20; ++i) pace.refused(begin + 60s + 200ms, begin + 60s - 10ms, 5000, begin + 62s);
  CHECK(pace.per_second(begin + 61s) == before);
}

TEST_CASE("request_pace: near its goal it steps down a little, is back in 20 s and only then goes beyond") {
  request_pace pace = settled();
  const double low = pace.per_second(begin + 61s);
  const double goal = low / 0.94;
  CHECK(goal == doctest::Approx(20).epsilon(0.05));
  double before = low;
  for (auto at = 61s; at < 81s; at += 1s) {
    const double now = pace.per_second(begin + at);
    CHECK(now >= before);
    CHECK(now <= goal);
    before = now;
  }
  CHECK(pace.per_second(begin + 81s) == doctest::Approx(goal).epsilon(0.001));
  CHECK(pace.per_second(begin + 91s) == doctest::Approx(goal).epsilon(0.01));
  CHECK(pace.per_second(begin + 101s) > 1.05 * goal);
}

TEST_CASE("request_pace: without a refusal it ends") {
  request_pace pace = settled();
  CHECK(pace.per_second(begin + 110s) > 40);
  CHECK(pace.per_second(begin + 300s) == 0);
}

TEST_CASE("request_pace: a refusal that comes at once cuts deeply") {
  request_pace pace = settled();
  const double before = pace.per_second(begin + 61s);
  pace.refused(begin + 61s + 100ms, begin + 61s + 50ms, 5000, begin + 62s);
  CHECK(pace.per_second(begin + 62s) < 0.75 * before);
}
