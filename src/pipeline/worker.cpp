#include "pipeline/worker.hpp"

#include "async/offload.hpp"
#include "async/task_group.hpp"
#include "core/consequence.hpp"
#include "core/encoding.hpp"
#include "core/validator.hpp"
#include "core/version_key.hpp"
#include "pipeline/measure.hpp"
#include "pipeline/one_by_one.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

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
      downloads_(parts.where.http, parts.parts.files, parts.where.source, parts.where.time, parts.config,
                 parts.parts.events, parts.parts.storage_thread, number),
      changed_(parts.where.executor) {}

awaitable<> worker::run() {
  async::task_group both(parts_.where.executor);
  both.spawn(look_ahead());
  both.spawn(work());
  co_await both.join();
  // Looked up ahead, and not begun any more.
  if (next_) parts_.next.put_back(next_->lease);
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
  if (!lease || !lease->has_value()) co_return next;
  if (parts_.stopping) {
    parts_.next.put_back(**lease);
    co_return next;
  }
  next.emplace(looked_up{std::move(**lease)});
  const purchase_order& po = next->lease.po;
  next->told = idle_;
  if (idle_) parts_.parts.events.on(event::po_started{number_, share(po)});
  if (auto refused = parts_.breaker.refuses(po.group)) {
    next->ended = next->lease.again ? left_as_it_is(po, *std::move(refused))
                                    : ended_early(po, po_status::skipped, *std::move(refused));
    co_return next;
  }
  co_await look_up(*next);
  co_return next;
}

awaitable<result<discovery>> worker::ask(const po_lease& lease) {
  auto& source = parts_.where.source;
  if (!lease.listed.empty()) return source.discover_listed(lease.po, lease.listed);
  if (!lease.pages.empty()) return source.discover_again(lease.po, lease.pages);
  return source.discover(lease.po);
}

