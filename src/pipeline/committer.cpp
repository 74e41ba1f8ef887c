#include "pipeline/committer.hpp"

#include "async/cancellation.hpp"
#include "async/offload.hpp"
#include "async/task_group.hpp"
#include "pipeline/naming.hpp"
#include "pipeline/placing.hpp"

#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <span>
#include <string>
#include <utility>

namespace pofetch::pipeline {

/// The POs of one commit, behind them single files of others. Outcomes stand side by side because the ledger
/// takes them so.
struct committer::group {
  std::vector<po_outcome> outcomes;
  std::vector<finished_po> rest;  ///< without their outcomes
  std::vector<answer> back;       ///< null: the PO is done
  std::ptrdiff_t whole = 0;       ///< POs before the single files

  group() = default;
  explicit group(std::vector<waiting_po> pos) {
    const auto is_whole = [](const waiting_po& one) { return !one.po.name_file; };
    whole = std::stable_partition(pos.begin(), pos.end(), is_whole) - pos.begin();
    for (auto& each : pos) {
      outcomes.push_back(std::move(each.po.outcome));
      rest.push_back(std::move(each.po));
      back.push_back(std::move(each.back));
    }
  }

  [[nodiscard]] std::vector<partial_file*> bodies() const {
    std::vector<partial_file*> all;
    for (std::size_t p = 0; p < rest.size(); ++p)
      for (std::size_t i = 0; i < rest[p].parts.size(); ++i)
        if (outcomes[p].attachments[i].status == attachment_status::committing)
          all.push_back(rest[p].parts[i].body.get());
    return all;
  }

  [[nodiscard]] bool empty() const { return rest.empty(); }
  /// Somebody waits for a PO of it.
  [[nodiscard]] bool is_awaited() const {
    return std::any_of(back.begin(), back.end(), [](const answer& one) { return one != nullptr; });
  }

  void append(group other) {
    append(outcomes, other.outcomes, other.whole);
    append(rest, other.rest, other.whole);
    append(back, other.back, other.whole);
    whole += other.whole;
  }

  [[nodiscard]] std::span<const po_outcome> orders() const {
    return std::span(outcomes).first(static_cast<std::size_t>(whole));
  }
  /// As the ledger takes what is not all of a PO.
  [[nodiscard]] std::vector<po_lease> files() const {
    std::vector<po_lease> all;
    for (auto one = outcomes.begin() + whole; one != outcomes.end(); ++one)
      all.push_back({one->po, one->attachments});
    return all;
  }

  /// Whoever waits for one gets it as it is, and is refused again with what comes of that.
  std::size_t drop(const po_ids& lost) {
    group kept;
    for (std::size_t p = 0; p < rest.size(); ++p) {
      if (std::find(lost.begin(), lost.end(), outcomes[p].po.id) != lost.end()) {
        if (back[p]) *back[p] = std::move(outcomes[p].attachments);
        continue;
      }
      if (static_cast<std::ptrdiff_t>(p) < whole) ++kept.whole;
      kept.outcomes.push_back(std::move(outcomes[p]));
      kept.rest.push_back(std::move(rest[p]));
      kept.back.push_back(std::move(back[p]));
    }
    const std::size_t dropped = rest.size() - kept.rest.size();
    *this = std::move(kept);
    return dropped;
  }

  void settle_all() {
    for (std::size_t p = 0; p < rest.size(); ++p)
      if (rest[p].read) settle(outcomes[p], rest[p].incomplete);
  }

