#include "engine/batch_run.hpp"

#include "core/consequence.hpp"
#include "core/file_name.hpp"
#include "core/mask_url.hpp"
#include "core/po_number.hpp"
#include "core/po_rules.hpp"
#include "core/timestamp.hpp"
#include "core/url.hpp"
#include "core/version_key.hpp"
#include "engine/api_options.hpp"
#include "lists/po_list_reader.hpp"
#include "lists/report_writer.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/intake.hpp"
#include "sources/api_orders.hpp"
#include "sources/base_url.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::engine {

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

result<void> check_base_url(const std::string& base_url) {
  if (base_url.empty())
    return make_failure(
        errc::config,
        "the address of the instance is missing: give --base-url https://<tenant>.coupahost.com "
        "(only a list with a url column does without)");
  auto origin = core::origin_of(base_url);
  if (origin) return {};
  return make_failure(errc::config, fmt::format("--base-url '{}' is no web address; it must look like "
                                                "https://<tenant>.coupahost.com",
                                                core::mask_url(base_url)));
}

/// Copied from a browser's bar, it is the address of a page: the instance is its origin.
void take_instance(std::string& base_url, progress& events) {
  const std::string instance = sources::clean_base(base_url);
  const auto normal = core::normalize_url(base_url);
  if (normal && *normal != instance + "/")
    events.notice(notice_level::info,
                  fmt::format("--base-url is the address of a page; the instance is {}", instance));
  base_url = instance;
}

std::vector<order_change> changes_in(const std::vector<sources::api_order_facts>& orders) {
  std::vector<order_change> changes;
  for (const auto& order : orders)
    for (const core::parsed_po& one : core::parse_po_cell(order.number).orders)
      changes.push_back({std::string(core::without_leading_zeros(one.number)), order.updated_at});
  return changes;
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

/// Each source and each instance has keys of its own for the same files.
failure other_keys(std::string_view filled, const std::string& was, const std::string& is) {
  return make_failure(errc::config,
                      fmt::format("--refresh: the folder was filled {} {}; with {} every file would count as "
                                  "a new one. Give {}, or another folder",
                                  filled, was, is, was));
}

constexpr std::string_view api_pages = "/api/";

page_area pages_of(source_kind source, const std::string& home) {
  if (source == source_kind::manifest) return {};
  const std::string api = home + std::string(api_pages);
  return source == source_kind::api ? page_area{api} : page_area{home + "/", api};
}

/// Which source has such pages.
source_kind source_of(std::string_view page) {
  if (page.empty()) return source_kind::manifest;
  return core::path_of(page).starts_with(api_pages) ? source_kind::api : source_kind::web;
}

}  // namespace

void look_counter::attachment_finished(unsigned, const attachment_record& record) {
  if (record.status != attachment_status::committing) return;
  ++files_;
  if (core::split_version(record.key).number > 1) ++versions_;
}

void look_counter::po_finished(unsigned, const po_outcome& outcome) {
  if (!outcome.look) return;
  ++orders_;
  for (const auto& record : outcome.attachments) gone_ += record.gone ? 1U : 0U;
}

std::string look_counter::text() const {
  return fmt::format(
      "purchase orders looked at: {}; files fetched: {}, of these further versions of files that are there: "
      "{}; "
      "files there that are not listed any more: {}",
      orders_.load(), files_.load(), versions_.load(), gone_.load());
}

batch_run::batch_run(const batch_options& options, progress& events)
    : options_(options), events_({&retries_, &looks_, &events}), instance_(options_, events_) {}

batch_run::~batch_run() = default;

