#include "engine/batch/batch_run.hpp"

#include "async/offload.hpp"
#include "core/consequence.hpp"
#include "core/mask_url.hpp"
#include "core/po_rules.hpp"
#include "core/setting_text.hpp"
#include "engine/batch/objects_of.hpp"
#include "lists/report/report_writer.hpp"
#include "sources/coupa/base_url.hpp"

#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

/// What says how the instance is reached is its own matter.
batch_options options_of(const batch_options& options, const instance* host) {
  batch_options mine = options;
  if (host != nullptr) static_cast<instance_options&>(mine) = host->options;
  mine.pool = options.pool;
  // Copied from a browser's bar, it is the address of a page: the instance is its origin.
  mine.base_url = sources::clean_base(mine.base_url);
  return mine;
}

exit_state state_for(stop_reason reason, const batch_totals& totals) {
  switch (reason) {
    case stop_reason::interrupted:
      return exit_state::interrupted;
    case stop_reason::terminated:
      return exit_state::terminated;
    case stop_reason::session_expired:
      return exit_state::sign_in;
    case stop_reason::machine:
      return exit_state::machine;
    case stop_reason::none:
      break;
  }
  const bool all = core::count_done(totals.by_status) == totals.purchase_orders;
  return all ? exit_state::ok : exit_state::incomplete;
}

}  // namespace

batch_run::batch_run(const batch_options& options, progress& events, instance* host)
    : guest_(host != nullptr),
      given_url_(guest_ ? host->options.base_url : options.base_url),
      options_(options_of(options, host)),
      events_({&retries_, &looks_, &events}),
      own_instance_(),
      instance_(guest_ ? *host : own_instance_.emplace(options_, events_)) {}

batch_run::~batch_run() = default;

failure cannot_begin(const boost::system::system_error& refused) {
  return make_failure(
      errc::disk, fmt::format("this machine does not let the work begin: {}; raise the limit of open files "
                              "(ulimit -n) or stop other programs, then run the same command again",
                              refused.code().message()));
}

result<void> batch_run::settle(batch_place place) {
  place_ = std::move(place);
  if (place_.blocking) {
    ledger_ = asio::make_strand(place_.blocking);
    disk_ = asio::make_strand(place_.blocking);
    return {};
  }
  try {
    threads_.emplace();
  } catch (const boost::system::system_error& refused) {
    return cannot_begin(refused);
  }
  ledger_ = threads_->ledger.get_executor();
  disk_ = threads_->disk.get_executor();
  return {};
}

/// On the executor of the ledger. Throws what it threw.
template <class Work>
awaitable<std::invoke_result_t<Work&>> batch_run::blocking(Work work) {
  struct outcome {
    std::optional<std::invoke_result_t<Work&>> value;
    std::exception_ptr thrown;
  };
  auto guarded = [&work] {
    outcome got;
    try {
      got.value.emplace(work());
    } catch (...) {
      got.thrown = std::current_exception();
    }
    return got;
  };
  auto got = co_await async::offload(ledger_, guarded);
  if (got.thrown) std::rethrow_exception(got.thrown);
  co_return std::move(*got.value);
}

awaitable<batch_result> batch_run::fetch(batch_place place) {
  auto settled = settle(std::move(place));
  if (!settled) co_return failed(settled.error());
  auto done = co_await to_the_end(fetch_all());
  co_return done;
}

awaitable<batch_result> batch_run::plan(batch_place place, batch::row_visitor visit) {
  auto settled = settle(std::move(place));
  if (!settled) co_return failed(settled.error());
  auto done = co_await to_the_end(plan_all(std::move(visit)));
  co_return done;
}

