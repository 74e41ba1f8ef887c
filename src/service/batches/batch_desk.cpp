#include "service/batches/batch_desk.hpp"

#include "async/offload.hpp"
#include "core/po_rules.hpp"
#include "engine/source_facts.hpp"
#include "http/cookie_file.hpp"
#include "http/io_result.hpp"
#include "service/batches/batch_request.hpp"
#include "service/metrics/run_meter.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

/// Waiting may mend it: the instance is away, or the disk is full.
bool is_passing(const failure& why) {
  const error_kind kind = kind_of(why.code);
  return why.code == errc::disk_full || why.code == errc::timeout || why.code == errc::connection ||
         kind == error_kind::remote;
}

json::object state_json(const batch_record& record) {
  json::object made{{"state", std::string(to_string(record.state))}, {"reason", nullptr}};
  if (record.reason)
    made["reason"] = json::object{{"code", record.reason->code},
                                  {"message", record.reason->message},
                                  {"next_step", record.reason->next_step}};
  return made;
}

/// Orders that the run takes up, as far as that is known before it; nothing: as every run.
std::optional<core::status_counts> taken_by(const batch_entry& batch) {
  if (!batch.record.list_read) return std::nullopt;
  core::status_counts taken = batch.record.sums.totals.by_status;
  if (batch.record.chosen) return batch.counted;
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (static_cast<po_status>(i) != po_status::pending) taken[i] = 0;
  return taken;
}

constexpr std::chrono::seconds first_wait{15};
constexpr std::chrono::seconds longest_wait{900};

}  // namespace

batch_desk::batch_desk(parts from)
    : parts_(std::move(from)),
      limits_(configured_limits()),
      events_(std::make_shared<event_ring>(parts_.executor, parts_.instance)) {}

batch_desk::~batch_desk() {
  for (const auto& [id, each] : all_) each->run.reset();
  index_thread_.join();
  readers_.join();
  slow_.join();
}

result<void> batch_desk::load(std::vector<std::string>& told) {
  auto kept = parts_.index->all();
  if (!kept) return kept.error();
  std::error_code ignored;
  for (batch_record& record : *kept) {
    const std::filesystem::path& root = parts_.folder.path();
    if (!std::filesystem::exists(parts_.folder.batch(record.id), ignored)) {
      const bool removed = std::filesystem::exists(root / "trash" / record.id, ignored) ||
                           std::filesystem::exists(root / "kept" / record.id, ignored);
      if (removed) {
        if (auto done = parts_.index->remove(record.id); !done) return done;
        continue;
      }
      told.push_back(fmt::format("the folder of batch {} is gone.", record.id));
      record.state = batch_state::failed;
      record.reason = batch_reason{"input", "The folder of the batch is gone.", "Submit the list again."};
    }
    if (record.verified && record.verified->contains("state") && record.verified->at("state") == "running")
      record.verified.reset();
    if (!is_ended(record.state)) {
      record.revision += 1000;  // some may have been given that were not kept
      record.state = record.desired == wish::run ? batch_state::queued : batch_state::paused;
      if (record.desired == wish::cancel) record.state = batch_state::cancelled;
    }
    if (auto done = parts_.index->save(record.id, kept_json(record)); !done) return done;
    if (record.state == batch_state::completed && record.finished_at)
      last_completed_ = std::max(last_completed_, *record.finished_at);
    const std::string id = record.id;
    all_.emplace(id, std::make_shared<batch_entry>(parts_.executor, std::move(record), parts_.instance));
  }
  for (const std::string& id : parts_.folder.batches()) {
    if (all_.contains(id)) continue;
    told.push_back(
        fmt::format("{} belongs to no batch that was accepted, and goes.", parts_.folder.batch(id).string()));
    static_cast<void>(parts_.folder.remove(id, false));
  }
  parts_.folder.clear_incoming();
  if (auto done = parts_.index->deliveries().forget_old(); !done) return done;
  auto unsent = parts_.index->deliveries().pending();
  if (!unsent) return unsent.error();
  parts_.hooks.take(std::move(*unsent));
  return parts_.index->forget_old_keys();
}

std::shared_ptr<batch_entry> batch_desk::find(const std::string& id) const {
  const auto found = all_.find(id);
  return found == all_.end() ? nullptr : found->second;
}

const profile* batch_desk::find_profile(std::string_view name) const {
  for (const profile& each : parts_.options.profiles)
    if (each.name == name) return &each;
  return nullptr;
}

