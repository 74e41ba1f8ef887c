#include "engine/doctor/examination.hpp"

#include "async/block_on.hpp"
#include "async/call_within.hpp"
#include "async/rate_limiter.hpp"
#include "core/setting_text.hpp"
#include "engine/doctor/findings.hpp"
#include "engine/doctor/ladder.hpp"
#include "sources/coupa/base_url.hpp"
#include "sources/findings.hpp"
#include "storage/folder_probe.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

using sources::failed_check;

constexpr std::chrono::seconds for_one_answer{15};
constexpr std::chrono::seconds for_an_order{30};
constexpr std::chrono::seconds for_the_ladder{40};
constexpr std::chrono::seconds for_the_disk{15};
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

/// The ladder goes by what the server says, so nothing else may hold it back meanwhile.
instance_options hurried(instance_options options) {
  options.pool = impatient(std::move(options.pool));
  options.pool.adaptive = false;
  options.pool.max_connections = std::min(options.pool.max_connections, most_at_once);
  return options;
}

/// What a run does when the session ends is none of the doctor's business.
doctor_options examined(doctor_options options) {
  options.batch.on_expiry = expiry_action::exit;
  options.batch.base_url = sources::clean_base(options.batch.base_url);
  return options;
}

/// For messages.
std::string certificate_files(const batch_options& batch) {
  std::vector<std::string> files;
  for (const std::string& each : {batch.pool.ca_file, batch.network.client_cert, batch.network.client_key})
    if (!each.empty()) files.push_back(each);
  return files.empty() ? "the certificate store of this machine" : fmt::format("{}", fmt::join(files, ", "));
}

/// Warnings that come up while the session is read.
class collected final : public progress {
 public:
  std::vector<std::string> warnings;
  void on(const progress_event& event) override {
    if (const auto* one = std::get_if<event::notice>(&event)) warnings.push_back(one->text);
  }
};

awaitable<result<http::way_facts>> explore(http::client& http, std::string base_url, http::way_facts& found) {
  auto led = co_await http.explore(base_url, found);
  if (!led) co_return led.error();
  co_return found;
}

awaitable<> wait_for_turn(clock& time, async::rate_limiter& pace) {
  const auto wait = pace.book(time.now());
  if (wait.count() > 0) co_await time.sleep_for(wait);
}

/// One small request, not tried again, so that nothing is hidden; false: it was refused.
awaitable<result<bool>> ask_once(instance_lane& lane) {
  auto state = co_await lane.probe(0);
  if (!state) co_return state.error();
  co_return *state == sources::session_state::alive;
}

awaitable<result<std::vector<rung>>> climb_to(instance_lane& lane, double ceiling, unsigned most) {
  async::rate_limiter pace(ceiling, 1);
  ladder_request request = [&lane] { return ask_once(lane); };
  ladder_pace turn;
  if (pace.limits()) turn = [&lane, &pace] { return wait_for_turn(lane.time(), pace); };
  auto steps = co_await climb(std::move(request), std::move(turn), most);
  co_return steps;
}

/// The number of some order. Failures also: unsupported (the pages have no list of orders), not_found (there
/// are none).
awaitable<result<std::string>> any_order(instance_lane& lane) {
  const sources::order_listing* const listing = lane.driver().listing();
  if (listing == nullptr) co_return make_failure(errc::unsupported, "no purchase order was looked at");
  std::string url = listing->url(lane.where().options.base_url, {});
  auto page = co_await listing->read(lane.place(), std::move(url), 0);
  if (!page) co_return page.error();
  for (const auto& each : page->orders) {
    const core::po_cell cell = lane.driver().read_numbers(each.number);
    if (cell.orders.size() == 1 && cell.rejected.empty()) co_return each.number;
  }
  co_return make_failure(errc::not_found, "the REST API lists no purchase order to this user");
}

}  // namespace

