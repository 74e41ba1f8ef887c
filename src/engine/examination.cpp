#include "engine/examination.hpp"

#include "async/asio_clock.hpp"
#include "async/cancellation.hpp"
#include "core/po_number.hpp"
#include "engine/findings.hpp"
#include "engine/ladder.hpp"
#include "sources/coupa_web.hpp"
#include "sources/session_probe.hpp"
#include "storage/folder_probe.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds for_one_answer{15};
constexpr std::chrono::seconds for_an_order{30};
constexpr std::chrono::seconds for_the_ladder{40};
constexpr unsigned most_at_once = 16;

/// Waits that a run may have are too long for somebody who looks on.
pool_config impatient(pool_config pool) {
  const std::chrono::milliseconds most = for_one_answer;
  pool.connect_timeout = std::min(pool.connect_timeout, most);
  pool.idle_timeout = std::min(pool.idle_timeout, most);
  pool.request_timeout = pool.request_timeout.count() == 0 ? most : std::min(pool.request_timeout, most);
  pool.retry_after_cap = std::min(pool.retry_after_cap, std::chrono::milliseconds{1'000});
  pool.retries = std::min(pool.retries, 1U);
  return pool;
}

/// The ladder goes by what the server says, so nothing may hold it back meanwhile.
http::run_limits limits_of(const pool_config& pool) {
  http::run_limits limits;
  limits.requests_per_second = pool.requests_per_second;
  limits.bytes_per_second = pool.limit_rate;
  limits.max_connections = std::min(pool.max_connections, most_at_once);
  return limits;
}

/// Warnings that come up while the session is read.
class collected final : public progress {
 public:
  std::vector<std::string> warnings;
  void notice(notice_level, std::string_view text) override { warnings.emplace_back(text); }
};

awaitable<result<http::way_facts>> explore(http::client& http, std::string base_url, http::way_facts& found) {
  auto led = co_await http.explore(base_url, found);
  if (!led) co_return led.error();
  co_return found;
}

awaitable<result<bool>> probe(http::client& http, std::string base_url) {
  auto state = co_await sources::probe_session(http, base_url);
  if (!state) co_return state.error();
  co_return *state == sources::session_state::alive;
}

awaitable<result<std::vector<rung>>> climb_to(http::client& http, std::string base_url, unsigned most) {
  ladder_request request = [&http, &base_url] { return probe(http, base_url); };
  auto steps = co_await climb(std::move(request), most);
  co_return steps;
}

}  // namespace

examination::examination(const doctor_options& options, std::function<void(const finding&)> found)
    : options_(options),
      found_(std::move(found)),
      shared_(limits_of(options.batch.pool)),
      sign_in_(options.batch, shared_) {}

doctor_result examination::run() {
  note(on_config(options_.batch));
  if (goes_on()) look_at_folder();
  const bool usable = done_.findings.front().level != finding_level::fail;
  if (goes_on() && usable) look_at_instance();
  if (stopped_) done_.state = exit_state::interrupted;
  return std::move(done_);
}

void examination::request_stop() {
  stopped_ = true;
  asio::post(context_, [this] { stop_.emit(asio::cancellation_type::terminal); });
}

bool examination::goes_on() const { return !stopped_; }

void examination::note(finding what) {
  if (stopped_) return;
  if (what.level == finding_level::fail) done_.state = std::max(done_.state, what.state);
  if (found_) found_(what);
  done_.findings.push_back(std::move(what));
}

void examination::note(std::vector<finding> all) {
  for (finding& each : all) note(std::move(each));
}

template <class T>
result<T> examination::bounded(awaitable<result<T>> work, std::chrono::seconds limit) {
  result<T> outcome =
      make_failure(errc::timeout, fmt::format("there was no end of it within {} s", limit.count()));
  auto ended = [&](std::exception_ptr thrown, result<T> came) {
    context_.stop();
    if (!thrown)
      outcome = std::move(came);
    else if (!async::is_cancellation(thrown))
      outcome = make_failure(errc::internal, "it ended unexpectedly; please report this");
  };
  context_.restart();
  asio::steady_timer timer(context_, limit);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) stop_.emit(asio::cancellation_type::terminal);
  });
  asio::co_spawn(context_, std::move(work), asio::bind_cancellation_slot(stop_.slot(), std::move(ended)));
  context_.run();
  return outcome;
}

