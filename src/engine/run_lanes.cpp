#include "engine/run_lanes.hpp"

#include "async/cancellation.hpp"
#include "async/offload.hpp"
#include "async/retry.hpp"
#include "async/task_group.hpp"
#include "sources/coupa_web.hpp"
#include "sources/manifest.hpp"

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

}  // namespace

run_lanes::run_lanes(const pool_config& config) : contexts_(lane_count(config)) {}

run_lanes::~run_lanes() {
  ledger_.join();
  storage_.join();
}

result<std::unique_ptr<run_lanes>> run_lanes::make(const batch_options& options, source_kind source,
                                                   http::shared_state& shared, sign_in_state& sign_in,
                                                   sources::manifest_rows& rows, progress& events) {
  std::unique_ptr<run_lanes> made;
  try {
    made.reset(new run_lanes(options.pool));
  } catch (const boost::system::system_error& refused) {
    return make_failure(
        errc::disk, fmt::format("this machine does not let the work begin: {}; raise the limit of open files "
                                "(ulimit -n) or stop other programs, then run the same command again",
                                refused.code().message()));
  }
  auto filled = made->fill(options, source, shared, sign_in, rows, events);
  if (!filled) return filled.error();
  return made;
}

result<void> run_lanes::fill(const batch_options& options, source_kind source, http::shared_state& shared,
                             sign_in_state& sign_in, sources::manifest_rows& rows, progress& events) {
  base_url_ = options.base_url;
  load_.emplace(shared, events);
  ends_when_expired_ = options.on_expiry == expiry_action::exit;
  probes_ = source == source_kind::web;
  auto fields = http::parse_header_lines(options.headers);
  if (!fields) return fields.error();
  unsigned first_worker = 0;
  std::size_t first_connection = 0;
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    auto one =
        std::make_unique<one_lane>(one_lane{async::asio_clock(contexts_[i].get_executor()), {}, {}, {}});
    const std::size_t connections = share(options.pool.max_connections, contexts_.size(), i);
    http::client_config config =
        http::make_client_config(options.pool, options.network, base_url_, *fields, connections);
    config.connections_before = std::exchange(first_connection, first_connection + connections);
    auto client = http::client::make(contexts_[i].get_executor(), std::move(config), shared);
    if (!client) return client.error();
    one->http = std::move(*client);
    one->first_worker = first_worker;
    one->workers = share(options.pool.workers, contexts_.size(), i);
    first_worker += one->workers;
    if (source == source_kind::manifest) {
      one->source = std::make_unique<sources::manifest>(ledger_thread(), rows, base_url_);
    } else {
      sources::coupa_web_options web;
      web.base_url = base_url_;
      web.retry = core::retry_options_of(options.pool);
      web.seed = i;
      web.max_page_size = options.pool.max_page_size;
      web.worker = one->first_worker;
      one->source = std::make_unique<sources::coupa_web>(*one->http, one->time, web, events);
      auto probe = [http = one->http.get(), base = base_url_] { return sources::probe_session(*http, base); };
      one->keeper = std::make_unique<session_watch>(
          session_watch_parts{one->time, storage_thread(), sign_in, options, events, std::move(probe)});
    }
    lanes_.push_back(std::move(one));
  }
  return {};
}

std::vector<lane> run_lanes::lanes() {
  std::vector<lane> all;
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    all.push_back(lane{contexts_[i].get_executor(), *lanes_[i]->http, *lanes_[i]->source, lanes_[i]->time,
                       lanes_[i]->first_worker, lanes_[i]->workers, lanes_[i]->keeper.get()});
  return all;
}

awaitable<result<void>> run_lanes::begin(core::retry_options options, bool one_at_a_time) {
  http::client& http = *lanes_[0]->http;
  auto reached = co_await reach_instance(http, lanes_[0]->time, base_url_, options);
  if (!reached || !one_at_a_time) co_return reached;
  probes_ = false;
  expired_ = co_await has_expired(http, base_url_);
  co_return reached;
}

result<void> run_lanes::reach(const pool_config& config) {
  auto& context = contexts_[0];
  core::retry_options options = core::retry_options_of(config);
  options.retries = std::min(options.retries, reach_retries);
  result<void> reached = make_failure(errc::cancelled, "stopped before anything was started");
  auto ended = [&](std::exception_ptr thrown, result<void> outcome) {
    context.stop();
    if (!thrown)
      reached = std::move(outcome);
    else if (!async::is_cancellation(thrown))
      reached = make_failure(errc::internal, "the first connection ended unexpectedly; please report this");
  };
  asio::co_spawn(context, begin(options, config.workers == 1),
                 asio::bind_cancellation_slot(reach_stop_.slot(), ended));
  context.run();
  context.restart();
  return reached;
}

void run_lanes::stop_reaching() {
  asio::post(contexts_[0], [this] { reach_stop_.emit(asio::cancellation_type::terminal); });
}

awaitable<> run_lanes::work(processing_controller& controller, sign_in_state& sign_in, std::size_t index) {
  async::task_group beside(contexts_[index].get_executor());
  // Without anything to do about it but to end, the sooner the better; else the workers find out.
  if (index == 0 && probes_ && ends_when_expired_)
    beside.spawn(watch_session(*lanes_[0]->http, base_url_, controller));
  if (index == 0) beside.spawn(keep_cookies(lanes_[0]->time, storage_thread(), sign_in));
  if (index == 0) beside.spawn(load_->run(lanes_[0]->time));
  co_await controller.run_lane(index);
  beside.cancel();
  co_await beside.join();
  lanes_[index]->http->close();
}

void run_lanes::run(processing_controller& controller, sign_in_state& sign_in) {
  if (expired_ && ends_when_expired_) return controller.request_stop(stop_reason::session_expired);
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
