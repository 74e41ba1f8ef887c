#include "engine/batch/run_lanes.hpp"

#include "async/cancellation.hpp"
#include "async/offload.hpp"
#include "async/retry.hpp"
#include "async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <exception>
#include <future>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds cookie_period{10};
/// Tries of the first connection: a start must not hang for long on an address that is wrong.
constexpr unsigned reach_retries = 2;

/// Turns a round, among the batches at an instance.
unsigned weight_of(batch_priority priority) {
  switch (priority) {
    case batch_priority::low:
      return 1;
    case batch_priority::high:
      return 16;
    case batch_priority::normal:
      break;
  }
  return instance_lane::normal_weight;
}

/// The share of lane `index` when `total` is dealt out evenly.
unsigned share(unsigned total, std::size_t lanes, std::size_t index) {
  const auto count = static_cast<unsigned>(lanes);
  return total / count + (index < total % count ? 1U : 0U);
}

awaitable<> keep_cookies(clock& time, asio::any_io_executor disk, sign_in_state& sign_in) {
  for (;;) {
    co_await time.sleep_for(cookie_period);
    if (!sign_in.changed()) continue;
    // A failure shows at the end of the run, when it is saved for the last time.
    auto save = [&sign_in] { return sign_in.save(); };
    co_await async::offload(disk, save);
  }
}

awaitable<result<void>> reach_instance(instance_lane& lane, core::retry_options options) {
  core::retry_policy policy(options, 1);
  auto attempt = [&lane] { return lane.http().reach(lane.where().options.base_url); };
  auto ignore = [](const failure&, std::chrono::milliseconds) {};
  co_return co_await async::with_retries(lane.time(), policy, attempt, ignore);
}

/// Whether the question is answered decides nothing: an instance that is busy keeps its session, and what is
/// wrong with it the workers see for themselves.
awaitable<bool> has_expired(instance_lane& lane) {
  auto state = co_await lane.probe(0);
  co_return state&&* state == sources::session_state::expired;
}

awaitable<> watch_session(instance_lane& lane, pipeline::processing_controller& controller) {
  const bool expired = co_await has_expired(lane);
  if (expired) controller.request_stop(stop_reason::session_expired);
}

/// An instance that is busy or ill for the moment is no failure.
awaitable<result<void>> probe_first(instance_lane& lane, unsigned most_retries) {
  auto state = co_await lane.probe(most_retries);
  if (!state) co_return state.error();
  co_return result<void>();
}

}  // namespace

run_lanes::run_lanes(const parts& what) : what_(what) {}

result<std::unique_ptr<run_lanes>> run_lanes::make(const parts& what) {
  std::unique_ptr<run_lanes> made(new run_lanes(what));
  auto filled = made->fill();
  if (!filled) return filled.error();
  return made;
}

result<void> run_lanes::fill() {
  const std::size_t count = what_.executors.size();
  const std::size_t used = std::min<std::size_t>(count, what_.options.pool.workers);
  load_.emplace(*what_.where.limits, what_.events);
  probes_ = what_.where.driver().facts().by_session;
  instance_lane::guest self{what_.events, what_.options.pool, weight_of(what_.options.priority)};
  for (self.index = 0; self.index < used; ++self.index) {
    // All guests of an executor have the same connections there, so what they are is the instance's matter.
    self.part.connections = std::max(share(what_.where.options.pool.max_connections, count, self.index), 1U);
    auto stand = instance_lane::make(what_.executors[self.index], what_.where, self);
    if (!stand) return stand.error();
    auto one = std::make_unique<one_lane>();
    one->stand = std::move(*stand);
    one->first_worker = self.first_worker;
    one->workers = share(what_.options.pool.workers, used, self.index);
    const sources::driver_facts how = what_.where.driver().facts();
    if (how.by_session || how.by_credentials) add_keeper(*one);
    self.part.before += self.part.connections;
    self.first_worker += one->workers;
    lanes_.push_back(std::move(one));
  }
  return {};
}

void run_lanes::add_keeper(one_lane& into) {
  instance_lane& lane = *into.stand;
  into.keeper = std::make_unique<session_watch>(
      session_watch_parts{lane.time(), what_.disk, what_.where.sign_in, what_.options, what_.events,
                          [&lane] { return lane.driver().probe_again(lane.place()); }});
}

std::vector<pipeline::lane> run_lanes::lanes() {
  std::vector<pipeline::lane> all;
  for (const auto& each : lanes_)
    all.push_back({each->stand->executor(), each->stand->wire(), each->stand->source(), each->stand->time(),
                   each->first_worker, each->workers, each->keeper.get()});
  return all;
}