/// However it ends, nothing stays on the lanes.
awaitable<batch_result> batch_run::to_the_end(awaitable<batch_result> work) {
  batch_result done;
  std::exception_ptr thrown;
  try {
    done = co_await std::move(work);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await leave();
  if (thrown) std::rethrow_exception(thrown);
  co_return done;
}

awaitable<> batch_run::leave() {
  {
    const std::lock_guard lock(mutex_);
    left_ = true;
  }
  if (lanes_) co_await lanes_->close();
  controller_.reset();
  lanes_.reset();
  // From here on the folder is free for somebody else.
  auto close = [this] {
    close_node();
    records_.reset();
    objects_.reset();
    files_.reset();
    return true;
  };
  co_await blocking(close);
  // They still let go of what brought the last call here, which may go away before them.
  threads_.reset();
}

awaitable<batch_result> batch_run::fetch_all() {
  auto open = [this] {
    auto opened = open_inputs(true);
    return opened ? open_lanes() : opened;
  };
  auto take_in = [this] { return is_node() ? enter_batch() : take_in_orders(); };
  auto finish = [this] { return is_node() ? conclude_as_node() : conclude_fetch(); };
  auto ready = co_await blocking(open);
  if (ready) ready = co_await reach_instance();
  if (ready) ready = co_await check_sign_in();
  if (ready) ready = co_await blocking(take_in);
  if (!ready) co_return failed(ready.error());
  co_await work_in_turns();
  auto done = co_await blocking(finish);
  co_return done;
}

result<void> batch_run::take_in_orders() {
  result<void> ready;
  // A list that goes on is asked for by what the folder knows.
  if (!records_ && options_.all && options_.pool.refresh) ready = open_output();
  if (ready && !options_.resume) ready = list_instance();
  if (ready && !records_) ready = open_output();
  if (ready) ready = check_source();
  if (ready) ready = take_in(options_.look_only, files());
  return ready;
}

batch_result batch_run::conclude_fetch() {
  batch_result done = conclude();
  const bool any_order =
      done.totals.by_status[static_cast<std::size_t>(po_status::invalid)] < done.totals.purchase_orders;
  if (options_.look_only && any_order) settle_look(done);
  save_sign_in();
  auto report = write_report();
  if (!report) {
    // What ended the run says more than the report that could not be written for the same reason.
    if (done.state != exit_state::machine || !done.error) done.error = report.error();
    done.state = exit_state::machine;
  }
  return done;
}

result<void> batch_run::write_report() {
  auto written = lists::write_own_report(
      *records_, [this](const std::string& name) { return files_->replace(name, home_of(options_)); });
  if (written && objects_) written = objects_->put_own("report.csv", files_->path() / "report.csv");
  return written;
}

awaitable<batch_result> batch_run::plan_all(batch::row_visitor visit) {
  auto open = [this] { return open_inputs(false); };
  auto read_only = [&] { return read_only_list(visit); };
  auto connect = [this] { return open_lanes(); };
  auto take_in = [this] { return take_in_plan(); };
  auto finish = [&] { return conclude_plan(visit); };
  auto ready = co_await blocking(open);
  if (ready && instance_.driver().facts().needs_instance && options_.base_url.empty()) {
    auto read = co_await blocking(read_only);
    co_return read;
  }
  if (ready) ready = co_await blocking(connect);
  if (ready) ready = co_await reach_instance();
  if (ready) ready = co_await check_sign_in();
  if (ready) ready = co_await blocking(take_in);
  if (!ready) co_return failed(ready.error());
  co_await work();
  auto done = co_await blocking(finish);
  co_return done;
}

bool batch_run::is_stopped() {
  const std::lock_guard lock(mutex_);
  return asked_ != stop_reason::none;
}

run_info batch_run::describe() const {
  run_info info;
  info.input = options_.all ? core::spelled("@all") : options_.input;
  info.source = to_string(instance_.driver().facts().kind);
  info.base_url = core::mask_url(options_.base_url);
  info.columns = list_->columns();
  info.started_at = std::chrono::system_clock::now();
  info.listing = listing_;
  info.goes_on = goes_on_;
  return info;
}

void batch_run::make_controller(bool discover_only, store& files) {
  const pipeline::shared_parts parts{*records_, files, events_, ledger_, disk_, instance_.on_commit()};
  {
    const std::lock_guard lock(mutex_);
    controller_ = std::make_unique<pipeline::processing_controller>(parts, lanes_->lanes(), options_.pool);
    if (asked_ != stop_reason::none) controller_->request_stop(asked_);
  }
  if (discover_only) controller_->discover_only();
}

result<void> batch_run::take_in(bool discover_only, store& files) {
  make_controller(discover_only, files);
  controller_->narrow_refresh([this](const refresh_scope& scope, const refresh_facts& facts) -> result<bool> {
    if (auto same = check_refresh(); !same) return same.error();
    return instance_.driver().listing() != nullptr ? narrow_to_changes(scope, facts) : result<bool>(false);
  });
  if (options_.resume) controller_->choose(*options_.resume);
  auto counts =
      options_.resume ? controller_->resume(names_files_) : controller_->take_in(*list_, describe());
  if (!counts) return counts.error();
  if (options_.all && !options_.resume) {
    auto kept = records_->set_listed_to(listed_.reach(listed_to_));
    if (!kept) return kept;
  }
  intake_ = std::move(*counts);
  if (list_) tell_hidden_rows();
  return {};
}

awaitable<> batch_run::work() {
  if (refused_)
    controller_->request_stop(stop_reason::session_expired);
  else
    co_await lanes_->run(*controller_);
}

/// Of one of many nodes there may be several: see batch_node.cpp.
awaitable<> batch_run::work_in_turns() {
  auto ask = [this] { return has_another_turn(); };
  auto begin = [this] { return begin_turn(); };
  for (;;) {
    co_await work();
    if (!is_node()) co_return;
    auto another = co_await blocking(ask);
    if (another && !*another) co_return;
    std::unique_ptr<pipeline::processing_controller> ended;
    {
      const std::lock_guard lock(mutex_);
      ended = std::move(controller_);
    }
    // What told it to stop may be on its way to the lanes.
    co_await lanes_->drain();
    ended.reset();
    if (!another) node_trouble_ = another.error();
    if (!another) co_return;
    auto begun = co_await blocking(begin);
    if (!begun) node_trouble_ = begun.error();
    if (!begun || !controller_) co_return;
  }
}

batch_result batch_run::conclude() {
  if (options_.pool.refresh) events_.on(event::notice{notice_level::info, looks_.text()});
  auto totals = controller_->finish(retries_.count);
  if (!totals) {
    const bool earlier = controller_->stopped_by() == stop_reason::machine && controller_->stop_failure();
    return failed(earlier ? *controller_->stop_failure() : totals.error());
  }
  return sum_up(*totals);
}

batch_result batch_run::sum_up(const batch_totals& totals) {
  batch_result done;
  done.totals = totals;
  done.state = state_for(controller_ ? controller_->stopped_by() : asked_, totals);
  if (controller_) done.error = controller_->stop_failure();
  // A setting that turned out to be wrong, the proxy's password say, is no trouble of the machine.
  if (done.error && kind_of(done.error->code) == error_kind::usage) done.state = exit_state::usage;
  auto run = records_->last_run();
  if (run) done.run = std::move(*run);
  done.run.intake = intake_;
  if (list_) done.list = list_->facts();
  if (done.state == exit_state::sign_in && !done.error) done.error = refused_;
  if (done.state == exit_state::sign_in && !done.error)
    done.error =
        make_failure(errc::session_expired,
                     fmt::format("{} asks to sign in: the session has expired, or there are no cookies",
                                 core::mask_url(options_.base_url)));
  return done;
}

/// A plan is whole when every PO could be looked at; what is there is not fetched, so PENDING is fine.
void batch_run::settle_look(batch_result& done) {
  const bool all_seen = core::count_bad(done.totals.by_status) == 0;
  if (done.state == exit_state::incomplete && all_seen) done.state = exit_state::ok;
}

void batch_run::save_sign_in() {
  auto saved = instance_.sign_in.save();
  if (!saved) events_.on(event::notice{notice_level::warning, saved.error().message});
}

batch_result batch_run::failed(const failure& why) const {
  batch_result done;
  done.state = core::consequence_of(why.code).exit;
  if (done.state == exit_state::interrupted && asked_ == stop_reason::terminated)
    done.state = exit_state::terminated;
  done.error = why;
  return done;
}

void batch_run::request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace) {
  const std::lock_guard lock(mutex_);
  if (asked_ == stop_reason::none) asked_ = reason;
  if (left_) return;
  if (controller_) controller_->request_stop(reason, grace);
  // The list itself may come from the instance.
  if (lanes_) lanes_->stop_reaching();
}

}  // namespace pofetch::engine
