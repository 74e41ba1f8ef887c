#include "engine/doctor/ladder.hpp"

#include "async/task_group.hpp"
#include "core/setting_text.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace pofetch::engine {

namespace {

using std::chrono::microseconds;
using steady = std::chrono::steady_clock;

constexpr std::array<unsigned, 5> steps_at_once{1, 2, 4, 8, 16};
constexpr unsigned fewest_requests = 6;
constexpr unsigned fewest_each = 2;
/// A step that began later is not made.
constexpr std::chrono::seconds long_enough{10};
/// Of the best rate, for a step to count as good as the best.
constexpr double nearly = 0.9;
constexpr microseconds slow_answer{2'000'000};

struct measured {
  std::vector<microseconds> times;
  bool refused = false;
};

/// One after another, as often as is said.
awaitable<> ask(const ladder_request& request, const ladder_pace& pace, unsigned count, measured& into) {
  for (unsigned i = 0; i < count && !into.refused; ++i) {
    if (pace) co_await pace();
    const auto start = steady::now();
    auto answer = co_await request();
    into.times.push_back(std::chrono::duration_cast<microseconds>(steady::now() - start));
    if (!answer || !*answer) into.refused = true;
  }
}

awaitable<bool> ask_at_once(const ladder_request& request, const ladder_pace& pace, unsigned at_once,
                            unsigned each, measured& into) {
  auto executor = co_await boost::asio::this_coro::executor;
  async::task_group group(executor);
  for (unsigned i = 0; i < at_once; ++i) group.spawn(ask(request, pace, each, into));
  const bool whole = co_await group.join();
  co_return whole;
}

double rate_of(const rung& step) {
  const double seconds = std::max(std::chrono::duration<double>(step.wall).count(), 1e-6);
  return static_cast<double>(step.requests) / seconds;
}

double best_rate(std::span<const rung> steps) {
  double best = 0;
  for (const rung& step : steps)
    if (!step.refused) best = std::max(best, rate_of(step));
  return best;
}

bool is_held(double rate, double ceiling) { return ceiling > 0 && rate >= nearly * ceiling; }

std::string rates(std::span<const rung> steps) {
  std::string text = "answers per second:";
  for (const rung& step : steps)
    if (!step.refused) text += fmt::format(" {:.0f} with {},", rate_of(step), step.at_once);
  text.back() = ' ';
  return text.substr(0, text.size() - 1);
}

finding on_latency(const rung& alone) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(alone.median).count();
  finding latency{"latency",
                  finding_level::ok,
                  fmt::format("an answer takes {} ms, one request at a time", milliseconds),
                  {},
                  exit_state::ok};
  if (alone.median <= slow_answer) return latency;
  latency.level = finding_level::warn;
  latency.next_step = "try again at a quieter hour; a batch goes on where it stopped";
  return latency;
}

}  // namespace

awaitable<std::vector<rung>> climb(ladder_request request, ladder_pace pace, unsigned most) {
  std::vector<rung> made;
  const auto begun = steady::now();
  for (const unsigned at_once : steps_at_once) {
    if (at_once > most || steady::now() - begun > long_enough) break;
    rung step;
    step.at_once = at_once;
    // The first request of each is not counted: it opens the connection.
    measured opening;
    measured counted;
    bool whole = co_await ask_at_once(request, pace, at_once, 1, opening);
    const unsigned each = std::max(fewest_each, fewest_requests / at_once);
    const auto start = steady::now();
    if (whole && !opening.refused) whole = co_await ask_at_once(request, pace, at_once, each, counted);
    step.wall = std::chrono::duration_cast<microseconds>(steady::now() - start);
    step.refused = opening.refused || counted.refused || !whole;
    step.requests = static_cast<unsigned>(counted.times.size());
    std::sort(counted.times.begin(), counted.times.end());
    if (!counted.times.empty()) step.median = counted.times[counted.times.size() / 2];
    made.push_back(step);
    if (step.refused) break;
  }
  co_return made;
}

std::optional<ladder_advice> advise(std::span<const rung> steps, double ceiling) {
  const double best = best_rate(steps);
  if (is_held(best, ceiling)) return std::nullopt;
  for (const rung& step : steps) {
    if (step.refused || rate_of(step) < nearly * best) continue;
    // A worker keeps two connections busy: it finds attachments while others are fetched.
    return ladder_advice{std::max(1U, step.at_once / 2), step.at_once};
  }
  return std::nullopt;
}

std::vector<finding> on_ladder(std::span<const rung> steps, const pool_config& pool, double ceiling) {
  if (steps.empty() || steps.front().refused)
    return {{"latency", finding_level::warn,
             "the instance answered no row of questions, so nothing was measured",
             "try again when it is less busy", exit_state::ok}};
  finding parallel{"parallel", finding_level::ok, rates(steps), {}, exit_state::ok};
  const auto best = advise(steps, ceiling);
  if (steps.back().refused) {
    parallel.level = finding_level::warn;
    parallel.text += fmt::format("; with {} the instance refused or took too long", steps.back().at_once);
    if (best)
      parallel.next_step =
          core::sentence("use @workers {} @max_connections {}", best->workers, best->max_connections);
    if (ceiling > 0)
      parallel.next_step +=
          core::sentence("{} @requests_per_second below {:g}", best ? ", and" : "use", ceiling);
  } else if (!best) {
    parallel.text += fmt::format("; the ceiling of {:g} requests a second is what holds it", ceiling);
  } else if (pool.max_connections > best->max_connections) {
    parallel.text += "; more bring nothing";
    parallel.next_step =
        core::sentence("use @workers {} @max_connections {}", best->workers, best->max_connections);
  } else {
    parallel.text += core::sentence("; @max_connections {} is right", pool.max_connections);
  }
  return {on_latency(steps.front()), std::move(parallel)};
}

}  // namespace pofetch::engine
