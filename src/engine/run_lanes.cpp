#include "engine/run_lanes.hpp"

#include "async/cancellation.hpp"
#include "async/offload.hpp"
#include "async/retry.hpp"
#include "async/task_group.hpp"
#include "sources/api_orders.hpp"
#include "sources/api_probe.hpp"
#include "sources/coupa_api.hpp"
#include "sources/coupa_web.hpp"
#include "sources/manifest.hpp"
#include "sources/signed_transport.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
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

awaitable<result<void>> reach_instance(http::client& http, clock& time, std::string base_url,
                                       core::retry_options options) {
  core::retry_policy policy(options, 1);
  auto attempt = [&http, &base_url] { return http.reach(base_url); };
  auto ignore = [](const failure&, std::chrono::milliseconds) {};
  co_return co_await async::with_retries(time, policy, attempt, ignore);
}

/// Whether the question is answered decides nothing: an instance that is busy keeps its session, and what is
/// wrong with it the workers see for themselves.
awaitable<bool> has_expired(transport& http, std::string base_url) {
  auto state = co_await sources::probe_session(http, base_url);
  co_return state&&* state == sources::session_state::expired;
}

awaitable<> watch_session(transport& http, std::string base_url, processing_controller& controller) {
  const bool expired = co_await has_expired(http, base_url);
  if (expired) controller.request_stop(stop_reason::session_expired);
}

/// An API that is busy or ill for the moment is no failure.
awaitable<result<void>> probe_rest(transport& http, clock& time, sources::api_client_options options,
                                   progress& events) {
  sources::api_client api(http, time, std::move(options), events);
  auto state = co_await sources::probe_api(api);
  if (!state) co_return state.error();
  co_return result<void>();
}

/// Does the API still accept the sign-in, now that somebody was refused?
awaitable<result<sources::session_state>> ask_rest(transport& http, clock& time,
                                                   sources::api_client_options options, progress& events) {
  auto accepted = co_await probe_rest(http, time, std::move(options), events);
  if (accepted) co_return sources::session_state::alive;
  if (accepted.error().code == errc::session_expired) co_return sources::session_state::expired;
  co_return sources::session_state::unknown;
}

awaitable<result<run_lanes::order_page>> read_page(transport& http, clock& time,
                                                   sources::api_client_options options, progress& events,
                                                   std::string url, std::uint64_t offset) {
  sources::api_client api(http, time, std::move(options), events);
  const auto asked = time.wall();
  auto orders = co_await sources::read_orders(api, url, offset);
  if (!orders) co_return orders.error();
  run_lanes::order_page page;
  page.at = api.server_time().value_or(asked);
  page.orders = std::move(*orders);
  co_return page;
}

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
  const batch_options& options = what_.options;
  load_.emplace(what_.shared, what_.events);
  probes_ = what_.source == source_kind::web;
  auto fields = http::parse_header_lines(options.headers);
  if (!fields) return fields.error();
  if (what_.source == source_kind::api && !what_.api.by_token())
    fields->push_back({"X-COUPA-API-KEY", what_.api.api_key});
  unsigned first_worker = 0;
  std::size_t first_connection = 0;
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    auto one =
        std::make_unique<one_lane>(one_lane{async::asio_clock(contexts_[i].get_executor()), {}, {}, {}, {}});
    const std::size_t connections = share(options.pool.max_connections, contexts_.size(), i);
    http::client_config config =
        http::make_client_config(options.pool, options.network, options.base_url, *fields, connections);
    config.connections_before = std::exchange(first_connection, first_connection + connections);
    auto client = http::client::make(contexts_[i].get_executor(), std::move(config), what_.shared);
    if (!client) return client.error();
    one->http = std::move(*client);
    one->first_worker = first_worker;
    one->workers = share(options.pool.workers, contexts_.size(), i);
    first_worker += one->workers;
    lanes_.push_back(std::move(one));
    add_source(*lanes_.back(), i);
  }
  return {};
}

void run_lanes::add_source(one_lane& into, std::size_t index) {
  const pool_config& pool = what_.options.pool;
  if (what_.source == source_kind::manifest) {
    into.source = std::make_unique<sources::manifest>(ledger_thread(), what_.rows, what_.options.base_url);
    return;
  }
  if (what_.source == source_kind::api) return add_api(into, index);
  sources::coupa_web_options web;
  web.base_url = what_.options.base_url;
  web.retry = core::retry_options_of(pool);
  web.seed = index;
  web.max_page_size = pool.max_page_size;
  web.worker = into.first_worker;
  into.source = std::make_unique<sources::coupa_web>(*into.http, into.time, web, what_.events);
  add_keeper(into, [http = into.http.get(), base = what_.options.base_url] {
    return sources::probe_session(*http, base);
  });
}

