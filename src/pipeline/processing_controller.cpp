#include "pipeline/processing_controller.hpp"

#include "core/po_rules.hpp"
#include "core/setting_text.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/dedupe.hpp"
#include "pipeline/folder_status.hpp"
#include "pipeline/intake.hpp"
#include "pipeline/reconcile.hpp"
#include "pipeline/session_gate.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <utility>

namespace pofetch::pipeline {

namespace {

/// Is there no PO left that a later run would take up?
bool nothing_open(const batch_totals& totals) { return core::count_taken_up(totals.by_status, true) == 0; }

}  // namespace

struct processing_controller::state {
  shared_parts parts;
  std::vector<lane> lanes;
  pool_config config;
  bool discover_only = false;
  circuit_breaker breaker;
  session_gate gate;
  std::vector<std::unique_ptr<worker_manager>> managers;
  std::atomic<stop_reason> reason{stop_reason::none};
  /// Guards `managers` while they are made, and what stands below: `stop` comes from any thread.
  mutable std::mutex mutex;
  std::optional<failure> why;
  std::chrono::steady_clock::time_point stops_at{};  ///< once there is a reason
  run_record run;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  state(shared_parts p, std::vector<lane> l, pool_config c)
      : parts(std::move(p)), lanes(std::move(l)), config(std::move(c)), breaker(config.breaker) {
    choice.retry_skipped = config.retry_skipped;
  }

  processing_controller::refresh_narrowing narrow;
  work_choice choice;