batch_result batch_run::fetch() {
  result<void> ready = open_inputs(true);
  if (ready) ready = open_lanes();
  if (ready) ready = reach_instance();
  if (ready) ready = check_api();
  // A list that goes on is asked for by what the folder knows.
  if (ready && options_.all && options_.pool.refresh) ready = open_output();
  if (ready) ready = list_instance();
  if (ready && !records_) ready = open_output();
  if (ready) ready = check_own_source();
  if (ready) ready = take_in(false, *files_);
  if (!ready) return failed(ready.error());
  work();
  batch_result done = conclude();
  auto saved = instance_.sign_in.save();
  if (!saved) events_.notice(notice_level::warning, saved.error().message);
  auto report = lists::write_own_report(*records_, files_->handle(), options_.out);
  if (!report) {
    // What ended the run says more than the report that could not be written for the same reason.
    if (done.state != exit_state::machine || !done.error) done.error = report.error();
    done.state = exit_state::machine;
  }
  return done;
}

batch_result batch_run::plan(const std::function<result<void>(const report_row&)>& visit) {
  result<void> ready = open_inputs(false);
  if (ready && instance_.source == source_kind::web && options_.base_url.empty())
    return read_only_list(visit);
  if (ready) ready = open_lanes();
  if (ready) ready = reach_instance();
  if (ready) ready = check_api();
  if (ready) ready = list_instance();
  if (ready) {
    auto records = sqlite::sqlite_ledger::open_temporary();
    if (records)
      records_ = std::move(*records);
    else
      ready = records.error();
  }
  if (ready) ready = take_in(true, nothing_);
  if (!ready) return failed(ready.error());
  work();
  batch_result done = conclude();
  auto visited = records_->each(visit);
  if (!visited) return failed(visited.error());
  // A plan is whole when every PO could be looked at; what is there is not fetched, so PENDING is fine.
  const bool all_seen = core::count_bad(done.totals.by_status) == 0;
  if (done.state == exit_state::incomplete && all_seen) done.state = exit_state::ok;
  auto saved = instance_.sign_in.save();
  if (!saved) events_.notice(notice_level::warning, saved.error().message);
  return done;
}

/// What a list says by itself. Nobody is asked, so there are no lanes.
batch_result batch_run::read_only_list(const std::function<result<void>(const report_row&)>& visit) {
  auto records = sqlite::sqlite_ledger::open_temporary();
  if (!records) return failed(records.error());
  records_ = std::move(*records);
  const auto stopped = [this] { return is_stopped(); };
  pipeline::circuit_breaker nobody_held_back(false);
  auto counts = pipeline::take_in_list(*list_, describe(), *records_, nobody_held_back, {}, stopped,
                                       core::max_name_bytes);
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
  take_instance(options_.base_url, events_);
  auto valid = validate(options_.pool);
  if (!valid) return valid;
  valid = check_listing(options_);
  const bool named = options_.source == source_kind::web || options_.source == source_kind::api;
  if (valid && (named || options_.own_source)) valid = check_base_url(options_.base_url);
  if (!valid) return valid;
  valid = check_expiry(options_);
  if (valid) valid = instance_.load_credentials([this] { return is_stopped(); });
  if (!valid) return valid;
  if (options_.all) return instance_.sign_in.load(events_);
  auto list = lists::open_po_list(list_options_of(options_));
  if (!list) return list.error();
  list_ = std::move(*list);
  const list_facts facts = list_->facts();
  for (const std::string& remark : facts.remarks) events_.notice(notice_level::warning, remark);
  if (instance_.source != source_kind::api && instance_.source != source_kind::own)
    instance_.source = list_->is_manifest() ? source_kind::manifest : source_kind::web;
  const bool uses_instance = instance_.source == source_kind::web && needs_instance;
  if (uses_instance || !options_.base_url.empty()) {
    auto base = check_base_url(options_.base_url);
    if (!base) return base;
  }
  return instance_.sign_in.load(events_);
}

result<void> batch_run::open_lanes() {
  auto made = run_lanes::make({options_, instance_, rows_});
  if (!made) return made.error();
  const std::lock_guard lock(mutex_);
  lanes_ = std::move(*made);
  if (asked_ != stop_reason::none)
    return make_failure(errc::cancelled, "stopped before anything was started");
  return {};
}

