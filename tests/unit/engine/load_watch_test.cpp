#include "engine/batch/load_watch.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::engine;
using namespace std::chrono_literals;

namespace {

class load_listener final : public progress {
 public:
  std::vector<std::string> told;
  void on(const progress_event& event) override {
    const auto& now = std::get<event::throttled>(event);
    told.push_back(fmt::format("{} {}/{} {:.0f}/s {} ms{}", now.host, now.in_flight, now.most, now.per_second,
                               now.pause.count(), now.over() ? " over" : ""));
  }
};

}  // namespace

TEST_CASE("load watch: tells the beginning, what changes, and the end") {
  http::host_limits limits(http::ceilings{.max_connections = 16, .adaptive = true});
  load_listener events;
  load_watch watch(limits, events);
  const std::chrono::steady_clock::time_point now{1h};
  http::host_load& load = limits.load_of("slow.com");
  watch.look(now);
  CHECK(events.told.empty());

  load.pause.hold_until(now + 5s);
  watch.look(now + 1s);
  watch.look(now + 2s);
  CHECK(events.told == std::vector<std::string>{"slow.com 16/16 0/s 4000 ms"});
  watch.look(now + 6s);
  CHECK(events.told.back() == "slow.com 16/16 0/s 0 ms over");

  http::host_load::answer refused;
  refused.status = 429;
  refused.sent = now + 7s;
  refused.came = now + 8s;
  load.tell_refused(refused, now + 8s);
  watch.look(now + 9s);
  REQUIRE(events.told.size() == 3);
  CHECK(events.told.back() == "slow.com 16/16 2/s 0 ms");
  watch.look(now + 10s);
  CHECK(events.told.size() == 3);

  for (int i = 0; i < 4; ++i) load.tell_silence(now + 11s + i * 1s);
  watch.look(now + 15s);
  REQUIRE(events.told.size() == 4);
  CHECK(events.told.back().find("slow.com 11/16") == 0);
}