awaitable<result<std::shared_ptr<batch_entry>>> batch_desk::add(batch_record record,
                                                                std::optional<kept_key> key) {
  auto entry = std::make_shared<batch_entry>(parts_.executor, std::move(record), parts_.instance);
  auto write = [this, &entry, &key] { return parts_.index->add(entry->record, key); };
  const result<void> kept = co_await async::offload(index_thread_.get_executor(), write);
  if (!kept) co_return kept.error();
  all_.emplace(entry->record.id, entry);
  tell(*entry, "batch", json::serialize(state_json(entry->record)));
  kick();
  co_return entry;
}

awaitable<result<std::optional<kept_key>>> batch_desk::find_key(std::string scope, std::string key) {
  auto read = [this, &scope, &key] { return parts_.index->find_key(scope, key); };
  auto found = co_await async::offload(index_thread_.get_executor(), read);
  co_return found;
}

void batch_desk::note_change(batch_entry& batch) {
  ++batch.record.revision;
  batch.changed.ring();
}

awaitable<result<void>> batch_desk::save(std::shared_ptr<batch_entry> batch) {
  note_change(*batch);
  auto write = [this, id = batch->record.id, kept = kept_json(batch->record)] {
    return parts_.index->save(id, kept);
  };
  const result<void> done = co_await async::offload(index_thread_.get_executor(), write);
  index_works_ = done.has_value();
  co_return done;
}

void batch_desk::tell(batch_entry& batch, std::string name, const std::string& data) {
  if (name == "batch" || name == "progress") {
    const std::string with_id = fmt::format("{{\"batch\":\"{}\",{}", batch.record.id, data.substr(1));
    events_->add(name, with_id);
  }
  batch.events->add(std::move(name), data);
}

void batch_desk::enter(batch_entry& batch, batch_state state) {
  batch_record& record = batch.record;
  record.state = state;
  if (state == batch_state::queued) record.queued_at = system_clock::now();
  if (state != batch_state::running) batch.motion = {};
  if (is_ended(state)) {
    record.finished_at = system_clock::now();
    note_end(batch);
    const bool good = state == batch_state::completed || state == batch_state::cancelled;
    const auto span = good ? parts_.options.keep : parts_.options.keep_failed;
    if (span.count() > 0) record.expires_at = *record.finished_at + span;
  } else {
    record.finished_at.reset();
    record.expires_at.reset();
  }
  tell(batch, "batch", json::serialize(state_json(record)));
  if (!is_ended(state)) return;
  json::object last = state_json(record);
  last["totals"] = sums_json(record.sums);
  tell(batch, "end", json::serialize(last));
}

// --- the queue ---

std::shared_ptr<batch_entry> batch_desk::next_in_line() const {
  const auto now = system_clock::now();
  // Who waits for an hour goes up a class.
  const auto rank = [now](const batch_record& record) {
    return static_cast<long>(record.urgency) +
           std::chrono::duration_cast<std::chrono::hours>(now - record.queued_at).count();
  };
  std::shared_ptr<batch_entry> best;
  for (const auto& [id, each] : all_) {
    if (each->record.state != batch_state::queued || each->run != nullptr) continue;
    if (best == nullptr || rank(each->record) > rank(best->record) ||
        (rank(each->record) == rank(best->record) && each->record.queued_at <= best->record.queued_at))
      best = each;
  }
  return best;
}

void batch_desk::kick() {
  if (stopping_) return;
  for (;;) {
    const auto running =
        std::count_if(all_.begin(), all_.end(), [](const auto& each) { return each.second->run != nullptr; });
    if (static_cast<std::size_t>(running) >= limits_.max_running) return;
    const auto next = next_in_line();
    if (next == nullptr) return;
    start(next);
  }
}

void batch_desk::start(const std::shared_ptr<batch_entry>& batch) {
  batch_record& record = batch->record;
  const profile* const from = find_profile(record.profile);
  if (from == nullptr) {
    record.reason =
        batch_reason{"config", "The profile '" + record.profile + "' is not in the configuration any more.",
                     "Put it back into the configuration file and resume the batch."};
    enter(*batch, batch_state::failed);
    note_change(*batch);
    return keep(*batch);
  }
  const auto now = system_clock::now();
  if (!record.started_at) record.started_at = now;
  if (!batch->set_out) batch->set_out = now;
  batch->got_on = now;
  parts_.metrics.batch_begun(now - record.queued_at);
  record.reason.reset();
  batch->last = {};
  batch->began = batch->last_look = steady_clock::now();
  auto wake = [this, who = std::weak_ptr(batch)] {
    auto come = [this, who] {
      if (const auto entry = who.lock()) look(entry);
    };
    boost::asio::post(parts_.executor, std::move(come));
  };
  batch->watch = std::make_shared<run_watch>(std::move(wake), taken_by(*batch),
                                             &parts_.metrics.meter_for(record.profile));
  enter(*batch, batch_state::running);
  batch_options options = options_for(record, *from, parts_.folder.batch(record.id));
  if (const auto most = limits_.profiles.find(record.profile); most != limits_.profiles.end()) {
    options.pool.requests_per_second = most->second.requests_per_second;
    options.pool.max_connections = most->second.max_connections;
  }
  batch->resumes = options.resume.has_value();
  batch->run = parts_.runner->start(std::move(options), record.profile, batch->watch);
  note_change(*batch);
  keep(*batch);
}