  [[nodiscard]] result<void> check_store() const;
  result<void> look_at_files();
  result<intake_counts> prepare(run_info info, bool of_manifest, intake_counts counts);
  result<void> expect_groups();
  void begin_work(const batch_totals& totals, const intake_counts& counts);
  void make_managers();
  result<refresh_facts> begin_refresh();
  void stop(stop_reason wanted, const std::optional<failure>& because,
            std::optional<std::chrono::milliseconds> grace = {});
  void link_copies();
  void name_folders();
};

/// Not every store is a file system.
result<void> processing_controller::state::check_store() const {
  const bool wants_folders = config.dedupe || config.folder_status;
  if (discover_only || !wants_folders || parts.files.folders() != nullptr) return {};
  return make_failure(
      errc::config,
      config.dedupe
          ? core::spelled("@dedupe: this store has no hard links; leave the option out")
          : core::spelled("@folder_status: this store cannot rename folders; leave the option out"));
}

processing_controller::processing_controller(shared_parts parts, std::vector<lane> lanes, pool_config config)
    : state_(std::make_unique<state>(parts, std::move(lanes), std::move(config))) {}

processing_controller::~processing_controller() = default;

void processing_controller::discover_only() { state_->discover_only = true; }

result<intake_counts> processing_controller::take_in(po_list& list, run_info info) {
  state& s = *state_;
  if (auto suited = s.check_store(); !suited) return suited.error();
  const auto stopped = [this] { return stopped_by() != stop_reason::none; };
  auto counts = take_in_list(list, info, s.parts.records, s.breaker, stopped, s.parts.files.longest_name());
  if (!counts) return counts;
  return s.prepare(std::move(info), list.is_manifest(), std::move(*counts));
}

result<intake_counts> processing_controller::resume(bool names_files) {
  state& s = *state_;
  if (auto suited = s.check_store(); !suited) return suited.error();
  auto run = s.parts.records.resume_run(std::chrono::system_clock::now());
  if (!run) return run.error();
  if (auto known = s.expect_groups(); !known) return known.error();
  return s.prepare(std::move(run->info), names_files, std::move(run->intake));
}

result<void> processing_controller::join(const run_record& run) {
  state& s = *state_;
  if (auto suited = s.check_store(); !suited) return suited.error();
  if (auto known = s.expect_groups(); !known) return known.error();
  s.run.info = run.info;
  s.run.intake = run.intake;
  const auto totals = s.parts.records.totals();
  if (!totals) return totals.error();
  s.begin_work(*totals, run.intake);
  return {};
}

result<void> processing_controller::state::expect_groups() {
  if (!config.breaker) return {};
  const auto groups = parts.records.groups();
  if (!groups) return groups.error();
  for (const po_group& group : *groups) breaker.expect(group.name, group.orders);
  return {};
}

void processing_controller::choose(work_choice what) { state_->choice = std::move(what); }

/// What is common to a list that was read and one that goes on: the ledger knows it whole by now.
result<intake_counts> processing_controller::state::prepare(run_info info, bool of_manifest,
                                                            intake_counts counts) {
  // A manifest has one row an attachment: a PO that comes again is no repetition.
  if (of_manifest) {
    counts.repeated = 0;
    counts.repeated_lines.clear();
  }
  run.info = std::move(info);
  run.intake = counts;
  if (!discover_only) {
    if (auto looked = look_at_files(); !looked) return looked.error();
  }
  // Whoever looks again at what is done needs its address.
  if (of_manifest && !config.refresh) {
    if (auto erased = parts.records.erase_addresses(); !erased) return erased.error();
  }
  auto totals = parts.records.totals();
  if (!totals) return totals.error();
  if (auto chosen = parts.records.choose(choice); !chosen) return chosen.error();
  if (config.refresh && !discover_only) {
    auto again = begin_refresh();
    if (!again) return again.error();
    totals->again = again->by_status;
  }
  begin_work(*totals, counts);
  return counts;
}

void processing_controller::state::begin_work(const batch_totals& totals, const intake_counts& counts) {
  make_managers();
  unsigned workers = 0;
  for (const auto& each : lanes) workers += each.workers;
  parts.events.on(event::batch_started{share(totals), share(counts), workers});
}

result<void> processing_controller::state::look_at_files() {
  const auto stopped = [this] { return reason.load() != stop_reason::none; };
  auto looked = reconcile(parts.records, parts.files, config, stopped);
  if (!looked) return looked.error();
  if (looked->missing + looked->changed > 0)
    parts.events.on(event::notice{
        notice_level::warning,
        fmt::format("{} files of earlier runs are missing and {} have changed; they are fetched again",
                    looked->missing, looked->changed)});
  if (looked->wanted > 0)
    parts.events.on(event::notice{
        notice_level::info,
        core::sentence("files that @include or @exclude left out before and that are fetched now: {}",
                       looked->wanted)});
  if (looked->adopted > 0)
    parts.events.on(
        event::notice{notice_level::info,
                      fmt::format("{} whole files of a run that was killed are kept", looked->adopted)});
  return {};
}

void processing_controller::state::make_managers() {
  const std::lock_guard lock(mutex);
  for (const auto& each : lanes) {
    auto on_stop = [this](stop_reason wanted, const failure& because) { stop(wanted, because); };
    managers.push_back(std::make_unique<worker_manager>(each, parts, config, breaker, gate, discover_only,
                                                        std::move(on_stop)));
  }
}

void processing_controller::narrow_refresh(refresh_narrowing how) { state_->narrow = std::move(how); }

result<refresh_facts> processing_controller::state::begin_refresh() {
  refresh_scope scope;
  if (config.refresh->count() > 0) scope.before = std::chrono::system_clock::now() - *config.refresh;
  auto facts = parts.records.begin_refresh(scope);
  if (!facts || !narrow) return facts;
  auto narrowed = narrow(scope, *facts);
  if (!narrowed) return narrowed.error();
  if (!*narrowed) return facts;
  scope.changed_only = true;
  return parts.records.begin_refresh(scope);
}

awaitable<> processing_controller::run_lane(std::size_t index) {
  state& s = *state_;
  // Whoever asked before there was anybody to tell.
  if (stopped_by() != stop_reason::none) co_return;
  try {
    co_await s.managers.at(index)->run();
  } catch (const std::exception& bug) {
    s.stop(stop_reason::machine,
           make_failure(errc::internal,
                        fmt::format("a worker ended unexpectedly: {}; please report this", bug.what())));
  }
}

void processing_controller::request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace) {
  state_->stop(reason, std::nullopt, grace);
}

