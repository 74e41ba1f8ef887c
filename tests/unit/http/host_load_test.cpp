#include "http/host_load.hpp"

#include "simulated_host.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace pofetch::http {
namespace {

using test::simulated_host;
using namespace std::chrono_literals;

using nature = simulated_host::nature;
using log = std::vector<simulated_host::second>;

log live(unsigned top, std::chrono::seconds span, std::function<nature(simulated_host::duration)> what,
         bool adaptive = true) {
  host_load load(top, adaptive);
  simulated_host host(load, std::move(what));
  return host.run(span);
}

log live(unsigned top, std::chrono::seconds span, nature what, bool adaptive = true) {
  return live(
      top, span, [what](simulated_host::duration) { return what; }, adaptive);
}

double ok_per_second(const log& all, std::size_t from, std::size_t until) {
  double sum = 0;
  for (std::size_t i = from; i < until; ++i) sum += all[i].ok;
  return sum / static_cast<double>(until - from);
}

double refused_share(const log& all, std::size_t from) {
  double refused = 0;
  double ok = 0;
  for (std::size_t i = from; i < all.size(); ++i) {
    refused += all[i].refused;
    ok += all[i].ok;
  }
  return refused / (refused + ok);
}

}  // namespace

TEST_CASE("host load: a server without a limit gets the most from the first second to the last") {
  for (const unsigned top : {1U, 16U, 64U}) {
    CAPTURE(top);
    nature free;
    free.service = 50ms;
    const log all = live(top, 60s, free);
    for (const auto& each : all) CHECK(each.limit == top);
    CHECK(ok_per_second(all, 0, 60) == doctest::Approx(top / 0.055).epsilon(0.02));
  }
}

TEST_CASE("host load: a capacity is found, and costs no throughput") {
  for (const unsigned top : {16U, 32U, 64U})
    for (const auto service : {50ms, 300ms}) {
      CAPTURE(top);
      CAPTURE(service.count());
      nature twelve;
      twelve.capacity = 12;
      twelve.service = service;
      const log all = live(top, 90s, twelve);
      const double most = 12 / std::chrono::duration<double>(service).count();
      CHECK(ok_per_second(all, 0, 90) > 0.95 * most);
      CHECK(all.back().limit >= 12);
      CHECK(all.back().limit <= 18);
    }
}

TEST_CASE("host load: a rate is found: near the best in throughput, under 1 % refused after 10 s") {
  struct row {
    const char* name;
    unsigned top;
    std::chrono::milliseconds service;
    double burst;
  };
  for (const row& each : {row{"bucket", 16, 50ms, 20}, row{"bucket, slow", 16, 300ms, 20},
                          row{"bucket, capacity fits", 16, 600ms, 20}, row{"small bucket", 16, 50ms, 5},
                          row{"no bucket", 16, 50ms, 1}, row{"by the second", 16, 50ms, 0},
                          row{"by the second, slow", 16, 300ms, 0}, row{"many at once", 64, 50ms, 20},
                          row{"many, slow", 64, 600ms, 20}, row{"many, by the second", 64, 50ms, 0}}) {
    CAPTURE(std::string(each.name));
    nature limited;
    limited.capacity = 12;
    limited.service = each.service;
    limited.per_second = 20;
    limited.burst = each.burst;
    const log all = live(each.top, 120s, limited);
    CHECK(ok_per_second(all, 10, 120) > 18);
    CHECK(refused_share(all, 10) < 0.01);
  }
}

TEST_CASE("host load: without it the same server refuses many") {
  nature limited;
  limited.per_second = 20;
  CHECK(refused_share(live(16, 60s, limited, false), 10) > 0.2);
}

TEST_CASE("host load: after a brown-out everything is as before") {
  SUBCASE("slow: fewer in flight meanwhile") {
    const log all = live(16, 90s, [](simulated_host::duration since) {
      nature now;
      if (since > 20s && since < 40s) {
        now.capacity = 4;
        now.service = 200ms;
      }
      return now;
    });
    CHECK(all[39].limit < 10);
    CHECK(ok_per_second(all, 50, 90) > 0.98 * ok_per_second(all, 5, 20));
  }
  SUBCASE("503: one at a time meanwhile") {
    const log all = live(16, 90s, [](simulated_host::duration since) {
      nature now;
      now.overloaded = since > 20s && since < 40s;
      return now;
    });
    CHECK(all[39].limit <= 2);
    CHECK(ok_per_second(all, 52, 90) > 0.98 * ok_per_second(all, 5, 20));
  }
  SUBCASE("429: another pace meanwhile") {
    const log all = live(16, 130s, [](simulated_host::duration since) {
      nature now;
      now.per_second = since > 20s && since < 50s ? 2 : 100;
      now.burst = since > 20s && since < 50s ? 2 : 20;
      return now;
    });
    CHECK(ok_per_second(all, 40, 50) > 1.5);
    CHECK(ok_per_second(all, 100, 130) > 90);
  }
}

TEST_CASE("host load: turned off it learns nothing") {
  const log all = live(
      16, 30s,
      [](simulated_host::duration) {
        nature bad;
        bad.overloaded = true;
        return bad;
      },
      false);
  for (const auto& each : all) {
    CHECK(each.limit == 16);
    CHECK(each.pace == 0);
  }
}

TEST_CASE("host load: requests without an answer speak for less") {
  host_load load(16, true);
  const host_load::time_point now{1h};
  for (int i = 0; i < 40; ++i) load.tell_silence(now + i * 1s);
  CHECK(load.limit() < 4);
}

TEST_CASE("host load: lanes on several threads may tell at the same time") {
  host_load load(16, true);
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < 4; ++lane)
    lanes.emplace_back([&load, lane] {
      for (int i = 0; i < 5000; ++i) {
        host_load::answer heard;
        heard.sent = host_load::time_point{1h} + i * 1ms;
        heard.came = heard.sent + 50ms;
        heard.status = i % 1000 == lane ? 429 : 200;
        load.tell(heard);
        if (heard.status == 429) load.tell_refused(heard, heard.came + 1s);
        (void)load.book(heard.came);
        if (i % 10 == 0) load.tell_full();
      }
    });
  for (auto& each : lanes) each.join();
  CHECK(load.limit() == 16);
  CHECK(load.paced());
  CHECK(load.per_second() > 0);
}

}  // namespace pofetch::http