// --- a run ---

void batch_desk::look(const std::shared_ptr<batch_entry>& batch) {
  if (batch->watch == nullptr) return;
  run_news news = batch->watch->take();
  batch->events->lose(news.lost);
  for (run_event& each : news.events) tell(*batch, std::move(each.name), each.data);
  constexpr std::chrono::milliseconds least{950};
  const bool due = steady_clock::now() - batch->last_look >= least;
  if (due && !news.done) measure(*batch, news.now);
  if (news.done) {
    measure(*batch, news.now);
    end_of_run(batch, std::move(*news.done));
  }
}

void batch_desk::measure(batch_entry& batch, const run_counts& now) {
  const auto time = steady_clock::now();
  const double seconds = std::max(0.001, std::chrono::duration<double>(time - batch.last_look).count());
  batch_record& record = batch.record;
  if (!now.started) return;
  record.list_read = true;
  if (!batch.resumes) {
    record.rows = now.intake.rows;
    record.repeated = now.intake.repeated;
    record.invalid = now.intake.invalid;
  }
  record.sums.totals = now.totals;
  if (record.plans) record.looked_up = now.looked_up;
  record.sums.requests = 0;
  record.sums.retries = now.retries;
  record.sums.elapsed_seconds = std::chrono::duration<double>(time - batch.began).count();
  // Of the last seconds, not of the last one alone.
  constexpr double newest = 0.3;
  const auto mean = [](double& old, double value) {
    old = old == 0 ? value : old * (1 - newest) + value * newest;
  };
  mean(batch.motion.bytes_per_second,
       static_cast<double>(now.bytes - std::min(now.bytes, batch.last.bytes)) / seconds);
  mean(batch.motion.pos_per_minute, static_cast<double>(now.finished - batch.last.finished) * 60 / seconds);
  const std::uint64_t left = now.totals.by_status[static_cast<std::size_t>(po_status::pending)];
  batch.motion.eta_seconds.reset();
  if (batch.motion.pos_per_minute > 0.01)
    batch.motion.eta_seconds =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(left) * 60 / batch.motion.pos_per_minute));
  batch.motion.sign_in = now.sign_in;
  batch.motion.throttled = now.throttled;
  if (now.bytes != batch.last.bytes || now.finished != batch.last.finished)
    batch.got_on = last_progress_ = system_clock::now();
  batch.last = now;
  batch.last_look = time;
  note_change(batch);
  keep(batch);
  json::object data = batch_json(record, batch.motion)["progress"].as_object();
  data["totals"] = sums_json(record.sums);
  tell(batch, "progress", json::serialize(data));
}

void batch_desk::end_of_run(const std::shared_ptr<batch_entry>& batch, batch_result done) {
  batch->run.reset();
  batch->watch.reset();
  batch_record& record = batch->record;
  const bool worked = done.totals.purchase_orders > 0;
  if (worked) {
    record.sums = {done.totals, done.run.requests, done.run.retries, done.run.elapsed_seconds};
    record.list_read = true;
    if (!batch->resumes) {
      record.rows = done.run.intake.rows;
      record.repeated = done.run.intake.repeated;
      record.invalid = done.run.intake.invalid;
    }
    record.columns = done.run.info.columns;
  }
  settle_state(*batch, done);
  if (is_ended(record.state)) batch->session_lost = false;
  if (is_ended(record.state)) record.chosen.reset();
  // The list of a manifest may hold signed addresses.
  const bool over = record.state == batch_state::completed || record.state == batch_state::cancelled;
  std::error_code ignored;
  if (over && !record.plans && engine::facts_of(record.source).names_files)
    std::filesystem::remove(parts_.folder.batch(record.id) / record.list_file, ignored);
  note_change(*batch);
  keep(*batch, news_of(*batch));
  kick();
}