void processing_controller::state::stop(stop_reason wanted, const std::optional<failure>& because,
                                        std::optional<std::chrono::milliseconds> grace) {
  const bool asked = wanted == stop_reason::interrupted || wanted == stop_reason::terminated;
  const auto within = asked ? grace.value_or(config.stop_grace) : std::chrono::milliseconds(0);
  const auto until = std::chrono::steady_clock::now() + within;
  const std::lock_guard lock(mutex);
  stop_reason none = stop_reason::none;
  const bool is_first = reason.compare_exchange_strong(none, wanted);
  if (is_first) why = because;
  if (!is_first && until >= stops_at) return;
  stops_at = until;
  for (std::size_t i = 0; i < managers.size(); ++i)
    boost::asio::post(lanes[i].executor, [manager = managers[i].get(), within] { manager->stop(within); });
}

/// Files are whole without it: what hinders it is told, and ends nothing.
void processing_controller::state::link_copies() {
  const auto stopped = [this] { return reason.load() != stop_reason::none; };
  if (!config.dedupe || discover_only || stopped()) return;
  auto linked = dedupe(parts.records, parts.files, stopped);
  if (!linked)
    return parts.events.on(
        event::notice{notice_level::warning, core::spelled("@dedupe: ") + linked.error().message});
  if (linked->files > 0)
    parts.events.on(event::notice{
        notice_level::info,
        fmt::format("files that became hard links of one with the same content: {}; bytes saved: {}",
                    linked->files, linked->bytes)});
}

/// As `link_copies`: what hinders it ends nothing, and the next run tries again.
void processing_controller::state::name_folders() {
  const auto stopped = [this] { return reason.load() != stop_reason::none; };
  if (discover_only || stopped()) return;
  const auto named = pipeline::name_folders(parts.records, parts.files, config.folder_status, stopped);
  if (!named)
    return parts.events.on(
        event::notice{notice_level::warning, "folders by status: " + named.error().message});
  if (named->first_problem)
    parts.events.on(event::notice{
        notice_level::warning,
        fmt::format("folders by status: {} keep the name that they had, the next run tries again; the "
                    "first: {}",
                    named->hindered, named->first_problem->message)});
  if (named->renamed > 0)
    parts.events.on(event::notice{notice_level::info,
                                  fmt::format("folders renamed, {}: {}",
                                              config.folder_status ? "so that they end in the status"
                                                                   : "so that no status stands in them",
                                              named->renamed)});
}

stop_reason processing_controller::stopped_by() const noexcept { return state_->reason.load(); }

std::optional<failure> processing_controller::stop_failure() const {
  const std::lock_guard lock(state_->mutex);
  return state_->why;
}

result<batch_totals> processing_controller::finish(std::uint64_t retries) {
  state& s = *state_;
  s.link_copies();
  s.name_folders();
  s.run.finished_at = std::chrono::system_clock::now();
  s.run.interrupted = stopped_by() != stop_reason::none;
  s.run.retries = retries;
  s.run.elapsed_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - s.started).count();
  for (const auto& each : s.lanes) s.run.requests += each.http.requests();
  if (auto erased = s.parts.records.erase_addresses(); !erased) return erased.error();
  auto ended = s.parts.records.end_run(s.run);
  if (!ended) return ended.error();
  auto totals = s.parts.records.totals();
  if (!totals) return totals;
  if (!s.discover_only && nothing_open(*totals)) {
    auto dropped = s.parts.files.drop_left();
    if (!dropped) s.parts.events.on(event::notice{notice_level::warning, dropped.error().message});
  }
  s.parts.events.on(event::batch_finished{share(*totals), share(s.run)});
  return totals;
}

}  // namespace pofetch::pipeline