/// Nothing is made on disk for an instance that is not there or must not be trusted.
result<void> batch_run::reach_instance() {
  if (instance_.source == source_kind::manifest) return {};
  auto reached = lanes_->reach();
  if (reached) return {};
  failure why = reached.error();
  if (why.code == errc::connection || why.code == errc::timeout)
    why.message += "; nothing was started: check --base-url and the network, then run the same command again";
  return why;
}

/// With a list, orders that nobody may ask for are recorded as PENDING; without one there is nothing to
/// record.
result<void> batch_run::check_api() {
  if (instance_.source != source_kind::api) return {};
  auto accepted = lanes_->check_api();
  if (accepted) return {};
  if (accepted.error().code != errc::session_expired || options_.all) return accepted;
  refused_ = accepted.error();
  return {};
}

/// With --all, the instance's own orders are the list.
result<void> batch_run::list_instance() {
  if (!options_.all) return {};
  sources::order_filter filter{options_.since, options_.query};
  listing_ = sources::orders_url(options_.base_url, filter);
  if (records_) {
    const auto before = records_->last_run();
    const bool same = before && before->info.listing == listing_;
    const auto reached = same ? core::parse_timestamp(before->listed_to) : std::nullopt;
    goes_on_ = reached.has_value();
    if (goes_on_) {
      listed_to_ = before->listed_to;
      const auto since = core::parse_timestamp(options_.since);
      if (!since || *reached - listing_overlap > *since) filter.since = with_overlap(*reached);
    }
  }
  const std::string url = sources::orders_url(options_.base_url, filter);
  auto read = [this, url](std::uint64_t offset) -> result<std::vector<sources::api_order_facts>> {
    auto page = lanes_->read_orders(url, offset);
    if (!page) return page.error();
    listed_.begin(page->at);
    listed_.saw(page->orders);
    return std::move(page->orders);
  };
  auto list = sources::api_orders::open(std::move(read), options_.folder_columns, goes_on_);
  if (!list) return list.error();
  list_ = std::move(*list);
  return {};
}

/// Where a caller's own source has its pages is not known: only the last run says whether it was one.
result<void> batch_run::check_own_source() {
  if (!options_.pool.refresh) return {};
  const std::string_view own = to_string(source_kind::own);
  const std::string_view source = to_string(instance_.source);
  const auto before = records_->last_run();
  if (!before || (before->info.source == own) == (source == own)) return {};
  return other_keys("with", fmt::format("--source {}", before->info.source),
                    fmt::format("--source {}", source));
}

/// The pages of the orders that have files say where these came from.
result<void> batch_run::check_refresh() {
  if (instance_.source == source_kind::own) return {};
  const std::string home = sources::clean_base(options_.base_url);
  const auto elsewhere = records_->page_outside(pages_of(instance_.source, home));
  if (!elsewhere) return elsewhere.error();
  if (!*elsewhere) return {};
  const std::string& page = **elsewhere;
  const std::string from = sources::clean_base(page);
  if (instance_.source != source_kind::manifest && !page.empty() && from != home)
    return other_keys("from", "--base-url " + from, "--base-url " + home);
  return other_keys("with", fmt::format("--source {}", to_string(source_of(page))),
                    fmt::format("--source {}", to_string(instance_.source)));
}

/// Which of the done orders have changed, the API says at once: asking for each costs two requests and more.
result<bool> batch_run::narrow_to_changes(const refresh_scope& scope, const refresh_facts& facts) {
  if (refused_) return false;
  if (!options_.all) {
    if (!facts.oldest) return false;
    auto noted = note_changed_orders(with_overlap(*facts.oldest), facts.orders());
    if (!noted || !*noted) return noted;
  }
  auto ended = records_->end_changes(scope, listed_.begun().value_or(std::chrono::system_clock::now()));
  if (!ended) return ended.error();
  return true;
}