 private:
  template <class T>
  void append(std::vector<T>& to, std::vector<T>& from, std::ptrdiff_t orders) const {
    const auto first = std::make_move_iterator(from.begin());
    const auto last = std::make_move_iterator(from.end());
    to.insert(to.begin() + whole, first, first + orders);
    to.insert(to.end(), first + orders, last);
  }
};

namespace {

void fail_committing(po_outcome& outcome, const failure& why) {
  for (auto& record : outcome.attachments)
    if (record.status == attachment_status::committing) {
      record.status = attachment_status::failed;
      record.error = about_file(outcome.po, record, why);
    }
}

}  // namespace

committer::committer(const lane& where, const shared_parts& parts, bool records_only, std::size_t most_bodies,
                     stop_function stop)
    : parts_(parts),
      executor_(where.executor),
      time_(where.time),
      records_only_(records_only),
      most_bodies_(most_bodies),
      stop_(std::move(stop)),
      changed_(where.executor) {}

awaitable<> committer::hand_over(finished_po po) {
  waiting_po one{std::move(po)};
  co_await enqueue(std::move(one));
}

awaitable<std::optional<std::vector<attachment_record>>> committer::keep(finished_po po) {
  auto back = std::make_shared<std::optional<std::vector<attachment_record>>>();
  waiting_po one{std::move(po), back};
  co_await enqueue(std::move(one));
  while (!back->has_value() && !broken_) co_await changed_.wait();
  co_return std::move(*back);
}

awaitable<> committer::enqueue(waiting_po one) {
  try {
    co_await wait_for_room();
  } catch (const boost::system::system_error& stopped) {
    // Cancelled at the end of the grace: what is finished is handed over all the same, a PO a worker at most.
    if (!async::is_cancellation(stopped)) throw;
  }
  for (const auto& part : one.po.parts) bodies_ += part.body ? 1U : 0U;
  waiting_.push_back(std::move(one));
  changed_.notify_all();
}

awaitable<> committer::wait_for_room() {
  while ((waiting_.size() >= most_waiting || bodies_ >= most_bodies_) && !broken_) co_await changed_.wait();
}

void committer::close() {
  closed_ = true;
  changed_.notify_all();
}

awaitable<> committer::run() {
  std::exception_ptr bug;
  std::string what;
  try {
    co_await commit_groups();
  } catch (const std::exception& thrown) {
    bug = std::current_exception();
    what = thrown.what();
  }
  if (!bug) co_return;
  broken_ = true;
  changed_.notify_all();
  stop_(stop_reason::machine,
        make_failure(
            errc::internal,
            fmt::format("recording what is finished ended unexpectedly: {}; please report this", what)));
  std::rethrow_exception(bug);
}

awaitable<> committer::commit_groups() {
  group placed;  // has its names; that they last is still to be made sure
  for (;;) {
    while (placed.empty() && waiting_.empty() && !closed_) co_await changed_.wait();
    if (placed.empty() && waiting_.empty()) co_return;
    if (!is_enough() && !placed.is_awaited()) co_await gather();
    group next(std::exchange(waiting_, {}));
    bodies_ = 0;
    changed_.notify_all();
    // After a broken ledger or disk nothing more is recorded: those POs stay as the ledger has them.
    if (!broken_) co_await commit(placed, next);
    placed = broken_ ? group() : std::move(next);
  }
}

bool committer::is_enough() const {
  std::size_t files = 0;
  for (const auto& each : waiting_) {
    if (each.back) return true;  // somebody waits for it
    files += each.po.parts.size();
  }
  return closed_ || broken_ || files >= enough_files;
}

/// A few more POs may come for the price of one sync.
awaitable<> committer::gather() {
  bool due = false;
  async::task_group timer(executor_);
  timer.spawn(wait_for_more(due));
  while (!due && !is_enough()) co_await changed_.wait();
  timer.cancel();
  co_await timer.join();
}

awaitable<> committer::wait_for_more(bool& due) {
  co_await time_.sleep_for(gather_time);
  due = true;
  changed_.notify_all();
}

/// Ends what the group before began, and places the next one.
awaitable<> committer::commit(group& placed, group& next) {
  auto done = co_await bring_to_disk(placed, next);
  if (done) {
    tell(placed);
    done = co_await place(next);
  }
  if (done) co_return;
  broken_ = true;
  changed_.notify_all();
  stop_(stop_reason::machine, done.error());
}

/// Afterwards the names of `placed` and the bodies of `next` are on stable storage, and the ledger says so of
/// the former and knows the names that the latter will get. What has nothing to place is done as well.
awaitable<result<void>> committer::bring_to_disk(group& placed, group& next) {
  result<void> done;
  if (!records_only_) {
    auto settle = [&next, this] {
      name_all(next);
      return parts_.files.sync(next.bodies());
    };
    done = co_await async::offload(parts_.storage_thread, settle);
    if (!done) co_return done;
  }
  if (next.bodies().empty()) placed.append(std::exchange(next, group()));
  placed.settle_all();
  auto write_both = [&placed, &next, this] { return write(placed, next); };
  const result<po_ids> lost = co_await async::offload(parts_.ledger_thread, write_both);
  if (!lost) co_return lost.error();
  drop(*lost, placed, next);
  co_return done;
}

result<po_ids> committer::write(const group& placed, const group& next) {
  po_ids lost;
  if (const auto files = placed.files(); !files.empty()) {
    auto amended = parts_.records.amend(files);
    if (!amended) return amended;
    lost = std::move(*amended);
  }
  const auto began = std::chrono::steady_clock::now();
  auto recorded = parts_.records.record_and_intend(placed.orders(), next.outcomes);
  if (recorded && parts_.on_commit) parts_.on_commit(std::chrono::steady_clock::now() - began);
  if (recorded) recorded->insert(recorded->end(), lost.begin(), lost.end());
  return recorded;
}

void committer::tell(group& done) {
  for (std::size_t p = 0; p < done.rest.size(); ++p) {
    if (done.back[p])
      *done.back[p] = std::move(done.outcomes[p].attachments);
    else
      parts_.events.on(event::po_finished{done.rest[p].worker, share(std::move(done.outcomes[p]))});
  }
  changed_.notify_all();
}

awaitable<result<void>> committer::place(group& now) {
  // A second turn is only for those whose name somebody took since the folder was listed: the ledger always
  // knows the name that a file is about to get.
  for (int turn = 0; !now.bodies().empty(); ++turn) {
    if (turn > 0) {
      auto intend = [&now, this] { return parts_.records.intend(now.outcomes); };
      const result<po_ids> lost = co_await async::offload(parts_.ledger_thread, intend);
      if (!lost) co_return lost.error();
      group none;
      drop(*lost, none, now);
    }
    auto place = [&now, this, turn] { return place_all(now, turn == most_renames); };
    auto placed = co_await async::offload(parts_.storage_thread, place);
    if (!placed) co_return placed;
  }
  co_return result<void>();
}

void committer::drop(const po_ids& lost, group& placed, group& next) {
  if (lost.empty()) return;
  const std::size_t dropped = placed.drop(lost) + next.drop(lost);
  changed_.notify_all();
  parts_.events.on(event::notice{
      notice_level::warning,
      fmt::format("purchase orders that others work on by now, since this run gave no sign of life for too "
                  "long: {}; what it found of them does not count",
                  dropped)});
}

void committer::name_all(group& now) {
  for (std::size_t p = 0; p < now.rest.size(); ++p) {
    if (now.rest[p].parts.empty()) continue;
    if (now.rest[p].name_file) {
      auto named = now.rest[p].name_file(parts_.files, now.outcomes[p]);
      if (!named) fail_committing(now.outcomes[p], named.error());
      continue;
    }
    auto present = parts_.files.list(now.outcomes[p].po.folder);
    if (!present) fail_committing(now.outcomes[p], present.error());
    std::swap(now.rest[p].outcome, now.outcomes[p]);
    choose_names(now.rest[p], present ? *present : std::vector<std::string>(), parts_.files.longest_name());
    std::swap(now.rest[p].outcome, now.outcomes[p]);
  }
}

result<void> committer::place_all(group& now, bool last_try) {
  std::vector<placing> wanted;
  std::vector<std::pair<std::size_t, std::size_t>> whose;
  for (std::size_t p = 0; p < now.rest.size(); ++p)
    for (std::size_t i = 0; i < now.rest[p].parts.size(); ++i) {
      const auto& record = now.outcomes[p].attachments[i];
      if (record.status != attachment_status::committing) continue;
      wanted.push_back(placing_of(now.outcomes[p].po, record, now.rest[p].parts[i]));
      whose.emplace_back(p, i);
    }
  const auto placed = parts_.files.place_all(wanted);
  if (!placed) return placed.error();
  std::optional<failure> fatal;
  for (std::size_t k = 0; k < whose.size(); ++k) {
    const auto [p, i] = whose[k];
    auto& record = now.outcomes[p].attachments[i];
    note_placed(parts_.files, now.outcomes[p].po, record, now.rest[p].parts[i], (*placed)[k], last_try);
    // All else that can be wrong with a name is a matter of that folder.
    if (record.error && (record.error->code == errc::disk_full || record.error->code == errc::ledger))
      fatal = record.error;
  }
  // What was placed is adopted by the next run through its intent.
  if (fatal) return *fatal;
  return {};
}

}  // namespace pofetch::pipeline