examination::examination(const doctor_options& options, std::function<void(const finding&)> found)
    : options_(examined(options)),
      hurried_(hurried(options_.batch)),
      found_(std::move(found)),
      // Its pace is changed for measuring, which is nobody else's matter.
      instance_(hurried_, quiet_, std::make_shared<http::host_limits>(ceilings_of(hurried_))) {}

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

bool examination::goes_on() const { return !stopped_ && !hangs_; }

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
  asio::steady_timer timer(context_, limit);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) stop_.emit(asio::cancellation_type::terminal);
  });
  return async::block_on(
      context_, std::move(work), stop_.slot(),
      make_failure(errc::timeout, fmt::format("there was no end of it within {} s", limit.count())));
}

template <class Work>
std::optional<std::invoke_result_t<Work&>> examination::on_disk(const std::string& check,
                                                                const std::string& where, Work work) {
  auto stopped = [this] { return stopped_.load(); };
  auto owning = [self = shared_from_this(), work = std::move(work)]() mutable { return work(); };
  auto came = async::call_within(for_the_disk, stopped, std::move(owning));
  if (came || stopped_) return came;
  note(on_silence(check, where, for_the_disk));
  hangs_ = true;
  return came;
}

void examination::look_at_folder() {
  const auto& out = options_.batch.out;
  if (out.empty())
    return note({"folder", finding_level::warn, "no folder was looked at",
                 core::spelled("give it with @out=DIR"), exit_state::ok});
  const auto facts = on_disk("folder", out.string(), [out] { return storage::probe_folder(out); });
  if (facts) note(on_folder(*facts));
}

void examination::look_at_instance() {
  const std::string& base_url = options_.batch.base_url;
  if (base_url.empty())
    return note({"address", finding_level::warn, "no instance was looked at",
                 core::spelled("give it with @base_url=URL"), exit_state::ok});
  load_credentials();
  if (!goes_on() || !open_lane()) return;
  http::way_facts way;
  const auto led = bounded(explore(lane_->http(), base_url, way), for_one_answer * 2);
  if (!goes_on()) return;
  const result<void> outcome = led ? result<void>() : result<void>(led.error());
  note(on_way(way, outcome, base_url, std::chrono::system_clock::now()));
  if (!led) return;
  if (instance_.driver().facts().names_files)
    return note({"sign_in", finding_level::warn,
                 "a list of addresses names its files itself: session, order and speed were not looked at",
                 core::spelled("leave @source manifest out to look at the pages of @base_url"),
                 exit_state::ok});
  if (!load_session()) return;
  const bool known = look_at_sign_in();
  if (known && goes_on()) look_at_order();
  if (known && goes_on()) measure();
  if (goes_on()) save_session();
}

void examination::load_credentials() {
  const batch_options& batch = options_.batch;
  collected heard;
  if (batch.client_secret_file.empty()) {
    // A command has a limit of its own.
    auto loaded = instance_.driver().load_credentials(batch, heard, [this] { return stopped_.load(); });
    return take_credentials(std::move(loaded));
  }
  struct loaded {
    loaded_credentials what;
    collected heard;
  };
  auto load = [&batch, &source = instance_.driver()] {
    collected all;
    auto what = source.load_credentials(batch, all, {});
    return loaded{std::move(what), std::move(all)};
  };
  auto came = on_disk("sign_in", batch.client_secret_file.string(), std::move(load));
  if (!came) return;
  take_credentials(std::move(came->what));
  for (const std::string& text : came->heard.warnings)
    note(
        {"sign_in", finding_level::warn, text, "make it readable for you alone (chmod 600)", exit_state::ok});
}

void examination::take_credentials(loaded_credentials loaded) {
  if (loaded)
    instance_.keys = std::move(*loaded);
  else
    credentials_ = loaded.error();
}