awaitable<> worker::look_up(looked_up& next) {
  const purchase_order& po = next.lease.po;
  next.asked_in = parts_.gate.now();
  next.looked_at = parts_.where.time.wall();
  auto found = co_await ask(next.lease);
  if (found) {
    if (found->time) next.looked_at = *found->time;
    if (found->unchanged) found->attachments = listed_before(next.lease.known);
    parts_.breaker.report(po.group, false);
    next.found = std::move(*found);
    next.ended.reset();
    // Once only: a site that shows pages but refuses every file would be asked without end.
    if (!std::exchange(next.read, true)) parts_.gate.gained();
  } else {
    next.ended = discovery_failed(next.lease, found.error());
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
  if (!next.told) parts_.parts.events.on(event::po_started{number_, share(next.lease.po)});
  auto done = co_await work_on(next);
  done.worker = number_;
  done.outcome.finished_at = parts_.where.time.wall();
  const bool unread = !done.read && done.outcome.status == po_status::pending;
  if (unread) {
    // Nothing new is known of it but why it could not be read, if that is a matter of this order.
    const auto& why = done.outcome.error;
    if (!why || why->code != errc::session_expired) {
      parts_.next.put_back(next.lease);
      co_return;
    }
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
    const bool any =
        done.has_committed || std::any_of(done.parts.begin(), done.parts.end(),
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
      parts_.parts.events.on(event::notice{
          notice_level::warning,
          fmt::format(
              "PO {} asks to sign in again and again, although the session holds; it stays PENDING: {}",
              next.lease.po.number, why.message)});
      holds = false;
    }
    // NOLINTNEXTLINE(bugprone-use-after-move): what was moved away had something to keep
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
  if (!again_) parts_.parts.events.on(event::po_discovered{number_, next.found.attachments.size()});
  finished_po done;
  done.read = true;
  done.incomplete = next.found.incomplete;
  done.outcome.po = next.lease.po;
  done.outcome.supplier = next.found.supplier;
  done.outcome.url = next.found.page_url;
  co_await download_missing(next, done);
  done.outcome.look = look_of(next, done);
  co_return done;
}

/// A done PO stays what it is, and a later refresh looks again: SKIPPED, it would be passed over from now on.
finished_po worker::left_as_it_is(const purchase_order& po, failure why) {
  if (parts_.breaker.is_news(po.group))
    parts_.parts.events.on(event::notice{
        notice_level::warning,
        fmt::format(
            "POs of '{}' that are done are not looked at again in this run, since this user could not see "
            "the first ones",
            po.group)});
  return ended_early(po, po_status::pending, std::move(why));
}

finished_po worker::discovery_failed(const po_lease& lease, failure why) {
  const purchase_order& po = lease.po;
  if (why.code == errc::session_expired) {
    auto done = ended_early(po, po_status::pending, why);
    done.signed_out = std::move(why);
    return done;
  }
  if (stop_for(why)) return ended_early(po, po_status::pending, std::move(why));
  // A server that fails, or a PO that is not there, says nothing about rights.
  if (is_denied(why)) parts_.breaker.report(po.group, true);
  const auto status = why.code == errc::not_found ? po_status::not_found : po_status::failed;
  if (lease.again) why.message += " (It was done before; what is there is kept.)";
  return ended_early(po, status, std::move(why));
}

/// True: nothing is marked as failed for it. Not to be asked of a session that has ended: it may be renewed.
bool worker::stop_for(const failure& why) {
  if (core::consequence_of(why.code).ends == core::extent::request) return false;
  if (why.code != errc::cancelled) parts_.stop(stop_reason::machine, why);
  return true;
}

/// With --hash none the digest of a held file is not known: it is read where only that can tell.
awaitable<> worker::compare_with_disk(look_plan& plan, std::size_t index, download& got,
                                      const std::string& folder) {
  if (!got.body || plan.held.count(plan.missing[index].key) == 0) co_return;
  const std::string_view key = core::split_version(plan.missing[index].key).key;
  const std::string digest = core::to_hex(got.body->digest(digest_algorithm::sha256));
  for (auto& held : plan.records) {
    const bool unread = held.status == attachment_status::completed && held.sha256.empty() &&
                        held.bytes == got.record.bytes && core::split_version(held.key).key == key;
    if (!unread || got.unchanged) continue;
    auto read = [this, &folder, &held] { return parts_.parts.files.sha256(folder, held.name, {}); };
    const auto on_disk = co_await async::offload(parts_.parts.storage_thread, read);
    got.unchanged = on_disk && *on_disk == digest;
    if (got.unchanged) got.same_as = held.sha256 = digest;
  }
  if (got.unchanged) got.body.reset();
}

awaitable<std::vector<download>> worker::download_all(const looked_up& next, look_plan& plan,
                                                      finished_po& done) {
  const purchase_order& po = next.lease.po;
  const auto compare = [this, &plan, &po](std::size_t index, download& got) {
    return compare_with_disk(plan, index, got, po.folder);
  };
  std::optional<one_by_one> watch;
  if (parts_.config.sync == durability::file)
    watch.emplace(parts_.where.executor, parts_.done, parts_.in_flight, plan, po, begun_look(next), number_,
                  compare);
  one_by_one* const along = watch ? &*watch : nullptr;
  auto downloads = co_await downloads_.download_attachments_parallel(
      plan.missing, parts_.config.max_concurrent, po.number, &next.found.notes, &plan.held, along);
  for (std::size_t d = 0; d < downloads.size() && !plan.held.empty(); ++d) {
    auto compared = compare(d, downloads[d]);
    co_await std::move(compared);
  }
  done.has_committed = watch && watch->any();
  co_return downloads;
}

awaitable<> worker::download_missing(const looked_up& next, finished_po& done) {
  const discovery& found = next.found;
  const purchase_order& po = next.lease.po;
  look_plan plan = plan_look(found, next.lease.known, parts_.config, next.looked_at);
  for (const std::string& key : plan.lost) tell_lost(next.lease, key);
  if (parts_.discover_only) {
    co_await measure(parts_.where, plan.missing, plan.place, parts_.config.max_concurrent, found.notes,
                     plan.records);
    for (const std::size_t index : plan.place) {
      auto& record = plan.records[index];
      if (record.error) record.error = about_file(po, record, *std::move(record.error));
    }
  } else {
    auto downloads = co_await download_all(next, plan, done);
    take_downloads(plan, std::move(downloads), po);
  }
  done.outcome.attachments = std::move(plan.records);
  done.parts = std::move(plan.parts);
  for (const auto& record : done.outcome.attachments) {
    if (!record.error || (record.status != attachment_status::pending && !parts_.discover_only)) continue;
    if (record.error->code == errc::session_expired)
      done.signed_out = record.error;
    else if (!parts_.discover_only)
      (void)stop_for(*record.error);
  }
}

void worker::tell_lost(const po_lease& lease, const std::string& key) {
  const auto record = std::find_if(lease.known.begin(), lease.known.end(),
                                   [&key](const attachment_record& one) { return one.key == key; });
  parts_.parts.events.on(event::notice{
      notice_level::warning,
      fmt::format(
          "PO {}, file {}: it is not in the folder any more, and the source does not have this version "
          "of it any more either; it is not in the report from now on",
          lease.po.number, record->name)});
}

/// A look at the whole list, where nothing is held of which nobody asks whether it is still the same.
std::optional<po_look> worker::begun_look(const looked_up& next) const {
  const auto& known = next.lease.known;
  const bool asked = parts_.config.refresh.has_value() ||
                     std::none_of(known.begin(), known.end(), [](const attachment_record& one) {
                       return one.status == attachment_status::completed;
                     });
  if (!asked || next.found.incomplete || parts_.discover_only) return std::nullopt;
  po_look look;
  look.at = next.looked_at;
  if (core::is_settled(next.found.updated_at, look.at)) look.updated_at = next.found.updated_at;
  return look;
}

/// The same once every file is accounted for. A PO that was never done keeps its first look: files of it that
/// are there by then are not asked about when the next run fetches the rest.
std::optional<po_look> worker::look_of(const looked_up& next, const finished_po& done) const {
  const auto& now = done.outcome.attachments;
  const bool open = std::any_of(now.begin(), now.end(), [](const attachment_record& one) {
    return one.status == attachment_status::pending;
  });
  auto look = begun_look(next);
  const bool cut = open || done.signed_out;
  if (!look || (cut && next.lease.again)) return std::nullopt;
  if (cut) return look;
  if (next.found.unchanged)
    look->pages = next.lease.pages;
  else if (can_be_relisted(next.found))
    look->pages = next.found.pages;
  return look;
}

}  // namespace pofetch::pipeline
