#include "cli/screen/progress_model.hpp"

#include "cli/screen/event_text.hpp"
#include "cli/text/printable.hpp"
#include "core/po_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace pofetch::cli {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

std::size_t index_of(po_status status) { return static_cast<std::size_t>(status); }

}  // namespace

progress_model::progress_model(kind what, time_source now)
    : kind_(what), now_(std::move(now)), created_(now_()) {}

progress_model::worker_slot* progress_model::slot(unsigned worker) {
  return worker < slot_count_.load(std::memory_order_acquire) ? &slots_[worker] : nullptr;
}

void progress_model::on(const progress_event& event) {
  std::visit([this](const auto& one) { take(one); }, event);
}

void progress_model::take(const event::batch_started& one) {
  if (slot_count_.load(std::memory_order_acquire) != 0 || is_told_) return;
  const batch_totals& totals = *one.totals;
  std::uint64_t work = 0;
  for (std::size_t i = 0; i < by_status_.size(); ++i) {
    const bool again = core::is_taken_up(static_cast<po_status>(i), kind_.retry_skipped);
    const std::uint64_t more = again ? totals.by_status[i] : std::min(totals.again[i], totals.by_status[i]);
    by_status_[i].store(totals.by_status[i] - more, relaxed);
    work += more;
  }
  by_status_[index_of(po_status::pending)].store(work, relaxed);
  pos_total_.store(totals.purchase_orders, relaxed);
  note_finish();
  slots_ = std::make_unique<worker_slot[]>(one.workers);
  slot_count_.store(one.workers, std::memory_order_release);
}

void progress_model::take(const event::po_started& one) {
  worker_slot* const mine = slot(one.worker);
  if (mine == nullptr) return;
  mine->bytes_of_po.store(0, relaxed);
  mine->files_of_po.store(0, relaxed);
  mine->found_of_po.store(0, relaxed);
  const std::lock_guard lock(mine->name_guard);
  mine->po = printable(one.po->number);
}

void progress_model::take(const event::po_discovered& one) {
  files_found_.fetch_add(one.attachments, relaxed);
  if (worker_slot* const mine = slot(one.worker)) mine->found_of_po.store(one.attachments, relaxed);
}

void progress_model::take(const event::bytes_received& one) {
  worker_slot* const mine = slot(one.worker);
  if (mine == nullptr) return;
  mine->bytes_of_po.fetch_add(one.count, relaxed);
  mine->bytes.fetch_add(one.count, relaxed);
}

void progress_model::take(const event::attachment_finished& one) {
  note_finish();
  const attachment_record& record = *one.record;
  if (record.status == attachment_status::completed || record.status == attachment_status::committing) {
    files_done_.fetch_add(1, relaxed);
  } else if (record.status == attachment_status::failed) {
    files_failed_.fetch_add(1, relaxed);
  }
  if (worker_slot* const mine = slot(one.worker)) mine->files_of_po.fetch_add(1, relaxed);
}

void progress_model::take(const event::retrying&) { retries_.fetch_add(1, relaxed); }

void progress_model::take(const event::signed_in&) {
  waiting_ = false;
  note_finish();
}

void progress_model::take(const event::throttled& now) {
  const std::lock_guard lock(spared_guard_);
  if (now.over())
    spared_.erase(now.host);
  else
    spared_[now.host] = throttling_text(now);
}

po_status progress_model::settled_as(const po_outcome& outcome) const {
  const bool planned = kind_.planning && outcome.status == po_status::pending && !outcome.error &&
                       !outcome.attachments.empty();
  return planned ? po_status::completed : outcome.status;
}

void progress_model::take(const event::po_finished& one) {
  const po_outcome& outcome = *one.outcome;
  note_finish();
  if (worker_slot* const mine = slot(one.worker)) {
    // This event comes when the commit is done; by then the worker is often at its next PO.
    const std::lock_guard lock(mine->name_guard);
    if (mine->po == printable(outcome.po.number)) mine->po.clear();
  }
  const po_status status = settled_as(outcome);
  if (status == po_status::pending) return;  // stopped under way: still to do
  if (!is_told_) {
    by_status_[index_of(po_status::pending)].fetch_sub(1, relaxed);
    by_status_[index_of(status)].fetch_add(1, relaxed);
  }
  pos_now_.fetch_add(1, relaxed);
  if (!core::is_bad(outcome.status)) return;
  bool counted = false;
  for (const attachment_record& each : outcome.attachments) {
    if (each.status != attachment_status::failed || !each.error) continue;
    count_cause(outcome.po.number, *each.error);
    counted = true;
  }
  if (!counted && outcome.error) count_cause(outcome.po.number, *outcome.error);
}