void examination::look_at_folder() {
  if (options_.batch.out.empty())
    return note(
        {"folder", finding_level::warn, "no folder was looked at", "give it with --out DIR", exit_state::ok});
  note(on_folder(storage::probe_folder(options_.batch.out)));
}

void examination::look_at_instance() {
  const std::string& base_url = options_.batch.base_url;
  if (base_url.empty())
    return note({"address", finding_level::warn, "no instance was looked at", "give it with --base-url URL",
                 exit_state::ok});
  if (!open_client()) return;
  http::way_facts way;
  const auto led = bounded(explore(*http_, base_url, way), for_one_answer * 2);
  if (!goes_on()) return;
  const result<void> outcome = led ? result<void>() : result<void>(led.error());
  note(on_way(way, outcome, base_url, std::chrono::system_clock::now()));
  if (!led || !load_session()) return;
  const auto session = bounded(sources::probe_session(*http_, base_url), for_one_answer * 2);
  const bool alive = session && *session == sources::session_state::alive;
  note(on_session(session, base_url));
  if (alive && goes_on()) look_at_order();
  if (alive && goes_on()) measure();
  const auto saved = sign_in_.save();
  if (!saved)
    note({"sign_in", finding_level::warn, saved.error().message, "make the cookie file writable for you",
          exit_state::ok});
}

bool examination::open_client() {
  const batch_options& batch = options_.batch;
  auto fields = http::parse_header_lines(batch.headers);
  if (fields) {
    const unsigned connections = std::min(batch.pool.max_connections, most_at_once);
    auto made = http::client::make(
        context_.get_executor(),
        http::make_client_config(impatient(batch.pool), batch.network, batch.base_url, *fields, connections),
        shared_);
    if (made) {
      http_ = std::move(*made);
      return true;
    }
    note(failed_check("config", made.error(), "change that setting"));
  } else {
    note(failed_check("config", fields.error(), "change that setting"));
  }
  return false;
}

bool examination::load_session() {
  collected heard;
  const auto loaded = sign_in_.load(heard);
  for (const std::string& text : heard.warnings)
    note({"sign_in", finding_level::warn, text, "look at the files of --cookies and --client-key",
          exit_state::ok});
  if (loaded) return true;
  finding what = failed_check("sign_in", loaded.error(), "save the cookies again, or use 'pofetch login'");
  note(std::move(what));
  return false;
}

void examination::look_at_order() {
  if (options_.po_number.empty())
    return note({"purchase_order", finding_level::warn, "no purchase order was looked at",
                 "give the number of one with --order NUMBER", exit_state::ok});
  const core::po_cell cell = core::parse_po_cell(options_.po_number);
  if (cell.orders.size() != 1 || !cell.rejected.empty())
    return note(failed_check(
        "purchase_order",
        make_failure(errc::config, "--order: one number such as 4500012 or PO4500012 was expected"),
        "give one number"));
  async::asio_clock time(context_.get_executor());
  collected heard;
  sources::coupa_web_options web;
  web.base_url = options_.batch.base_url;
  web.retry = core::retry_options_of(impatient(options_.batch.pool));
  web.max_page_size = options_.batch.pool.max_page_size;
  sources::coupa_web source(*http_, time, web, heard);
  purchase_order po;
  po.number = cell.orders.front().number;
  po.prefix = cell.orders.front().prefix;
  note(on_order(bounded(source.discover(po), for_an_order), po.number));
}

void examination::measure() {
  const unsigned most = std::min(options_.batch.pool.max_connections, most_at_once);
  const auto steps = bounded(climb_to(*http_, options_.batch.base_url, most), for_the_ladder);
  if (!steps) return note(failed_check("latency", steps.error(), "try again when the instance is less busy"));
  note(on_ladder(*steps, options_.batch.pool));
  if (const auto best = advise(*steps)) {
    done_.workers = best->workers;
    done_.max_connections = best->max_connections;
  }
}

}  // namespace pofetch::engine
