// All batches together: how many there are and how they are, and what may be done at a time.
#include "service/batches/batch_desk.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace pofetch::service {

namespace {

using std::chrono::system_clock;

double since_1970(system_clock::time_point when) {
  return std::chrono::duration<double>(when.time_since_epoch()).count();
}

/// Orders that are still to be done, as far as the list is known.
std::uint64_t orders_to_do(const batch_record& record) {
  if (record.list_read) return record.sums.totals.by_status[static_cast<std::size_t>(po_status::pending)];
  return record.rows - std::min(record.rows, record.invalid);
}

}  // namespace

const std::string& batch_entry::shown() const {
  if (shown_revision_ != record.revision) shown_ = boost::json::serialize(batch_json(record, motion));
  shown_revision_ = record.revision;
  return shown_;
}

std::size_t batch_desk::open_count() const {
  return static_cast<std::size_t>(std::count_if(
      all_.begin(), all_.end(), [](const auto& each) { return !is_ended(each.second->record.state); }));
}

bool batch_desk::needs_sign_in(std::string_view profile) const {
  return std::any_of(all_.begin(), all_.end(), [profile](const auto& each) {
    const batch_record& record = each.second->record;
    return record.profile == profile && record.state == batch_state::blocked && record.reason &&
           record.reason->code == "session_expired";
  });
}

void batch_desk::describe(service_state& into) const {
  std::optional<system_clock::time_point> oldest;
  std::optional<system_clock::time_point> stuck;
  for (const auto& [id, each] : all_) {
    const batch_record& record = each->record;
    ++into.batches[static_cast<std::size_t>(record.state)];
    if (!is_ended(record.state)) into.orders_open += orders_to_do(record);
    if (record.state == batch_state::queued)
      oldest = std::min(oldest.value_or(record.queued_at), record.queued_at);
    if (record.state == batch_state::running) stuck = std::min(stuck.value_or(each->got_on), each->got_on);
  }
  into.oldest_queued = since_1970(oldest.value_or(system_clock::time_point{}));
  into.last_progress = since_1970(stuck.value_or(last_progress_));
  into.last_completed = since_1970(last_completed_);
  for (const profile& each : parts_.options.profiles)
    into.signed_in.emplace_back(each.name, !needs_sign_in(each.name));
  for (asked_host& each : parts_.runner->hosts()) into.hosts.push_back(std::move(each.now));
  into.webhooks_pending = parts_.hooks.pending();
}

batch_desk::limits batch_desk::configured_limits() const {
  limits made;
  made.max_running = parts_.options.max_running;
  for (const profile& each : parts_.options.profiles)
    made.profiles[each.name] = {each.access.pool.requests_per_second, each.access.pool.max_connections};
  return made;
}

void batch_desk::change_limits(limits now) {
  for (const auto& [name, most] : now.profiles) {
    const auto before = limits_.profiles.find(name);
    if (before == limits_.profiles.end() || before->second != most) parts_.runner->change_limits(name, most);
  }
  limits_ = std::move(now);
  kick();
}

void batch_desk::note_end(batch_entry& batch) {
  const auto now = *batch.record.finished_at;
  std::optional<service_metrics::seconds> took;
  if (batch.set_out) took = now - *batch.set_out;
  batch.set_out.reset();
  parts_.metrics.batch_ended(batch.record.state, took);
  if (batch.record.state == batch_state::completed) last_completed_ = now;
}

void batch_desk::wake_streams() {
  events_->changed.ring();
  for (const auto& [id, each] : all_) {
    each->events->changed.ring();
    each->changed.ring();
  }
}

}  // namespace pofetch::service
