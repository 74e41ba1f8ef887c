#include "async/call_within.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace pofetch;
using namespace std::chrono_literals;

namespace {

bool never() { return false; }

}  // namespace

TEST_CASE("call_within: what the call returns or throws comes back, from another thread") {
  std::thread::id inside;
  const auto value = async::call_within(1h, never, [&inside] {
    inside = std::this_thread::get_id();
    return std::make_unique<std::string>("from elsewhere");
  });
  REQUIRE(value.has_value());
  CHECK(**value == "from elsewhere");
  CHECK(inside != std::this_thread::get_id());
  const auto throws = []() -> int { throw std::runtime_error("a bug"); };
  CHECK_THROWS_AS(static_cast<void>(async::call_within(1h, never, throws)), std::runtime_error);
}

TEST_CASE("call_within: a call that hangs is left behind after the limit or a stop, with what it owns") {
  for (const bool by_stop : {false, true}) {
    CAPTURE(by_stop);
    std::promise<void> goes_on;
    std::promise<std::string> seen;
    auto ended = seen.get_future();
    auto work = [wait = goes_on.get_future(), owned = std::make_unique<std::string>("still here"),
                 seen = std::move(seen)]() mutable {
      wait.wait();
      seen.set_value(*owned);
      return 1;
    };
    const auto value = async::call_within(
        by_stop ? 1h : 1ms, [by_stop] { return by_stop; }, std::move(work));
    CHECK_FALSE(value.has_value());
    goes_on.set_value();
    CHECK(ended.get() == "still here");
  }
}