bool examination::open_lane() {
  auto open = [this] {
    instance_lane::guest self{quiet_, hurried_.pool};
    self.part.connections = hurried_.pool.max_connections;
    return instance_lane::make(context_.get_executor(), instance_, self);
  };
  auto made = on_disk("config", certificate_files(options_.batch), std::move(open));
  if (!made) return false;
  if (*made) {
    lane_ = std::move(**made);
    return true;
  }
  note(failed_check("config", made->error(), "change that setting"));
  return false;
}

bool examination::load_session() {
  struct loaded {
    result<void> what;
    collected heard;
  };
  auto load = [this] {
    collected heard;
    auto what = instance_.sign_in.load(heard);
    return loaded{std::move(what), std::move(heard)};
  };
  auto came = on_disk("sign_in", options_.batch.cookie_file.string(), std::move(load));
  if (!came) return false;
  for (const std::string& text : came->heard.warnings)
    note({"sign_in", finding_level::warn, text,
          core::spelled("look at the files of @cookies and @client_key"), exit_state::ok});
  if (came->what) return true;
  note(failed_check("sign_in", came->what.error(), "save the cookies again, or use 'pofetch login'"));
  return false;
}

bool examination::look_at_sign_in() {
  if (!credentials_) {
    note(instance_.driver().on_sign_in(credentials_.error(), options_.batch, nullptr));
    return false;
  }
  const auto rest = std::chrono::ceil<std::chrono::seconds>(options_.batch.token_wait);
  const auto limit = for_one_answer * 2 + (instance_.keys ? rest : std::chrono::seconds{0});
  const auto state = bounded(lane_->probe(hurried_.pool.retries), limit);
  note(instance_.driver().on_sign_in(state, options_.batch, instance_.keys.get()));
  return state && *state == sources::session_state::alive;
}

/// Nothing: there is none, which is told.
std::optional<std::string> examination::number_of_order() {
  if (!options_.po_number.empty()) return options_.po_number;
  auto any = bounded(any_order(*lane_), for_an_order);
  if (any) return std::move(*any);
  const errc code = any.error().code;
  if (code == errc::unsupported || code == errc::not_found)
    note({"purchase_order", finding_level::warn, any.error().message,
          core::spelled("give the number of one with @order=NUMBER"), exit_state::ok});
  else
    note(failed_check("purchase_order", any.error(),
                      core::spelled("give the number of one with @order=NUMBER")));
  return std::nullopt;
}

void examination::look_at_order() {
  const auto number = number_of_order();
  if (!number) return;
  const core::po_cell cell = instance_.driver().read_numbers(*number);
  if (cell.orders.size() != 1 || !cell.rejected.empty())
    return note(failed_check(
        "purchase_order",
        make_failure(errc::config,
                     core::spelled("@order: one number such as 4500012 or PO4500012 was expected")),
        "give one number"));
  purchase_order po;
  po.number = cell.orders.front().number;
  po.prefix = cell.orders.front().prefix;
  note(on_order(bounded(lane_->source().discover(po), for_an_order), po.number, instance_.driver()));
}

void examination::measure() {
  const unsigned most = std::min(options_.batch.pool.max_connections, most_at_once);
  const double ceiling = request_ceiling(options_.batch);
  // The ladder keeps the pace itself, so that what it waits for is not taken for the instance's time.
  instance_.limits->request_rate.change(0, 1);
  const auto steps = bounded(climb_to(*lane_, ceiling, most), for_the_ladder);
  if (!steps) return note(failed_check("latency", steps.error(), "try again when the instance is less busy"));
  note(on_ladder(*steps, options_.batch.pool, ceiling));
  if (const auto best = advise(*steps, ceiling)) {
    done_.workers = best->workers;
    done_.max_connections = best->max_connections;
  }
}

void examination::save_session() {
  if (!instance_.sign_in.changed()) return;
  const auto saved =
      on_disk("sign_in", options_.batch.cookie_file.string(), [this] { return instance_.sign_in.save(); });
  if (saved && !*saved)
    note({"sign_in", finding_level::warn, saved->error().message, "make the cookie file writable for you",
          exit_state::ok});
}

}  // namespace pofetch::engine