void progress_model::count_cause(const std::string& po, const failure& why) {
  const std::string code = code_word(why);
  const std::lock_guard lock(causes_guard_);
  error_cause& cause = causes_[code];
  if (cause.count++ > 0) return;
  cause.code = code;
  const std::string subject = "PO " + po;
  const bool said = why.message.find(subject) != std::string::npos;
  cause.example = printable(said ? why.message : subject + ": " + why.message);
}

void progress_model::tell(told_standing now) {
  const std::lock_guard lock(told_guard_);
  if (!is_told_.exchange(true)) note_finish();
  told_ = std::move(now);
}

std::optional<told_standing> progress_model::told() const {
  const std::lock_guard lock(told_guard_);
  return told_;
}

progress_snapshot progress_model::snapshot() {
  progress_snapshot now;
  const time_point time = now_();
  now.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(time - created_);
  now.waiting = waiting_.load(relaxed);
  now.pos_now = pos_now_.load(relaxed);
  const auto standing = told();
  if (standing)
    show_told(*standing, now);
  else
    show_counted(now);
  const time_point finished{time_point::duration{finished_at_.load(relaxed)}};
  if (now.started && !now.waiting && now.at_rest.empty() && time > finished)
    now.idle = std::chrono::duration_cast<std::chrono::milliseconds>(time - finished);
  {
    const std::lock_guard lock(spared_guard_);
    if (!spared_.empty()) now.spared = spared_.begin()->second;
    if (spared_.size() > 1) now.spared += fmt::format(" and {} more", spared_.size() - 1);
  }
  if (!standing) rate(now, time);
  return now;
}

void progress_model::show_told(const told_standing& from, progress_snapshot& into) const {
  into.started = from.totals.purchase_orders > 0;
  into.by_status = from.totals.by_status;
  into.pos_total = from.totals.purchase_orders;
  into.pos_done =
      into.pos_total - std::min(into.pos_total, from.totals.by_status[index_of(po_status::pending)]);
  into.files_found = from.totals.attachments_found;
  into.files_done = from.totals.attachments_downloaded;
  into.bytes = from.totals.bytes;
  into.retries = from.retries;
  into.bytes_per_second = from.bytes_per_second;
  into.pos_per_minute = from.pos_per_minute;
  into.left = from.left;
  into.at_rest = from.at_rest;
}

void progress_model::show_counted(progress_snapshot& now) {
  const std::size_t count = slot_count_.load(std::memory_order_acquire);
  now.started = count != 0;
  for (std::size_t i = 0; i < count; ++i) {
    worker_slot& each = slots_[i];
    now.bytes += each.bytes.load(relaxed);
    worker_view view{
        {}, each.files_of_po.load(relaxed), each.found_of_po.load(relaxed), each.bytes_of_po.load(relaxed)};
    const std::lock_guard lock(each.name_guard);
    view.po = each.po;
    now.workers.push_back(std::move(view));
  }
  for (std::size_t i = 0; i < by_status_.size(); ++i) now.by_status[i] = by_status_[i].load(relaxed);
  now.pos_total = pos_total_.load(relaxed);
  now.pos_done = now.pos_total - std::min(now.pos_total, now.by_status[index_of(po_status::pending)]);
  now.files_found = files_found_.load(relaxed);
  now.files_done = files_done_.load(relaxed);
  now.files_failed = files_failed_.load(relaxed);
  now.retries = retries_.load(relaxed);
}

void progress_model::rate(progress_snapshot& into, time_point now) {
  const process_usage usage = read_process_usage();
  into.memory = usage.memory;
  processor_rate_.sample(static_cast<double>(usage.processor.count()), now);
  into.processor_percent = processor_rate_.per_second() / 1e4;
  if (!into.started) return;
  bytes_rate_.sample(static_cast<double>(into.bytes), now);
  po_rate_.sample(static_cast<double>(into.pos_now), now);
  into.bytes_per_second = bytes_rate_.per_second();
  into.pos_per_minute = po_rate_.per_second() * 60;
  constexpr std::chrono::seconds too_early{3};
  if (into.elapsed < too_early || into.pos_now == 0 || po_rate_.per_second() <= 0) return;
  const double seconds = static_cast<double>(into.pos_total - into.pos_done) / po_rate_.per_second();
  constexpr double ten_years = 3650.0 * 86'400;
  into.left = std::chrono::milliseconds{static_cast<std::int64_t>(std::min(seconds, ten_years) * 1000)};
}

std::vector<error_cause> progress_model::causes(std::size_t most) const {
  std::vector<error_cause> all;
  {
    const std::lock_guard lock(causes_guard_);
    for (const auto& [code, cause] : causes_) all.push_back(cause);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const error_cause& a, const error_cause& b) { return a.count > b.count; });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace pofetch::cli
