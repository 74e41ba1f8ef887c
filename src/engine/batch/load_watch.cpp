#include "engine/batch/load_watch.hpp"

#include <cmath>
#include <utility>

namespace pofetch::engine {

namespace {

constexpr std::chrono::seconds period{1};
/// A pace that changes by less is no news.
constexpr double news = 0.1;

bool differ(const http::spared_host& before, const http::spared_host& now) {
  const bool pace = (before.per_second == 0) != (now.per_second == 0) ||
                    std::abs(now.per_second - before.per_second) > news * before.per_second;
  return pace || before.in_flight != now.in_flight || (before.pause.count() == 0 && now.pause.count() > 0);
}

event::throttled event_of(const http::spared_host& host) {
  return {host.host, host.in_flight, host.most, host.per_second, host.pause};
}

}  // namespace

awaitable<> load_watch::run(clock& time) {
  for (;;) {
    co_await time.sleep_for(period);
    look(time.now());
  }
}

void load_watch::look(std::chrono::steady_clock::time_point now) {
  std::map<std::string, http::spared_host> left = std::move(told_);
  told_.clear();
  for (http::spared_host& host : limits_.spared(now)) {
    const auto before = left.find(host.host);
    const bool known = before != left.end();
    if (!known || differ(before->second, host)) {
      events_.on(event_of(host));
    } else {
      // What was told last is what later changes are measured by.
      const auto pause = std::exchange(host, before->second).pause;
      host.pause = pause;
    }
    if (known) left.erase(before);
    std::string name = host.host;
    told_.emplace(std::move(name), std::move(host));
  }
  for (const auto& [name, host] : left) events_.on(event::throttled{name, host.most, host.most, 0, {}});
}

}  // namespace pofetch::engine
