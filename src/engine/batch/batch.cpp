#include "async/graceful.hpp"
#include "async/io_context_pool.hpp"
#include "engine/batch/batch_run.hpp"
#include "engine/instance/handles.hpp"

#include <pofetch/batch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace pofetch {

namespace asio = boost::asio;

namespace {

/// No more lanes than there are workers or connections to share out.
std::size_t lane_count(const pool_config& config) {
  return std::max(1U, std::min({effective_io_threads(config), config.workers, config.max_connections}));
}

batch_place place_on(async::io_context_pool& contexts) {
  batch_place place;
  for (std::size_t i = 0; i < contexts.size(); ++i) place.lanes.push_back(contexts[i].get_executor());
  return place;
}

/// `begin` makes the work for a place.
template <class Begin>
batch_result on_own_threads(const pool_config& pool, Begin begin) {
  std::optional<async::io_context_pool> contexts;
  try {
    contexts.emplace(lane_count(pool));
  } catch (const boost::system::system_error& refused) {
    batch_result done;
    done.state = exit_state::machine;
    done.error = engine::cannot_begin(refused);
    return done;
  }
  batch_result done;
  std::exception_ptr thrown;
  auto ended = [&](std::exception_ptr why, batch_result what) {
    thrown = std::move(why);
    done = std::move(what);
    contexts->stop();
  };
  asio::co_spawn((*contexts)[0], begin(place_on(*contexts)), std::move(ended));
  contexts->run();
  if (thrown) std::rethrow_exception(thrown);
  return done;
}

}  // namespace

struct batch::state {
  state(batch_options how, progress& events, std::shared_ptr<session::state> host, batch_place where)
      : options(std::move(how)), place(std::move(where)), guest_of(std::move(host)) {
    run.emplace(options, events, guest_of ? &guest_of->where : nullptr);
  }

  /// Where `place` leaves it open, on the executor that awaits.
  template <class Begin>
  awaitable<batch_result> run_at_place(Begin begin) {
    const asio::any_io_executor here = co_await asio::this_coro::executor;
    if (place.lanes.empty()) place.lanes.push_back(here);
    const asio::any_io_executor home = place.lanes.front();
    auto stop = [this] { run->request_stop(stop_reason::interrupted); };
    auto done = co_await async::run_gracefully<batch_result>(home, begin(place), std::move(stop));
    co_return done;
  }

  const batch_options options;
  batch_place place;
  std::shared_ptr<session::state> guest_of;
  std::optional<engine::batch_run> run;
};

batch::batch(batch_options options, progress& events, batch_place place)
    : state_(new state(std::move(options), events, nullptr, std::move(place))) {}

batch::batch(batch_options options, progress& events, const session& where, batch_place place)
    : state_(new state(std::move(options), events, where.shared(), std::move(place))) {}

batch::~batch() = default;

batch_result batch::run() {
  return on_own_threads(state_->options.pool,
                        [this](batch_place place) { return state_->run->fetch(std::move(place)); });
}

batch_result batch::plan(row_visitor visit) {
  return on_own_threads(state_->options.pool, [this, &visit](batch_place place) {
    return state_->run->plan(std::move(place), std::move(visit));
  });
}

awaitable<batch_result> batch::async_run() {
  return state_->run_at_place([this](batch_place place) { return state_->run->fetch(std::move(place)); });
}

awaitable<batch_result> batch::async_plan(row_visitor visit) {
  return state_->run_at_place([this, visit = std::move(visit)](batch_place place) mutable {
    return state_->run->plan(std::move(place), std::move(visit));
  });
}

void batch::request_stop(stop_reason reason) { state_->run->request_stop(reason); }

void batch::request_stop(stop_reason reason, std::chrono::milliseconds grace) {
  state_->run->request_stop(reason, grace);
}

}  // namespace pofetch
