#include "engine/examination.hpp"

#include "async/call_within.hpp"
#include "async/cancellation.hpp"
#include "async/rate_limiter.hpp"
#include "core/po_number.hpp"
#include "engine/api_options.hpp"
#include "engine/findings.hpp"
#include "engine/ladder.hpp"
#include "sources/base_url.hpp"
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
http::run_limits limits_of(const batch_options& options) {
  http::run_limits limits;
  limits.requests_per_second = request_ceiling(options);
  limits.bytes_per_second = options.pool.limit_rate;
  limits.max_connections = std::min(options.pool.max_connections, most_at_once);
  return limits;
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
  void notice(notice_level, std::string_view text) override { warnings.emplace_back(text); }
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

awaitable<result<std::vector<rung>>> climb_to(examined_source& source, clock& time, double ceiling,
                                              unsigned most) {
  async::rate_limiter pace(ceiling, 1);
  ladder_request request = [&source] { return source.ask(); };
  ladder_pace turn;
  if (pace.limits()) turn = [&time, &pace] { return wait_for_turn(time, pace); };
  auto steps = co_await climb(std::move(request), std::move(turn), most);
  co_return steps;
}

}  // namespace

examination::examination(const doctor_options& options, std::function<void(const finding&)> found)
    : options_(examined(options)),
      pool_(impatient(options.batch.pool)),
      found_(std::move(found)),
      time_(context_.get_executor()),
      shared_(limits_of(options_.batch)),
      sign_in_(options_.batch, shared_) {}

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
    return note(
        {"folder", finding_level::warn, "no folder was looked at", "give it with --out DIR", exit_state::ok});
  const auto facts = on_disk("folder", out.string(), [out] { return storage::probe_folder(out); });
  if (facts) note(on_folder(*facts));
}

void examination::look_at_instance() {
  const std::string& base_url = options_.batch.base_url;
  if (base_url.empty())
    return note({"address", finding_level::warn, "no instance was looked at", "give it with --base-url URL",
                 exit_state::ok});
  if (by_api()) load_credentials();
  if (!goes_on() || !open_client()) return;
  http::way_facts way;
  const auto led = bounded(explore(*http_, base_url, way), for_one_answer * 2);
  if (!goes_on()) return;
  const result<void> outcome = led ? result<void>() : result<void>(led.error());
  note(on_way(way, outcome, base_url, std::chrono::system_clock::now()));
  if (!led) return;
  if (options_.batch.source == source_kind::manifest)
    return note({"sign_in", finding_level::warn,
                 "a list of addresses names its files itself: session, order and speed were not looked at",
                 "leave --source manifest out to look at the pages of --base-url", exit_state::ok});
  if (!load_session()) return;
  open_source();
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
    credentials_ = load_api_credentials(batch, heard, [this] { return stopped_.load(); });
    return;
  }
  struct loaded {
    result<api_credentials> what;
    collected heard;
  };
  auto load = [&batch] {
    collected all;
    auto what = load_api_credentials(batch, all, {});
    return loaded{std::move(what), std::move(all)};
  };
  auto came = on_disk("sign_in", batch.client_secret_file.string(), std::move(load));
  if (!came) return;
  credentials_ = std::move(came->what);
  for (const std::string& text : came->heard.warnings)
    note(
        {"sign_in", finding_level::warn, text, "make it readable for you alone (chmod 600)", exit_state::ok});
}

bool examination::open_client() {
  auto made = on_disk("config", certificate_files(options_.batch), [this] { return make_client(); });
  if (!made) return false;
  if (*made) {
    http_ = std::move(**made);
    return true;
  }
  note(failed_check("config", made->error(), "change that setting"));
  return false;
}

result<std::unique_ptr<http::client>> examination::make_client() {
  const batch_options& batch = options_.batch;
  auto fields = http::parse_header_lines(batch.headers);
  if (!fields) return fields.error();
  if (credentials_ && !credentials_->api_key.empty())
    fields->push_back({"X-COUPA-API-KEY", credentials_->api_key});
  const unsigned connections = std::min(batch.pool.max_connections, most_at_once);
  return http::client::make(
      context_.get_executor(),
      http::make_client_config(pool_, batch.network, batch.base_url, *fields, connections), shared_);
}

