#include "engine/doctor/ladder.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::engine;
using std::chrono::microseconds;

namespace {

/// Steps at 1, 2, 4, ... with these rates per second.
std::vector<rung> steps_with(const std::vector<unsigned>& rates) {
  std::vector<rung> all;
  unsigned at_once = 1;
  for (const unsigned rate : rates) {
    all.push_back({at_once, rate, microseconds{1'000'000}, microseconds{50'000}, rate == 0});
    at_once *= 2;
  }
  return all;
}

constexpr std::chrono::milliseconds an_answer{50};

using pofetch::test::has;

struct counted {
  unsigned all = 0;
  unsigned now = 0;
  unsigned peak = 0;
  unsigned refuse_beyond = 1'000;

  awaitable<result<bool>> ask(test::fake_clock& time) {
    ++all;
    peak = std::max(peak, ++now);
    const bool refused = now > refuse_beyond;
    co_await time.sleep_for(an_answer);
    --now;
    co_return !refused;
  }
};

/// The ladder measures by the real clock, so that some of it has to pass.
constexpr std::chrono::milliseconds real_wait{20};

awaitable<result<bool>> answered() { co_return true; }

awaitable<> waited(unsigned /*number*/) {
  const auto until = std::chrono::steady_clock::now() + real_wait;
  while (std::chrono::steady_clock::now() < until) {
  }
  co_return;
}

std::vector<rung> climbed(counted& site, unsigned most) {
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  ladder_request request = [&] { return site.ask(time); };
  return test::run_coro(context, time, climb(std::move(request), {}, most));
}

}  // namespace

TEST_CASE("ladder: it advises the lowest step that is nearly as good as the best") {
  struct row {
    std::vector<unsigned> rates;
    unsigned workers;
    unsigned connections;
  };
  const row rows[] = {
      {{20, 40, 80, 160, 320}, 8, 16},
      {{20, 40, 80, 82, 81}, 2, 4},
      {{20, 20, 20, 20, 20}, 1, 1},
      {{20, 40, 60, 0}, 2, 4},
      {{100}, 1, 1},
      {{20, 36, 39, 30, 10}, 1, 2},
  };
  for (const row& each : rows) {
    const auto steps = steps_with(each.rates);
    const auto best = advise(steps, 0);
    REQUIRE(best.has_value());
    CHECK(best->workers == each.workers);
    CHECK(best->max_connections == each.connections);
  }
  CHECK_FALSE(advise({}, 0).has_value());
  CHECK_FALSE(advise(steps_with({0}), 0).has_value());
}

TEST_CASE("ladder: what is said of it") {
  pool_config pool;
  auto said = on_ladder(steps_with({20, 40, 80, 160, 320}), pool, 0);
  REQUIRE(said.size() == 2);
  CHECK(has(said[0].text, "50 ms"));
  CHECK(said[1].level == finding_level::ok);
  CHECK(said[1].text ==
        "answers per second: 20 with 1, 40 with 2, 80 with 4, 160 with 8, 320 with 16; "
        "max_connections 16 is right");
  said = on_ladder(steps_with({20, 40, 80, 81, 81}), pool, 0);
  CHECK(has(said[1].text, "more bring nothing"));
  CHECK(said[1].next_step == "use workers 2 max_connections 4");
  said = on_ladder(steps_with({20, 40, 80, 0}), pool, 0);
  CHECK(said[1].level == finding_level::warn);
  CHECK(has(said[1].text, "with 8 the instance refused or took too long"));
  CHECK(said[1].next_step == "use workers 2 max_connections 4");
  said = on_ladder(steps_with({0}), pool, 0);
  REQUIRE(said.size() == 1);
  CHECK(said[0].level == finding_level::warn);
  auto slow = steps_with({1});
  slow[0].median = microseconds{3'000'000};
  CHECK(on_ladder(slow, pool, 0)[0].level == finding_level::warn);
}

TEST_CASE("ladder: what a ceiling on requests a second holds is no word on connections") {
  pool_config pool;
  const auto held = steps_with({18, 25, 25, 25, 25});
  CHECK_FALSE(advise(held, 24.9).has_value());
  CHECK(advise(held, 50).has_value());
  auto said = on_ladder(held, pool, 24.9);
  REQUIRE(said.size() == 2);
  CHECK(said[1].level == finding_level::ok);
  CHECK(has(said[1].text, "the ceiling of 24.9 requests a second is what holds it"));
  CHECK(said[1].next_step == "");
  said = on_ladder(steps_with({20, 24, 0}), pool, 24.9);
  CHECK(said[1].level == finding_level::warn);
  CHECK(said[1].next_step == "use requests_per_second below 24.9");
  said = on_ladder(steps_with({10, 12, 0}), pool, 24.9);
  CHECK(said[1].next_step == "use workers 1 max_connections 2, and requests_per_second below 24.9");
}

TEST_CASE("ladder: what the pace makes a request wait is none of its time") {
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  unsigned asked = 0;
  unsigned paced = 0;
  ladder_request request = [&] {
    CHECK(++asked == paced);
    return answered();
  };
  ladder_pace pace = [&] { return waited(++paced); };
  const auto steps = test::run_coro(context, time, climb(std::move(request), std::move(pace), 1));
  REQUIRE(steps.size() == 1);
  CHECK(paced == 7);
  CHECK(steps[0].median < real_wait);
  CHECK(steps[0].wall >= 5 * real_wait);
}

TEST_CASE("ladder: it climbs as far as it may, about a hundred requests, and not past a refusal") {
  counted site;
  auto steps = climbed(site, 16);
  REQUIRE(steps.size() == 5);
  CHECK(site.peak == 16);
  CHECK(site.all <= 110);
  CHECK(steps[0].requests == 6);
  counted small;
  CHECK(climbed(small, 4).size() == 3);
  CHECK(small.peak == 4);
  counted strict;
  strict.refuse_beyond = 2;
  steps = climbed(strict, 16);
  REQUIRE(steps.size() == 3);
  CHECK(steps[2].refused);
  CHECK(strict.peak == 4);
}
