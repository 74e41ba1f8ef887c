#include "engine/run_lanes.hpp"

#include "async/block_on.hpp"
#include "async/offload.hpp"
#include "async/retry.hpp"
#include "async/task_group.hpp"
#include "sources/api_client.hpp"
#include "sources/api_orders.hpp"
#include "sources/manifest.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds cookie_period{10};
/// Tries of the first connection: a start must not hang for long on an address that is wrong.
constexpr unsigned reach_retries = 2;

/// No more lanes than there are workers or connections to share out.
std::size_t lane_count(const pool_config& config) {
  return std::max(1U, std::min({effective_io_threads(config), config.workers, config.max_connections}));
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

/// An API that is busy or ill for the moment is no failure.
awaitable<result<void>> probe_rest(instance_lane& lane, unsigned most_retries) {
  auto state = co_await lane.probe(most_retries);
  if (!state) co_return state.error();
  co_return result<void>();
}

/// Does the instance still accept the sign-in, now that somebody was refused?
awaitable<result<sources::session_state>> ask_again(instance_lane& lane) {
  auto state = co_await lane.probe(lane.where().options.pool.retries);
  if (lane.where().source != source_kind::api) co_return state;
  if (state) co_return sources::session_state::alive;
  if (state.error().code == errc::session_expired) co_return sources::session_state::expired;
  co_return sources::session_state::unknown;
}

awaitable<result<run_lanes::order_page>> read_page(instance_lane& lane, std::string url,
                                                   std::uint64_t offset) {
  const instance& where = lane.where();
  sources::api_client api(lane.wire(), lane.time(), lane.api_options(where.options.pool.retries),
                          where.events);
  const auto asked = lane.time().wall();
  auto orders = co_await sources::read_orders(api, url, offset);
  if (!orders) co_return orders.error();
  run_lanes::order_page page;
  page.at = api.server_time().value_or(asked);
  page.orders = std::move(*orders);
  co_return page;
}

failure not_started() { return make_failure(errc::cancelled, "stopped before anything was started"); }

}  // namespace

run_lanes::run_lanes(const parts& what) : what_(what), contexts_(lane_count(what.options.pool)) {}

run_lanes::~run_lanes() {
  ledger_.join();
  storage_.join();
}

result<std::unique_ptr<run_lanes>> run_lanes::make(const parts& what) {
  std::unique_ptr<run_lanes> made;
  try {
    made.reset(new run_lanes(what));
  } catch (const boost::system::system_error& refused) {
    return make_failure(
        errc::disk, fmt::format("this machine does not let the work begin: {}; raise the limit of open files "
                                "(ulimit -n) or stop other programs, then run the same command again",
                                refused.code().message()));
  }
  auto filled = made->fill();
  if (!filled) return filled.error();
  return made;
}

result<void> run_lanes::fill() {
  const pool_config& pool = what_.options.pool;
  load_.emplace(what_.where.shared, what_.where.events);
  probes_ = what_.where.source == source_kind::web;
  instance_lane::share part;
  for (part.index = 0; part.index < contexts_.size(); ++part.index) {
    part.connections = share(pool.max_connections, contexts_.size(), part.index);
    auto stand = instance_lane::make(contexts_[part.index].get_executor(), what_.where, part);
    if (!stand) return stand.error();
    auto one = std::make_unique<one_lane>();
    one->stand = std::move(*stand);
    one->first_worker = part.first_worker;
    one->workers = share(pool.workers, contexts_.size(), part.index);
    if (one->stand->source() == nullptr)
      one->manifest =
          std::make_unique<sources::manifest>(ledger_thread(), what_.rows, what_.options.base_url);
    else if (what_.where.source != source_kind::own)  // nobody knows how to ask it whether the sign-in holds
      add_keeper(*one);
    part.connections_before += part.connections;
    part.first_worker += one->workers;
    lanes_.push_back(std::move(one));
  }
  return {};
}

void run_lanes::add_keeper(one_lane& into) {
  instance_lane& lane = *into.stand;
  into.keeper = std::make_unique<session_watch>(
      session_watch_parts{lane.time(), storage_thread(), what_.where.sign_in, what_.options,
                          what_.where.events, [&lane] { return ask_again(lane); }});
}

std::vector<pipeline::lane> run_lanes::lanes() {
  std::vector<pipeline::lane> all;
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    all.push_back({contexts_[i].get_executor(), lanes_[i]->stand->wire(), lanes_[i]->source(),
                   lanes_[i]->stand->time(), lanes_[i]->first_worker, lanes_[i]->workers,
                   lanes_[i]->keeper.get()});
  return all;
}

awaitable<result<void>> run_lanes::begin(core::retry_options options, bool one_at_a_time) {
  instance_lane& first = *lanes_[0]->stand;
  auto reached = co_await reach_instance(first, options);
  if (!reached || !one_at_a_time) co_return reached;
  probes_ = false;
  expired_ = co_await has_expired(first);
  co_return reached;
}

result<void> run_lanes::check_api() {
  return async::block_on(contexts_[0], probe_rest(*lanes_[0]->stand, reach_retries), reach_stop_.slot(),
                         not_started());
}

result<run_lanes::order_page> run_lanes::read_orders(const std::string& url, std::uint64_t offset) {
  return async::block_on(contexts_[0], read_page(*lanes_[0]->stand, url, offset), reach_stop_.slot(),
                         not_started());
}

result<void> run_lanes::reach() {
  core::retry_options options = core::retry_options_of(what_.options.pool);
  options.retries = std::min(options.retries, reach_retries);
  const bool one_at_a_time = probes_ && what_.options.pool.workers == 1;
  return async::block_on(contexts_[0], begin(options, one_at_a_time), reach_stop_.slot(), not_started());
}

void run_lanes::stop_reaching() {
  asio::post(contexts_[0], [this] { reach_stop_.emit(asio::cancellation_type::terminal); });
}

awaitable<> run_lanes::work(pipeline::processing_controller& controller, std::size_t index) {
  async::task_group beside(contexts_[index].get_executor());
  instance_lane& stand = *lanes_[index]->stand;
  // Without anything to do about it but to end, the sooner the better; else the workers find out.
  if (index == 0 && probes_ && what_.options.on_expiry == expiry_action::exit)
    beside.spawn(watch_session(stand, controller));
  if (index == 0) beside.spawn(keep_cookies(stand.time(), storage_thread(), what_.where.sign_in));
  if (index == 0) beside.spawn(load_->run(stand.time()));
  co_await controller.run_lane(index);
  beside.cancel();
  co_await beside.join();
  stand.http().close();
}

void run_lanes::run(pipeline::processing_controller& controller) {
  if (expired_ && what_.options.on_expiry == expiry_action::exit)
    return controller.request_stop(stop_reason::session_expired);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& context = contexts_[i];
    auto ended = [&context](std::exception_ptr thrown) {
      // Timers of closed connections must not keep the thread.
      context.stop();
      if (thrown) std::rethrow_exception(thrown);
    };
    asio::co_spawn(context, work(controller, i), std::move(ended));
  }
  contexts_.run();
}

}  // namespace pofetch::engine
