#include "pipeline/worker.hpp"

#include "async/task_group.hpp"
#include "core/mask_url.hpp"
#include "pipeline/measure.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

/// What earlier runs know of each attachment, by key.
using known_by_key = std::unordered_map<std::string, const attachment_record*>;

known_by_key index(const std::vector<attachment_record>& known) {
  known_by_key by_key;
  for (const auto& record : known) by_key.emplace(record.key, &record);
  return by_key;
}

/// The record with which an attachment enters this run.
attachment_record start_record(const attachment& found, std::int64_t ordinal,
                               const attachment_record* known) {
  attachment_record record;
  if (known != nullptr) record = *known;
  record.ordinal = ordinal;
  record.key = found.key;
  record.url = core::mask_url(found.url);
  return record;
}

/// A PO that asks to sign in so often while the session holds, and gets nothing further, does not mean it.
constexpr unsigned most_in_vain = 3;

/// New sessions in a row that end before anything is gained; no further one is asked for.
constexpr unsigned most_renewals_in_vain = 3;

failure does_not_last(const failure& why) {
  return make_failure(
      errc::session_expired,
      fmt::format("signing in does not last: {} new sessions in a row ended before anything new came; look "
                  "in a browser whether this user stays signed in (a sign-in elsewhere may end this one), "
                  "then run the same command again. Last: {}",
                  most_renewals_in_vain, why.message));
}

/// Did this PO fail because the user has no right to it?
bool is_denied(const failure& why) { return why.code == errc::not_found && why.http_status == 403; }

}  // namespace

worker::worker(const worker_parts& parts, unsigned number)
    : parts_(parts),
      number_(number),
      downloader_(parts.where.http, parts.parts.files, parts.where.source, parts.where.time, parts.config,
                  parts.parts.events, parts.parts.storage_thread, number),
      changed_(parts.where.executor) {}

awaitable<> worker::run() {
  async::task_group both(parts_.where.executor);
  both.spawn(look_ahead());
  both.spawn(work());
  co_await both.join();
}

bool worker::may_look() const noexcept { return !next_ && (parts_.look_ahead || idle_); }

awaitable<> worker::look_ahead() {
  std::exception_ptr ended;
  try {
    co_await feed_work();
  } catch (...) {
    ended = std::current_exception();
  }
  // However it ended: a worker whose group is cancelled because of another's bug, not by a stop, hands over
  // what it has and must not wait for more.
  dry_ = true;
  changed_.notify_all();
  if (ended) std::rethrow_exception(ended);
}

awaitable<> worker::feed_work() {
  for (;;) {
    while (!may_look() && !leaving_) co_await changed_.wait();
    if (leaving_) co_return;
    auto next = co_await look_up_next();
    if (!next) co_return;
    next_ = std::move(next);
    changed_.notify_all();
  }
}

/// Nothing if there is no PO left or none is wanted.
awaitable<std::optional<worker::looked_up>> worker::look_up_next() {
  std::optional<looked_up> next;
  // A turn for each PO: where answers are there before they are waited for, nothing else would get one, not
  // even the stop.
  co_await boost::asio::post(parts_.where.executor, boost::asio::use_awaitable);
  while (parts_.gate.closed() && !parts_.stopping) co_await parts_.gate_opened.wait();
  if (parts_.stopping) co_return next;
  auto lease = co_await parts_.next.next();
  if (!lease) parts_.stop(stop_reason::machine, lease.error());
  if (!lease || !lease->has_value() || parts_.stopping) co_return next;
  next.emplace(looked_up{std::move(**lease)});
  const purchase_order& po = next->lease.po;
  next->told = idle_;
  if (idle_) parts_.parts.events.po_started(number_, po);
  if (auto refused = parts_.breaker.refuses(po.group)) {
    next->ended = ended_early(po, po_status::skipped, *refused);
    co_return next;
  }
  co_await look_up(*next);
  co_return next;
}

