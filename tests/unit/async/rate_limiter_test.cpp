#include "async/rate_limiter.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using pofetch::async::rate_limiter;
using namespace std::chrono_literals;

TEST_CASE("rate_limiter: no limit, no wait") {
  rate_limiter limiter(0, 1);
  const rate_limiter::time_point now{};
  CHECK_FALSE(limiter.limits());
  for (int i = 0; i < 100; ++i) CHECK(limiter.book(now + 1h).count() == 0);
}

TEST_CASE("rate_limiter: 25 a second with a burst of 20, then one every 40 ms") {
  rate_limiter limiter(25, 20);
  const rate_limiter::time_point now = rate_limiter::time_point{} + 1h;
  for (int i = 0; i < 20; ++i) CHECK(limiter.book(now).count() == 0);
  CHECK(limiter.book(now) == 40ms);
  CHECK(limiter.book(now) == 80ms);
  CHECK(limiter.book(now + 10s).count() == 0);
}

TEST_CASE("rate_limiter: a pause earns no more than the burst") {
  rate_limiter limiter(10, 2);
  const rate_limiter::time_point now = rate_limiter::time_point{} + 10h;
  CHECK(limiter.book(now).count() == 0);
  CHECK(limiter.book(now).count() == 0);
  CHECK(limiter.book(now) == 100ms);
}

TEST_CASE("rate_limiter: bookings of several threads add up exactly") {
  rate_limiter limiter(1000, 1);
  const rate_limiter::time_point now = rate_limiter::time_point{} + 1h;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) (void)limiter.book(now);
    });
  for (auto& thread : threads) thread.join();
  CHECK(limiter.book(now) == 4000ms);
}

TEST_CASE("rate_limiter: another rate counts from now on, what is booked stays booked") {
  rate_limiter limiter(0, 1);
  const rate_limiter::time_point now = rate_limiter::time_point{} + 1h;
  CHECK(limiter.book(now).count() == 0);
  limiter.change(10, 1);
  CHECK(limiter.per_second() == doctest::Approx(10));
  CHECK(limiter.book(now).count() == 0);
  CHECK(limiter.book(now) == 100ms);
  limiter.change(100, 1);
  CHECK(limiter.book(now) == 200ms);
  CHECK(limiter.book(now) == 210ms);
  limiter.change(0, 1);
  CHECK_FALSE(limiter.limits());
  CHECK(limiter.book(now).count() == 0);
}