void run_lanes::add_api(one_lane& into, std::size_t index) {
  if (what_.api.by_token())
    into.with_token =
        std::make_unique<sources::signed_transport>(*into.http, into.time, what_.token, what_.api.client,
                                                    core::retry_options_of(what_.options.pool), what_.events);
  into.source =
      std::make_unique<sources::coupa_api>(into.wire(), into.time, api_options(index), what_.events);
  add_keeper(into, [this, &into, index] {
    return ask_rest(into.wire(), into.time, api_options(index), what_.events);
  });
}

void run_lanes::add_keeper(one_lane& into, session_probe probe) {
  into.keeper = std::make_unique<session_watch>(session_watch_parts{
      into.time, storage_thread(), what_.sign_in, what_.options, what_.events, std::move(probe)});
}

sources::api_client_options run_lanes::api_options(std::size_t index) const {
  sources::api_client_options api;
  api.base_url = what_.options.base_url;
  api.retry = core::retry_options_of(what_.options.pool);
  api.seed = index;
  api.max_answer = what_.options.pool.max_page_size;
  api.worker = lanes_[index]->first_worker;
  return api;
}

std::vector<lane> run_lanes::lanes() {
  std::vector<lane> all;
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    all.push_back(lane{contexts_[i].get_executor(), lanes_[i]->wire(), *lanes_[i]->source, lanes_[i]->time,
                       lanes_[i]->first_worker, lanes_[i]->workers, lanes_[i]->keeper.get()});
  return all;
}

awaitable<result<void>> run_lanes::begin(core::retry_options options, bool one_at_a_time) {
  http::client& http = *lanes_[0]->http;
  auto reached = co_await reach_instance(http, lanes_[0]->time, what_.options.base_url, options);
  if (!reached || !one_at_a_time) co_return reached;
  probes_ = false;
  expired_ = co_await has_expired(http, what_.options.base_url);
  co_return reached;
}

/// Runs the coroutine on the first lane, by this thread.
template <class T>
result<T> run_lanes::block_on(awaitable<result<T>> work) {
  auto& context = contexts_[0];
  result<T> got = make_failure(errc::cancelled, "stopped before anything was started");
  auto ended = [&](std::exception_ptr thrown, result<T> outcome) {
    context.stop();
    if (!thrown)
      got = std::move(outcome);
    else if (!async::is_cancellation(thrown))
      got = make_failure(errc::internal, "a request ended unexpectedly; please report this");
  };
  asio::co_spawn(context, std::move(work), asio::bind_cancellation_slot(reach_stop_.slot(), ended));
  context.run();
  context.restart();
  return got;
}

result<void> run_lanes::check_api() {
  one_lane& first = *lanes_[0];
  sources::api_client_options api = api_options(0);
  api.retry.retries = std::min(api.retry.retries, reach_retries);
  return block_on(probe_rest(first.wire(), first.time, std::move(api), what_.events));
}

result<run_lanes::order_page> run_lanes::read_orders(const std::string& url, std::uint64_t offset) {
  one_lane& first = *lanes_[0];
  return block_on(read_page(first.wire(), first.time, api_options(0), what_.events, url, offset));
}

result<void> run_lanes::reach() {
  core::retry_options options = core::retry_options_of(what_.options.pool);
  options.retries = std::min(options.retries, reach_retries);
  return block_on(begin(options, probes_ && what_.options.pool.workers == 1));
}

void run_lanes::stop_reaching() {
  asio::post(contexts_[0], [this] { reach_stop_.emit(asio::cancellation_type::terminal); });
}

awaitable<> run_lanes::work(processing_controller& controller, sign_in_state& sign_in, std::size_t index) {
  async::task_group beside(contexts_[index].get_executor());
  // Without anything to do about it but to end, the sooner the better; else the workers find out.
  if (index == 0 && probes_ && what_.options.on_expiry == expiry_action::exit)
    beside.spawn(watch_session(*lanes_[0]->http, what_.options.base_url, controller));
  if (index == 0) beside.spawn(keep_cookies(lanes_[0]->time, storage_thread(), sign_in));
  if (index == 0) beside.spawn(load_->run(lanes_[0]->time));
  co_await controller.run_lane(index);
  beside.cancel();
  co_await beside.join();
  lanes_[index]->http->close();
}

void run_lanes::run(processing_controller& controller, sign_in_state& sign_in) {
  if (expired_ && what_.options.on_expiry == expiry_action::exit)
    return controller.request_stop(stop_reason::session_expired);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    auto& context = contexts_[i];
    auto ended = [&context](std::exception_ptr thrown) {
      // Timers of closed connections must not keep the thread.
      context.stop();
      if (thrown) std::rethrow_exception(thrown);
    };
    asio::co_spawn(context, work(controller, sign_in, i), std::move(ended));
  }
  contexts_.run();
}

}  // namespace pofetch::engine
