#include "pipeline/worker_manager.hpp"

#include "async/semaphore.hpp"
#include "async/task_group.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/committer.hpp"
#include "pipeline/feed.hpp"
#include "pipeline/worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace pofetch::pipeline {

namespace {

awaitable<> abandon_later(clock& time, std::chrono::milliseconds grace, async::task_group& workers) {
  co_await time.sleep_for(grace);
  workers.cancel();
}

/// What the system lends is dealt out as the workers are.
std::size_t share_of_bodies(const lane& where, const shared_parts& parts, const pool_config& config) {
  return std::max<std::size_t>(parts.files.most_bodies() * where.workers / std::max(config.workers, 1U), 1);
}

/// As many as there may be connections: what is fetched without being recorded is no more than that.
std::size_t share_of_files(const lane& where, const pool_config& config) {
  return std::max(config.max_connections * where.workers / std::max(config.workers, 1U), 1U);
}

}  // namespace

struct worker_manager::state {
  const lane& where;
  const shared_parts& parts;
  const pool_config& config;
  stop_function stop;
  bool stopping = false;
  bool running = false;
  feed next;
  committer done;
  std::shared_ptr<async::event> gate_opened;
  async::semaphore in_flight;
  worker_parts for_workers;
  std::vector<std::unique_ptr<worker>> workers;
  // Groups last: joined before anything that their children use goes away.
  async::task_group working;
  async::task_group committing;
  async::task_group waiting;

  state(const lane& w, const shared_parts& p, const pool_config& c, circuit_breaker& breaker,
        session_gate& gate, bool discover_only, stop_function s)
      : where(w),
        parts(p),
        config(c),
        stop(std::move(s)),
        next(w, p, std::max(w.workers / 2, 1U), stopping),
        done(w, p, discover_only, share_of_bodies(w, p, c), stop),
        gate_opened(gate.enter(w.executor)),
        in_flight(w.executor, share_of_files(w, c)),
        for_workers{w,
                    p,
                    c,
                    breaker,
                    next,
                    done,
                    gate,
                    *gate_opened,
                    in_flight,
                    discover_only,
                    c.workers > 1,
                    stopping,
                    stop},
        working(w.executor),
        committing(w.executor),
        waiting(w.executor) {
    for (unsigned i = 0; i < w.workers; ++i)
      workers.push_back(std::make_unique<worker>(for_workers, w.first_worker + i));
  }
};

worker_manager::worker_manager(const lane& where, const shared_parts& parts, const pool_config& config,
                               circuit_breaker& breaker, session_gate& gate, bool discover_only,
                               stop_function stop)
    : state_(std::make_unique<state>(where, parts, config, breaker, gate, discover_only, std::move(stop))) {}

worker_manager::~worker_manager() = default;

awaitable<> worker_manager::run() {
  state& s = *state_;
  s.running = true;
  s.committing.spawn(s.done.run());
  for (auto& worker : s.workers) s.working.spawn(worker->run());
  std::exception_ptr bug;
  try {
    co_await s.working.join();
  } catch (...) {
    bug = std::current_exception();
  }
  s.running = false;
  s.waiting.cancel();
  co_await s.waiting.join();
  co_await s.next.give_back();
  s.done.close();
  co_await s.committing.join();
  if (bug) std::rethrow_exception(bug);
}

void worker_manager::stop(std::chrono::milliseconds grace) {
  state& s = *state_;
  s.stopping = true;
  s.gate_opened->notify_all();
  if (!s.running) return;
  // Others need not wait for what is not begun.
  if (s.parts.records.lease_time()) s.committing.spawn(s.next.give_back());
  if (grace.count() <= 0)
    s.working.cancel();
  else
    s.waiting.spawn(abandon_later(s.where.time, grace, s.working));
}

}  // namespace pofetch::pipeline