void batch_desk::settle_state(batch_entry& batch, const batch_result& done) {
  batch_record& record = batch.record;
  const failure unknown = make_failure(errc::internal, "the run ended without a reason");
  const failure& why = done.error ? *done.error : unknown;
  record.reason.reset();
  if (done.state == exit_state::ok) return enter(batch, batch_state::completed);
  if (done.state == exit_state::incomplete) return enter(batch, batch_state::incomplete);
  if (record.desired == wish::cancel) return enter(batch, batch_state::cancelled);
  if (record.desired == wish::pause) return enter(batch, batch_state::paused);
  // The ledger has not all of the list after all: after a power cut, say.
  if (batch.resumes && why.code == errc::input) {
    record.list_read = false;
    return enter(batch, batch_state::queued);
  }
  if (done.state == exit_state::interrupted || done.state == exit_state::terminated)
    return enter(batch, batch_state::queued);
  if (done.state == exit_state::sign_in || (done.state == exit_state::machine && is_passing(why)) ||
      (done.state == exit_state::usage && is_passing(why)))
    return block(batch, why);
  record.reason = reason_of(why);
  enter(batch, batch_state::failed);
}

void batch_desk::block(batch_entry& batch, const failure& why) {
  batch.record.reason = reason_of(why);
  const bool by_session = why.code == errc::session_expired;
  const profile* const from = find_profile(batch.record.profile);
  const bool by_file = by_session && from != nullptr && !from->access.cookie_file.empty();
  // That trying again by itself has gained nothing is no news.
  batch.asks_to_sign_in = by_session && (by_file || !batch.session_lost || batch.last.finished > 0);
  batch.session_lost = by_session;
  batch.cookie_state = cookie_state_of(batch.record);
  batch.wait = std::min(longest_wait, std::max(first_wait, batch.wait * 2));
  batch.again_at.reset();
  if (!by_file) batch.again_at = steady_clock::now() + batch.wait;
  enter(batch, batch_state::blocked);
  if (!by_session) return;
  batch.motion.sign_in = batch.record.reason->next_step;
  tell(batch, "sign_in", json::serialize(json::object{{"needed", true}, {"advice", batch.motion.sign_in}}));
}

// --- what waits ---

std::string batch_desk::cookie_state_of(const batch_record& record) const {
  const profile* const from = find_profile(record.profile);
  if (from == nullptr || from->access.cookie_file.empty()) return {};
  const auto version = http::version_of(from->access.cookie_file);
  if (!version) return {};
  return fmt::format("{} {} {} {}", version->device, version->inode, version->size, version->changed_ns);
}

void batch_desk::look_at_blocked() {
  const auto now = steady_clock::now();
  for (const auto& [id, each] : all_) {
    if (each->record.state != batch_state::blocked) continue;
    const bool waited = each->again_at && now >= *each->again_at;
    const bool renewed = !each->again_at && cookie_state_of(each->record) != each->cookie_state;
    if (!waited && !renewed) continue;
    parts_.runner->forget(each->record.profile);
    enter(*each, batch_state::queued);
    note_change(*each);
    keep(*each);
  }
  kick();
}

result<void> batch_desk::put_cookies(const profile& which, std::string_view cookies) {
  if (auto written = http::write_cookie_file(which.access.cookie_file, cookies); !written) return written;
  return parts_.runner->renew(which.name, cookies);
}

void batch_desk::session_renewed(const std::string& name) {
  for (const auto& [id, each] : all_) {
    if (each->record.state != batch_state::blocked || each->record.profile != name) continue;
    each->wait = {};
    enter(*each, batch_state::queued);
    note_change(*each);
    keep(*each);
  }
  kick();
}

awaitable<> batch_desk::keep_watch() {
  constexpr std::chrono::seconds period{1};
  constexpr std::chrono::minutes sweep_period{1};
  boost::asio::steady_timer timer(parts_.executor);
  unsigned minutes = 0;
  kick();
  for (;;) {
    timer.expires_after(period);
    const auto [error] = co_await timer.async_wait(http::as_result);
    if (error) http::throw_cancelled();
    const auto batches = all_;  // looks may change it
    for (const auto& [id, each] : batches)
      if (each->run != nullptr) look(each);
    look_at_blocked();
    if (steady_clock::now() - swept_ < sweep_period) continue;
    swept_ = steady_clock::now();
    drop_old();
    drop_events();
    if (++minutes % 60 == 0) forget_old();
  }
}

awaitable<bool> batch_desk::stop(std::chrono::seconds limit) {
  stopping_ = true;
  for (const auto& [id, each] : all_)
    if (each->run != nullptr) each->run->request_stop(stop_reason::terminated);
  const auto until = steady_clock::now() + limit;
  constexpr std::chrono::milliseconds glance{20};
  boost::asio::steady_timer timer(parts_.executor);
  const auto is_running = [](const auto& each) { return each.second->run != nullptr; };
  bool ended = std::none_of(all_.begin(), all_.end(), is_running);
  while (!ended && steady_clock::now() < until) {
    timer.expires_after(glance);
    const auto [error] = co_await timer.async_wait(http::as_result);
    if (error) break;
    ended = std::none_of(all_.begin(), all_.end(), is_running);
  }
  co_return ended;
}

}  // namespace pofetch::service