awaitable<> worker::look_up(looked_up& next) {
  const purchase_order& po = next.lease.po;
  next.asked_in = parts_.gate.now();
  auto found = co_await parts_.where.source.discover(po);
  if (found) {
    parts_.breaker.report(po.group, false);
    next.found = std::move(*found);
    next.ended.reset();
    // Once only: a site that shows pages but refuses every file would be asked without end.
    if (!std::exchange(next.read, true)) parts_.gate.gained();
  } else {
    next.ended = discovery_failed(po, found.error());
  }
}

awaitable<> worker::work() {
  while (!parts_.stopping) {
    idle_ = true;
    changed_.notify_all();
    while (!next_ && !dry_) co_await changed_.wait();
    idle_ = false;
    if (!next_) break;
    looked_up next = std::move(*next_);
    next_.reset();
    changed_.notify_all();
    co_await handle(std::move(next));
  }
  leaving_ = true;
  changed_.notify_all();
}

awaitable<> worker::handle(looked_up next) {
  if (!next.told) parts_.parts.events.po_started(number_, next.lease.po);
  auto done = co_await work_on(next);
  done.worker = number_;
  done.outcome.finished_at = parts_.where.time.wall();
  const bool unread = !done.read && done.outcome.status == po_status::pending;
  if (unread) {
    // Nothing new is known of it but why it could not be read, if that is a matter of this order.
    const auto& why = done.outcome.error;
    if (!why || why->code != errc::session_expired) co_return;
    done.outcome.attachments = std::move(next.lease.known);
  }
  if (!unread && !done.signed_out) parts_.gate.gained();
  co_await parts_.done.hand_over(std::move(done));
}

/// Until it is done, however often the session has to be renewed on the way. What is whole by then is kept at
/// once: a person may take hours to sign in.
awaitable<finished_po> worker::work_on(looked_up& next) {
  again_ = false;
  for (unsigned in_vain = 0;;) {
    const auto renewals = parts_.gate.renewals();
    auto asked_in = next.asked_in;
    finished_po done;
    if (next.ended) {
      done = std::move(*next.ended);
    } else {
      asked_in = parts_.gate.now();
      done = co_await fetch(next);
    }
    if (!done.signed_out) co_return done;
    failure why = *done.signed_out;
    const bool any = std::any_of(done.parts.begin(), done.parts.end(),
                                 [](const commit_part& part) { return part.body != nullptr; });
    if (parts_.where.keeper == nullptr || parts_.stopping) {
      parts_.stop(stop_reason::session_expired, why);
      co_return done;
    }
    again_ = again_ || done.read;
    if (any) {
      done.worker = number_;
      done.outcome.finished_at = parts_.where.time.wall();
      auto kept = co_await parts_.done.keep(std::move(done));
      if (!kept) co_return ended_early(next.lease.po, po_status::pending, std::move(why));
      next.lease.known = std::move(*kept);
      parts_.gate.gained();
    }
    auto holds = co_await session_holds(asked_in, why);
    in_vain = any || parts_.gate.renewals() != renewals ? 0 : in_vain + 1;
    if (holds && in_vain == most_in_vain) {
      parts_.parts.events.notice(
          notice_level::warning,
          fmt::format(
              "PO {} asks to sign in again and again, although the session holds; it stays PENDING: {}",
              next.lease.po.number, why.message));
      holds = false;
    }
    if (!holds && done.read && !any) co_return done;
    if (!holds) co_return ended_early(next.lease.po, po_status::pending, std::move(why));
    co_await look_up(next);
  }
}

/// False: the run ends.
awaitable<bool> worker::session_holds(session_gate::round asked_in, failure why) {
  while (!parts_.stopping) {
    if (parts_.gate.now() != asked_in) co_return true;
    if (!parts_.gate.take_charge(asked_in)) {
      co_await parts_.gate_opened.wait();
      continue;
    }
    result<session_news> renewed = does_not_last(why);
    if (parts_.gate.renewed_in_vain() < most_renewals_in_vain)
      renewed = co_await parts_.where.keeper->renew(why);
    if (renewed) {
      parts_.gate.open(*renewed == session_news::renewed);
      co_return true;
    }
    parts_.stop(stop_reason::session_expired, renewed.error());
    co_return false;
  }
  co_return false;
}