/// `reach_stop_` ends it, and nothing else does.
template <class T>
awaitable<result<T>> run_lanes::stoppable(awaitable<result<T>> work) {
  try {
    auto token = asio::bind_cancellation_slot(reach_stop_.slot(), asio::use_awaitable);
    auto got = co_await asio::co_spawn(what_.executors.front(), std::move(work), token);
    co_return got;
  } catch (const boost::system::system_error& ended) {
    if (async::is_cancellation(ended))
      co_return make_failure(errc::cancelled, "stopped before anything was started");
  } catch (const std::exception&) {
  }
  co_return make_failure(errc::internal, "a request ended unexpectedly; please report this");
}

awaitable<result<void>> run_lanes::begin(core::retry_options options, bool one_at_a_time) {
  instance_lane& first = *lanes_[0]->stand;
  auto reached = co_await reach_instance(first, options);
  if (!reached || !one_at_a_time) co_return reached;
  probes_ = false;
  expired_ = co_await has_expired(first);
  co_return reached;
}

awaitable<result<void>> run_lanes::check_sign_in() {
  auto accepted = co_await stoppable(probe_first(*lanes_[0]->stand, reach_retries));
  co_return accepted;
}

result<sources::order_page> run_lanes::read_orders(const std::string& url, std::uint64_t offset) {
  instance_lane& first = *lanes_[0]->stand;
  auto page = stoppable(first.driver().listing()->read(first.place(), url, offset));
  return asio::co_spawn(what_.executors.front(), std::move(page), asio::use_future).get();
}

awaitable<result<void>> run_lanes::reach() {
  core::retry_options options = core::retry_options_of(what_.options.pool);
  options.retries = std::min(options.retries, reach_retries);
  const bool one_at_a_time = probes_ && what_.options.pool.workers == 1;
  auto reached = co_await stoppable(begin(options, one_at_a_time));
  co_return reached;
}

void run_lanes::stop_reaching() {
  asio::post(what_.executors.front(), [this] { reach_stop_.emit(asio::cancellation_type::terminal); });
}

awaitable<> run_lanes::work(pipeline::processing_controller& controller, std::size_t index) {
  instance_lane& stand = *lanes_[index]->stand;
  async::task_group beside(stand.executor());
  // Without anything to do about it but to end, the sooner the better; else the workers find out.
  if (index == 0 && probes_ && what_.options.on_expiry == expiry_action::exit)
    beside.spawn(watch_session(stand, controller));
  if (index == 0) beside.spawn(keep_cookies(stand.time(), what_.disk, what_.where.sign_in));
  if (index == 0) beside.spawn(load_->run(stand.time()));
  co_await controller.run_lane(index);
  beside.cancel();
  co_await beside.join();
}

/// One coroutine on each executor; comes back, at home, when all have ended. Throws what one of them threw.
template <class Work>
awaitable<> run_lanes::on_every_lane(Work work) {
  const asio::any_io_executor home = what_.executors.front();
  asio::steady_timer all_ended(home, asio::steady_timer::time_point::max());
  std::size_t left = lanes_.size();
  std::exception_ptr first;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto ended = [&, home](std::exception_ptr thrown) {
      asio::post(home, [&, thrown] {
        if (thrown && !first) first = thrown;
        if (--left == 0) all_ended.cancel();
      });
    };
    asio::co_spawn(what_.executors[i], work(i), std::move(ended));
  }
  boost::system::error_code cancelled;
  auto token = asio::redirect_error(asio::use_awaitable, cancelled);
  if (left > 0) co_await all_ended.async_wait(token);
  if (first) std::rethrow_exception(first);
}

awaitable<> run_lanes::run(pipeline::processing_controller& controller) {
  if (expired_ && what_.options.on_expiry == expiry_action::exit) {
    controller.request_stop(stop_reason::session_expired);
    co_return;
  }
  auto work_on = [&](std::size_t index) { return work(controller, index); };
  co_await on_every_lane(work_on);
}

awaitable<> run_lanes::drain() {
  auto nothing = [](std::size_t) -> awaitable<> { co_return; };
  co_await on_every_lane(nothing);
}

awaitable<> run_lanes::close_one(std::size_t index) {
  lanes_[index]->stand->http().close();
  lanes_[index].reset();
  co_return;
}

awaitable<> run_lanes::close() {
  auto close_lane = [this](std::size_t index) { return close_one(index); };
  co_await on_every_lane(close_lane);
  lanes_.clear();
}

}  // namespace pofetch::engine