/// False: the list cannot be read, or is longer than asking for each order.
result<bool> batch_run::note_changed_orders(const std::string& since, std::uint64_t most_pages) {
  const std::string url = sources::orders_url(options_.base_url, {since, {}});
  std::string first_id;
  std::uint64_t offset = 0;
  for (std::uint64_t pages = 0; pages <= most_pages; ++pages) {
    auto page = lanes_->read_orders(url, offset);
    if (!page && (page.error().code == errc::cancelled || page.error().code == errc::session_expired))
      return page.error();
    const bool again = page && !page->orders.empty() && page->orders.front().id == first_id;
    if (again && page->orders.size() < sources::api_client::page_size) return true;
    if (!page || again) {
      events_.notice(notice_level::warning,
                     fmt::format("which orders have changed cannot be listed, so each is looked at: {}",
                                 page ? "the REST API gives the same page again" : page.error().message));
      return false;
    }
    listed_.begin(page->at);
    if (page->orders.empty()) return true;
    auto noted = records_->note_changes(changes_in(page->orders));
    if (!noted) return noted.error();
    first_id = page->orders.front().id;
    offset += page->orders.size();
  }
  return false;
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
  info.input = options_.all ? "--all" : options_.input;
  info.source = to_string(instance_.source);
  info.base_url = core::mask_url(options_.base_url);
  info.columns = list_->columns();
  info.started_at = std::chrono::system_clock::now();
  info.listing = listing_;
  info.goes_on = goes_on_;
  return info;
}

result<void> batch_run::take_in(bool discover_only, store& files) {
  const pipeline::shared_parts parts{*records_, files, events_, lanes_->ledger_thread(),
                                     lanes_->storage_thread()};
  {
    const std::lock_guard lock(mutex_);
    controller_ = std::make_unique<pipeline::processing_controller>(parts, lanes_->lanes(), options_.pool);
    if (asked_ != stop_reason::none) controller_->request_stop(asked_);
  }
  if (discover_only) controller_->discover_only();
  pipeline::processing_controller::row_tap tap;
  if (instance_.source == source_kind::manifest)
    tap = [this](const po_row& row) {
      return rows_.add(row.number,
                       sources::manifest_row{row.line, row.url, row.filename, row.sha256, row.size});
    };
  controller_->narrow_refresh([this](const refresh_scope& scope, const refresh_facts& facts) -> result<bool> {
    if (auto same = check_refresh(); !same) return same.error();
    return instance_.source == source_kind::api ? narrow_to_changes(scope, facts) : result<bool>(false);
  });
  auto counts = controller_->take_in(*list_, describe(), tap);
  if (!counts) return counts.error();
  if (options_.all) {
    auto kept = records_->set_listed_to(listed_.reach(listed_to_));
    if (!kept) return kept;
  }
  intake_ = std::move(*counts);
  tell_hidden_rows();
  return {};
}

/// Whoever filters a sheet may mean the rows that are left; before they are worked on, the person must know.
void batch_run::tell_hidden_rows() {
  const list_facts facts = list_->facts();
  if (facts.hidden_rows == 0 || facts.hidden_left_out) return;
  events_.notice(
      notice_level::warning,
      fmt::format(
          "rows of the list that are hidden in the spreadsheet, by hand, by a filter or in a closed group, "
          "and that are taken all the same: {}; --visible-rows leaves them out",
          facts.hidden_rows));
}

void batch_run::work() {
  if (refused_)
    controller_->request_stop(stop_reason::session_expired);
  else
    lanes_->run(*controller_);
}

batch_result batch_run::conclude() {
  if (options_.pool.refresh) events_.notice(notice_level::info, looks_.text());
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
  done.list = list_->facts();
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
  if (controller_) controller_->request_stop(reason);
  // The list itself may come from the instance.
  if (lanes_) lanes_->stop_reaching();
}

}  // namespace pofetch::engine