bool examination::load_session() {
  struct loaded {
    result<void> what;
    collected heard;
  };
  auto load = [this] {
    collected heard;
    auto what = sign_in_.load(heard);
    return loaded{std::move(what), std::move(heard)};
  };
  auto came = on_disk("sign_in", options_.batch.cookie_file.string(), std::move(load));
  if (!came) return false;
  for (const std::string& text : came->heard.warnings)
    note({"sign_in", finding_level::warn, text, "look at the files of --cookies and --client-key",
          exit_state::ok});
  if (came->what) return true;
  note(failed_check("sign_in", came->what.error(), "save the cookies again, or use 'pofetch login'"));
  return false;
}

void examination::open_source() {
  const examined_parts parts{*http_, time_, options_.batch, pool_, quiet_};
  if (!by_api())
    source_ = examine_web(parts);
  else if (credentials_)
    source_ = examine_api(parts, *credentials_);
}

bool examination::look_at_sign_in() {
  if (!source_) {
    note(on_api(credentials_.error(), options_.batch, std::nullopt));
    return false;
  }
  const auto rest = std::chrono::ceil<std::chrono::seconds>(options_.batch.token_wait);
  const auto limit = for_one_answer * 2 + (by_api() ? rest : std::chrono::seconds{0});
  const auto state = bounded(source_->probe(), limit);
  note(source_->judge(state));
  return state && *state == sources::session_state::alive;
}

/// Nothing: there is none, which is told.
std::optional<std::string> examination::number_of_order() {
  if (!options_.po_number.empty()) return options_.po_number;
  auto any = bounded(source_->any_order(), for_an_order);
  if (any) return std::move(*any);
  const errc code = any.error().code;
  if (code == errc::unsupported || code == errc::not_found)
    note({"purchase_order", finding_level::warn, any.error().message,
          "give the number of one with --order NUMBER", exit_state::ok});
  else
    note(failed_check("purchase_order", any.error(), "give the number of one with --order NUMBER"));
  return std::nullopt;
}

void examination::look_at_order() {
  const auto number = number_of_order();
  if (!number) return;
  const core::po_cell cell = core::parse_po_cell(*number);
  if (cell.orders.size() != 1 || !cell.rejected.empty())
    return note(failed_check(
        "purchase_order",
        make_failure(errc::config, "--order: one number such as 4500012 or PO4500012 was expected"),
        "give one number"));
  purchase_order po;
  po.number = cell.orders.front().number;
  po.prefix = cell.orders.front().prefix;
  note(
      on_order(bounded(source_->attachments().discover(po), for_an_order), po.number, options_.batch.source));
}

void examination::measure() {
  const unsigned most = std::min(options_.batch.pool.max_connections, most_at_once);
  const double ceiling = request_ceiling(options_.batch);
  // The ladder keeps the pace itself, so that what it waits for is not taken for the instance's time.
  shared_.request_rate.change(0, 1);
  const auto steps = bounded(climb_to(*source_, time_, ceiling, most), for_the_ladder);
  if (!steps) return note(failed_check("latency", steps.error(), "try again when the instance is less busy"));
  note(on_ladder(*steps, options_.batch.pool, ceiling));
  if (const auto best = advise(*steps, ceiling)) {
    done_.workers = best->workers;
    done_.max_connections = best->max_connections;
  }
}

void examination::save_session() {
  if (!sign_in_.changed()) return;
  const auto saved =
      on_disk("sign_in", options_.batch.cookie_file.string(), [this] { return sign_in_.save(); });
  if (saved && !*saved)
    note({"sign_in", finding_level::warn, saved->error().message, "make the cookie file writable for you",
          exit_state::ok});
}

}  // namespace pofetch::engine