awaitable<finished_po> worker::fetch(const looked_up& next) {
  if (!again_) parts_.parts.events.po_discovered(number_, next.found.attachments.size());
  finished_po done;
  done.read = true;
  done.incomplete = next.found.incomplete;
  done.outcome.po = next.lease.po;
  done.outcome.supplier = next.found.supplier;
  done.outcome.url = next.found.page_url;
  co_await download_missing(next, done);
  co_return done;
}

finished_po worker::discovery_failed(const purchase_order& po, failure why) {
  if (why.code == errc::session_expired) {
    auto done = ended_early(po, po_status::pending, why);
    done.signed_out = std::move(why);
    return done;
  }
  if (ends_the_run(why)) return ended_early(po, po_status::pending, std::move(why));
  // A server that fails, or a PO that is not there, says nothing about rights.
  if (is_denied(why)) parts_.breaker.report(po.group, true);
  const auto status = why.code == errc::not_found ? po_status::not_found : po_status::failed;
  return ended_early(po, status, std::move(why));
}

bool worker::ends_the_run(const failure& why) {
  const bool stops = kind_of(why.code) == error_kind::machine || why.code == errc::config;
  if (stops) parts_.stop(stop_reason::machine, why);
  return stops || why.code == errc::cancelled;
}

awaitable<> worker::download_missing(const looked_up& next, finished_po& done) {
  const discovery& found = next.found;
  const known_by_key known = index(next.lease.known);
  std::vector<attachment> missing;
  std::vector<std::size_t> place;  // of each missing one among all
  auto& records = done.outcome.attachments;
  done.parts.resize(found.attachments.size());
  for (std::size_t i = 0; i < found.attachments.size(); ++i) {
    const auto& item = found.attachments[i];
    const auto before = known.find(item.key);
    records.push_back(
        start_record(item, static_cast<std::int64_t>(i), before == known.end() ? nullptr : before->second));
    auto& record = records.back();
    // What was left out has no name on the disk.
    if (record.status == attachment_status::excluded) record.name.clear();
    done.parts[i].held_name = record.name;
    if (record.status == attachment_status::completed) continue;
    done.parts[i].replaces = record.mtime_ns != 0;
    record.status =
        is_wanted(item.name, parts_.config) ? attachment_status::pending : attachment_status::excluded;
    record.error.reset();
    const auto note = found.notes.find(item.key);
    if (note != found.notes.end() && !note->second.not_a_file.empty()) {
      record.status = attachment_status::excluded;
      record.error = make_failure(errc::not_a_file, note->second.not_a_file);
    }
    if (record.status == attachment_status::excluded) {
      record.name = item.name;
      continue;
    }
    missing.push_back(item);
    place.push_back(i);
  }
  if (parts_.discover_only) {
    co_await measure(parts_.where, missing, place, parts_.config.max_concurrent, found.notes, records);
    for (const std::size_t index : place) {
      auto& record = records[index];
      if (record.error) record.error = about_file(next.lease.po, record, *std::move(record.error));
    }
    for (const auto& record : records)
      if (record.error && record.error->code == errc::session_expired) done.signed_out = record.error;
    co_return;
  }
  auto downloads = co_await downloader_.download_attachments_parallel(missing, parts_.config.max_concurrent,
                                                                      next.lease.po.number, &found.notes);
  for (std::size_t d = 0; d < downloads.size(); ++d) {
    auto& record = records[place[d]];
    auto& got = downloads[d].record;
    got.ordinal = record.ordinal;
    got.attempts += record.attempts;
    got.mtime_ns = record.mtime_ns;
    if (got.error) got.error = about_file(next.lease.po, got, *std::move(got.error));
    record = std::move(got);
    done.parts[place[d]].body = std::move(downloads[d].body);
    if (!record.error || record.status != attachment_status::pending) continue;
    if (record.error->code == errc::session_expired)
      done.signed_out = record.error;
    else
      (void)ends_the_run(*record.error);
  }
}

}  // namespace pofetch::pipeline
