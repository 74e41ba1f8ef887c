#include "pipeline/one_by_one.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace pofetch::pipeline {

one_by_one::one_by_one(const boost::asio::any_io_executor& executor, committer& done,
                       async::semaphore& in_flight, look_plan& plan, const purchase_order& po,
                       std::optional<po_look> look, unsigned worker, compare_function compare)
    : done_(done),
      in_flight_(in_flight),
      plan_(plan),
      po_(po),
      look_(std::move(look)),
      worker_(worker),
      compare_(std::move(compare)),
      files_(plan.missing.size()),
      names_(std::make_shared<name_giver>(plan.records, plan.parts)),
      changed_(executor) {}

awaitable<> one_by_one::start(std::size_t index) {
  auto permit = co_await in_flight_.acquire();
  files_[index].permit = std::move(permit);
  files_[index].begun = true;
}

void one_by_one::named(std::size_t index, std::string name) { know(index, name, true); }

/// From now on without a permit: with one that it had to wait for, files that wait for its name could hold
/// all there are.
void one_by_one::pauses(std::size_t index) { files_[index].permit.reset(); }

void one_by_one::know(std::size_t index, const std::string& name, bool has_name) {
  file& one = files_[index];
  one.name = name;
  one.has_name = has_name;
  one.named = true;
  while (known_ < files_.size() && files_[known_].named) ++known_;
  changed_.notify_all();
}

/// One that has not begun is not waited for: it may wait for a permit, and this one holds one.
bool one_by_one::is_turn(std::size_t index) {
  return std::all_of(files_.begin() + static_cast<std::ptrdiff_t>(std::min(known_, index)),
                     files_.begin() + static_cast<std::ptrdiff_t>(index),
                     [](const file& one) { return one.named || !one.begun; });
}

awaitable<> one_by_one::ended(std::size_t index, download& done) {
  if (done.body) co_await compare_(index, done);
  know(index, done.record.name, !done.unchanged);
  while (done.body && !is_turn(index)) co_await changed_.wait();
  if (done.body) co_await commit(index, done);
  files_[index].permit.reset();
}

/// Wishes that were not passed on yet, of all files up to this one, in the order of the source.
std::vector<name_wish> one_by_one::wishes(std::size_t index) {
  std::vector<name_wish> all;
  for (; wished_ < index; ++wished_) {
    const file& one = files_[wished_];
    if (one.named && one.has_name) all.push_back({plan_.place[wished_], one.name});
  }
  wished_ = std::max(wished_, index + 1);
  all.push_back({plan_.place[index], files_[index].name});
  return all;
}

/// With it go the older versions of the file, which are not the present one any more.
finished_po one_by_one::one_file(std::size_t index, std::vector<name_wish> wanted) {
  const std::size_t place = plan_.place[index];
  finished_po made;
  made.worker = worker_;
  made.outcome.po = po_;
  made.outcome.look = look_;
  made.outcome.attachments.push_back(plan_.records[place]);
  if (plan_.held.count(plan_.records[place].key) != 0) {
    const auto older = held_before(plan_.records, place);
    made.outcome.attachments.insert(made.outcome.attachments.end(), older.begin(), older.end());
  }
  made.parts.push_back(std::move(plan_.parts[place]));
  made.name_file = [names = names_, wanted = std::move(wanted)](store& files, po_outcome& outcome) {
    auto name = names->give(files, outcome.po.folder, wanted);
    if (!name) return result<void>(name.error());
    outcome.attachments.front().name = std::move(*name);
    return result<void>();
  };
  return made;
}

awaitable<> one_by_one::commit(std::size_t index, download& done) {
  // The committer has the body from here on, and what becomes of it must be known when the PO ends.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  take_download(plan_, index, download{done.record, std::move(done.body), false, {}}, po_);
  auto alone = one_file(index, wishes(index));
  auto kept = co_await done_.keep(std::move(alone));
  const std::size_t place = plan_.place[index];
  attachment_record& record = plan_.records[place];
  plan_.parts[place] = {};
  // The run cannot go on, and the next one finds the file as the ledger has it.
  if (!kept) record.status = attachment_status::pending;
  if (!kept) co_return;
  record = std::move(kept->front());
  plan_.parts[place].held_name = record.name;
  any_ = true;
}

}  // namespace pofetch::pipeline
