#include "engine/batch/batch_run.hpp"

#include "async/offload.hpp"
#include "core/consequence.hpp"
#include "core/file_name.hpp"
#include "core/mask_url.hpp"
#include "core/po_rules.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "engine/refused.hpp"
#include "lists/po_list_reader.hpp"
#include "lists/report_writer.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/intake.hpp"
#include "sources/coupa/base_url.hpp"

#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

namespace pofetch::engine {

namespace asio = boost::asio;

namespace {

lists::list_options list_options_of(const batch_options& options) {
  lists::list_options list;
  list.input = options.input;
  list.sheet = options.sheet;
  list.po_column = options.po_column;
  list.supplier_column = options.supplier_column;
  list.folder_columns = options.folder_columns;
  list.visible_rows = options.visible_rows;
  if (options.source == source_kind::web || options.source == source_kind::api || options.own_source)
    list.kind = lists::list_kind::purchase_orders;
  if (options.source == source_kind::manifest) list.kind = lists::list_kind::manifest;
  return list;
}

result<void> check_has_instance(const std::string& base_url) {
  if (!base_url.empty()) return {};
  return refused(
      core::spelled("the address of the instance is missing: give @base_url https://<tenant>.coupahost.com "
                    "(only a list with a url column does without)"));
}

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
    records_.reset();
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
  auto take_in = [this] { return take_in_orders(); };
  auto finish = [this] { return conclude_fetch(); };
  auto ready = co_await blocking(open);
  if (ready) ready = co_await reach_instance();
  if (ready) ready = co_await check_api();
  if (ready) ready = co_await blocking(take_in);
  if (!ready) co_return failed(ready.error());
  co_await work();
  auto done = co_await blocking(finish);
  co_return done;
}

result<void> batch_run::take_in_orders() {
  result<void> ready;
  // A list that goes on is asked for by what the folder knows.
  if (!records_ && options_.all && options_.pool.refresh) ready = open_output();
  if (ready && !options_.resume) ready = list_instance();
  if (ready && !records_) ready = open_output();
  if (ready) ready = check_own_source();
  if (ready) ready = take_in(false, *files_);
  return ready;
}

batch_result batch_run::conclude_fetch() {
  batch_result done = conclude();
  auto saved = instance_.sign_in.save();
  if (!saved) events_.on(event::notice{notice_level::warning, saved.error().message});
  auto report = lists::write_own_report(
      *records_, [this](const std::string& name) { return files_->replace(name, options_.out); });
  if (!report) {
    // What ended the run says more than the report that could not be written for the same reason.
    if (done.state != exit_state::machine || !done.error) done.error = report.error();
    done.state = exit_state::machine;
  }
  return done;
}

awaitable<batch_result> batch_run::plan_all(batch::row_visitor visit) {
  auto open = [this] { return open_inputs(false); };
  auto read_only = [&] { return read_only_list(visit); };
  auto connect = [this] { return open_lanes(); };
  auto take_in = [this] { return take_in_plan(); };
  auto finish = [&] { return conclude_plan(visit); };
  auto ready = co_await blocking(open);
  if (ready && instance_.source == source_kind::web && options_.base_url.empty()) {
    auto read = co_await blocking(read_only);
    co_return read;
  }
  if (ready) ready = co_await blocking(connect);
  if (ready) ready = co_await reach_instance();
  if (ready) ready = co_await check_api();
  if (ready) ready = co_await blocking(take_in);
  if (!ready) co_return failed(ready.error());
  co_await work();
  auto done = co_await blocking(finish);
  co_return done;
}

result<void> batch_run::take_in_plan() {
  auto listed = list_instance();
  if (!listed) return listed;
  auto records = sqlite::sqlite_ledger::open_temporary();
  if (!records) return records.error();
  records_ = std::move(*records);
  return take_in(true, nothing_);
}

batch_result batch_run::conclude_plan(const batch::row_visitor& visit) {
  batch_result done = conclude();
  auto visited = records_->each(visit);
  if (!visited) return failed(visited.error());
  // A plan is whole when every PO could be looked at; what is there is not fetched, so PENDING is fine.
  const bool all_seen = core::count_bad(done.totals.by_status) == 0;
  if (done.state == exit_state::incomplete && all_seen) done.state = exit_state::ok;
  auto saved = instance_.sign_in.save();
  if (!saved) events_.on(event::notice{notice_level::warning, saved.error().message});
  return done;
}

/// What a list says by itself. Nobody is asked, so there are no lanes.
batch_result batch_run::read_only_list(const batch::row_visitor& visit) {
  auto records = sqlite::sqlite_ledger::open_temporary();
  if (!records) return failed(records.error());
  records_ = std::move(*records);
  const auto stopped = [this] { return is_stopped(); };
  pipeline::circuit_breaker nobody_held_back(false);
  auto counts =
      pipeline::take_in_list(*list_, describe(), *records_, nobody_held_back, stopped, core::max_name_bytes);
  if (!counts) return failed(counts.error());
  auto totals = records_->totals();
  if (!totals) return failed(totals.error());
  auto visited = records_->each(visit);
  if (!visited) return failed(visited.error());
  batch_result done;
  done.totals = *totals;
  done.run.intake = std::move(*counts);
  done.list = list_->facts();
  done.offline = true;
  return done;
}

result<void> batch_run::open_inputs(bool needs_instance) {
  batch_options asked = options_;
  asked.base_url = given_url_;
  auto valid = validate(asked);
  if (!valid) return valid;
  const auto given = core::normalize_url(given_url_);
  if (given && *given != options_.base_url + "/")
    events_.on(event::notice{
        notice_level::info,
        core::sentence("@base_url is the address of a page; the instance is {}", options_.base_url)});
  if (options_.own_source) valid = check_has_instance(options_.base_url);
  if (valid && options_.on_expiry == expiry_action::login && !options_.sign_in)
    valid =
        refused(core::spelled("@on_expiry login needs a way to sign in: batch_options::sign_in is empty"));
  if (valid && !guest_) valid = instance_.load_credentials([this] { return is_stopped(); });
  if (!valid) return valid;
  if (options_.resume)
    valid = open_last_run();
  else if (!options_.all)
    valid = open_list(needs_instance);
  if (valid && !guest_) valid = instance_.sign_in.load(events_);
  return valid;
}

result<void> batch_run::open_list(bool needs_instance) {
  auto list = lists::open_po_list(list_options_of(options_));
  if (!list) return list.error();
  list_ = std::move(*list);
  const list_facts facts = list_->facts();
  for (const std::string& remark : facts.remarks) events_.on(event::notice{notice_level::warning, remark});
  if (!guest_ && instance_.source != source_kind::api && instance_.source != source_kind::own)
    instance_.source = list_->is_manifest() ? source_kind::manifest : source_kind::web;
  const bool uses_instance = instance_.source == source_kind::web && needs_instance;
  return uses_instance ? check_has_instance(options_.base_url) : result<void>();
}

/// What was asked of it stands in its ledger.
result<void> batch_run::open_last_run() {
  auto opened = open_output();
  if (!opened) return opened;
  const auto before = records_->last_run();
  if (!before) return before.error();
  if (instance_.source == source_kind::automatic) {
    const bool manifest = before->info.source == to_string(source_kind::manifest);
    instance_.source = manifest ? source_kind::manifest : source_kind::web;
  }
  if (instance_.source == source_kind::manifest) return {};
  return check_has_instance(options_.base_url);
}

result<void> batch_run::open_lanes() {
  auto made = run_lanes::make({options_, instance_, events_, place_.lanes, ledger_, disk_});
  if (!made) return made.error();
  const std::lock_guard lock(mutex_);
  lanes_ = std::move(*made);
  if (asked_ != stop_reason::none)
    return make_failure(errc::cancelled, "stopped before anything was started");
  return {};
}

/// Nothing is made on disk for an instance that is not there or must not be trusted.
awaitable<result<void>> batch_run::reach_instance() {
  if (instance_.source == source_kind::manifest) co_return result<void>();
  auto reached = co_await lanes_->reach();
  if (reached) co_return reached;
  failure why = reached.error();
  if (why.code == errc::connection || why.code == errc::timeout)
    why.message += core::spelled(
        "; nothing was started: check @base_url and the network, then run the same command again");
  co_return why;
}

/// With a list, orders that nobody may ask for are recorded as PENDING; without one there is nothing to
/// record.
awaitable<result<void>> batch_run::check_api() {
  if (instance_.source != source_kind::api) co_return result<void>();
  auto accepted = co_await lanes_->check_api();
  if (accepted || accepted.error().code != errc::session_expired || options_.all) co_return accepted;
  refused_ = accepted.error();
  co_return result<void>();
}

bool batch_run::is_stopped() {
  const std::lock_guard lock(mutex_);
  return asked_ != stop_reason::none;
}

result<void> batch_run::open_output() {
  auto files = storage::file_store::open(options_.out, options_.pool.sync, true);
  if (!files) return files.error();
  auto locked = (*files)->lock();
  if (!locked) return locked;
  const bool durable = options_.pool.sync != durability::none;
  auto records =
      sqlite::sqlite_ledger::open((*files)->ledger_path(), sqlite::open_mode::read_write_create, durable);
  if (!records) return records.error();
  files_ = std::move(*files);
  records_ = std::move(*records);
  return {};
}

run_info batch_run::describe() const {
  run_info info;
  info.input = options_.all ? core::spelled("@all") : options_.input;
  info.source = to_string(instance_.source);
  info.base_url = core::mask_url(options_.base_url);
  info.columns = list_->columns();
  info.started_at = std::chrono::system_clock::now();
  info.listing = listing_;
  info.goes_on = goes_on_;
  return info;
}

result<void> batch_run::take_in(bool discover_only, store& files) {
  const pipeline::shared_parts parts{*records_, files, events_, ledger_, disk_};
  {
    const std::lock_guard lock(mutex_);
    controller_ = std::make_unique<pipeline::processing_controller>(parts, lanes_->lanes(), options_.pool);
    if (asked_ != stop_reason::none) controller_->request_stop(asked_);
  }
  if (discover_only) controller_->discover_only();
  controller_->narrow_refresh([this](const refresh_scope& scope, const refresh_facts& facts) -> result<bool> {
    if (auto same = check_refresh(); !same) return same.error();
    return instance_.source == source_kind::api ? narrow_to_changes(scope, facts) : result<bool>(false);
  });
  if (options_.resume) controller_->choose(*options_.resume);
  auto counts = options_.resume ? controller_->resume() : controller_->take_in(*list_, describe());
  if (!counts) return counts.error();
  if (options_.all && !options_.resume) {
    auto kept = records_->set_listed_to(listed_.reach(listed_to_));
    if (!kept) return kept;
  }
  intake_ = std::move(*counts);
  if (list_) tell_hidden_rows();
  return {};
}

/// Whoever filters a sheet may mean the rows that are left; before they are worked on, the person must know.
void batch_run::tell_hidden_rows() {
  const list_facts facts = list_->facts();
  if (facts.hidden_rows == 0 || facts.hidden_left_out) return;
  events_.on(event::notice{
      notice_level::warning,
      core::sentence("rows of the list that are hidden in the spreadsheet, by hand, by a filter or in a "
                     "closed group, and that are taken all the same: {}; @visible_rows leaves them out",
                     facts.hidden_rows)});
}

awaitable<> batch_run::work() {
  if (refused_)
    controller_->request_stop(stop_reason::session_expired);
  else
    co_await lanes_->run(*controller_);
}

batch_result batch_run::conclude() {
  if (options_.pool.refresh) events_.on(event::notice{notice_level::info, looks_.text()});
  auto totals = controller_->finish(retries_.count);
  if (!totals) {
    const bool earlier = controller_->stopped_by() == stop_reason::machine && controller_->stop_failure();
    return failed(earlier ? *controller_->stop_failure() : totals.error());
  }
  batch_result done;
  done.totals = *totals;
  done.state = state_for(controller_->stopped_by(), *totals);
  done.error = controller_->stop_failure();
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

batch_result batch_run::failed(const failure& why) const {
  batch_result done;
  done.state = core::consequence_of(why.code).exit;
  if (done.state == exit_state::interrupted && asked_ == stop_reason::terminated)
    done.state = exit_state::terminated;
  done.error = why;
  return done;
}

void batch_run::request_stop(stop_reason reason) {
  const std::lock_guard lock(mutex_);
  if (asked_ == stop_reason::none) asked_ = reason;
  if (left_) return;
  if (controller_) controller_->request_stop(reason);
  // The list itself may come from the instance.
  if (lanes_) lanes_->stop_reaching();
}

}  // namespace pofetch::engine
