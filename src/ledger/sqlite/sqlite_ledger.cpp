#include "ledger/sqlite/sqlite_ledger.hpp"

#include "ledger/sqlite/copies.hpp"
#include "ledger/sqlite/database.hpp"
#include "ledger/sqlite/folder_moves.hpp"
#include "ledger/sqlite/folder_names.hpp"
#include "ledger/sqlite/intake.hpp"
#include "ledger/sqlite/ledger_file.hpp"
#include "ledger/sqlite/listed.hpp"
#include "ledger/sqlite/outcome_writer.hpp"
#include "ledger/sqlite/queue.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/refresh.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace pofetch::sqlite {

struct sqlite_ledger::state {
  state(database opened, bool durable, bool reads_only)
      : db(std::move(opened)), list(db, durable), work(db), moves(db), read_only(reads_only) {}

  void restart() {
    work.restart();
    moves.restart();
  }

  /// Those whose lease is not held.
  [[nodiscard]] po_ids lost_of(std::span<const po_outcome> outcomes) const {
    po_ids lost;
    for (const po_outcome& one : outcomes)
      if (!work.holds(one.po.id)) lost.push_back(one.po.id);
    return lost;
  }
  [[nodiscard]] std::vector<po_outcome> held_of(std::span<const po_outcome> outcomes) const {
    std::vector<po_outcome> held;
    for (const po_outcome& one : outcomes)
      if (work.holds(one.po.id)) held.push_back(one);
    return held;
  }

  database db;
  intake list;
  queue work;
  misnamed_folders moves;
  bool read_only;
  /// Where only is read: the folders of POs whose move was ended, by id.
  std::unordered_map<std::int64_t, std::string> moved{};
};

sqlite_ledger::sqlite_ledger(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
sqlite_ledger::~sqlite_ledger() = default;

result<std::unique_ptr<sqlite_ledger>> sqlite_ledger::open(const std::filesystem::path& file, open_mode mode,
                                                           bool durable) {
  const bool read_only = mode == open_mode::read_only;
  auto db = read_only ? open_for_reading(file) : open_for_work(file, durable);
  if (!db) return db.error();
  auto opened = std::make_unique<state>(std::move(*db), durable, read_only);
  return std::unique_ptr<sqlite_ledger>(new sqlite_ledger(std::move(opened)));
}

result<std::unique_ptr<sqlite_ledger>> sqlite_ledger::open_temporary() {
  auto db = open_scratch();
  if (!db) return db.error();
  auto opened = std::make_unique<state>(std::move(*db), false, false);
  return std::unique_ptr<sqlite_ledger>(new sqlite_ledger(std::move(opened)));
}

result<void> sqlite_ledger::begin_run(const run_info& info) {
  auto begun = state_->list.begin(info);
  if (begun) state_->restart();
  return begun;
}

result<void> sqlite_ledger::add(std::span<const po_entry> entries) { return state_->list.add(entries); }

result<intake_counts> sqlite_ledger::end_intake() { return state_->list.end(); }

result<run_record> sqlite_ledger::resume_run(std::chrono::system_clock::time_point started_at) {
  if (auto resumed = state_->list.resume(started_at); !resumed) return resumed.error();
  state_->restart();
  return read_last_run(state_->db);
}

result<std::vector<po_group>> sqlite_ledger::groups() { return read_groups(state_->db); }

result<void> sqlite_ledger::erase_addresses() { return erase_all_addresses(state_->db); }

result<std::optional<std::string>> sqlite_ledger::page_outside(const page_area& area) {
  return find_page_outside(state_->db, area);
}

result<refresh_facts> sqlite_ledger::begin_refresh(const refresh_scope& scope) {
  auto facts = count_scope(state_->db, scope);
  if (facts) state_->work.look_again(scope);
  return facts;
}

result<void> sqlite_ledger::note_changes(std::span<const order_change> changes) {
  return mark_changed(state_->db, changes);
}

result<void> sqlite_ledger::end_changes(const refresh_scope& scope,
                                        std::chrono::system_clock::time_point at) {
  return mark_unchanged(state_->db, scope, at);
}

result<void> sqlite_ledger::set_listed_to(const std::string& time) {
  return state_->db.run("UPDATE runs SET listed_to = ? WHERE id = (SELECT max(id) FROM runs)", time);
}

result<void> sqlite_ledger::choose(const work_choice& choice) { return state_->work.choose(choice); }

result<work_count> sqlite_ledger::count(const work_choice& choice) {
  return count_chosen(state_->db, choice);
}

result<std::vector<po_lease>> sqlite_ledger::lease(std::size_t count) { return state_->work.next(count); }

result<void> sqlite_ledger::renew() { return {}; }

result<void> sqlite_ledger::give_back(std::span<const std::int64_t> leased) {
  for (const std::int64_t id : leased) state_->work.release(id);
  return {};
}

result<po_ids> sqlite_ledger::record_and_intend(std::span<const po_outcome> done,
                                                std::span<const po_outcome> next) {
  po_ids refused = state_->lost_of(done);
  const po_ids lost = state_->lost_of(next);
  refused.insert(refused.end(), lost.begin(), lost.end());
  const auto written = refused.empty()
                           ? write_outcomes(state_->db, done, next)
                           : write_outcomes(state_->db, state_->held_of(done), state_->held_of(next));
  if (!written) return written.error();
  for (const po_outcome& outcome : done)
    if (outcome.status != po_status::pending) state_->work.release(outcome.po.id);
  return refused;
}

/// There is no other owner.
result<po_ids> sqlite_ledger::amend(std::span<const po_lease> found) {
  auto written =
      write_amendments(state_->db, found, [this](std::int64_t po_id) { return state_->work.holds(po_id); });
  if (!written) return written.error();
  return po_ids();
}

result<std::vector<folder_move>> sqlite_ledger::misnamed(bool with_status, std::size_t count) {
  return state_->moves.next(with_status, count);
}

result<bool> sqlite_ledger::has_folder(const std::string& folder, std::int64_t but_for) {
  return is_folder_owned(state_->db, folder, but_for);
}

result<po_ids> sqlite_ledger::begin_moves(std::span<const folder_move> moves) {
  return begin_all_moves(state_->db, moves);
}

result<void> sqlite_ledger::end_moves(std::span<const folder_move> done) {
  if (!state_->read_only) return end_all_moves(state_->db, done);
  for (const folder_move& move : done) state_->moved[move.po_id] = move.to;
  return {};
}

result<void> sqlite_ledger::end_run(const run_record& run) {
  auto row = state_->db.query(
      "UPDATE runs SET finished_at = ?, interrupted = ?, requests = ?, retries = ?, elapsed_seconds = ? "
      "WHERE id = (SELECT max(id) FROM runs)");
  if (!row) return row.error();
  row->bind(1, nullptr);
  if (run.finished_at) row->bind(1, to_milliseconds(*run.finished_at));
  row->bind(2, run.interrupted ? 1 : 0);
  row->bind(3, run.requests);
  row->bind(4, run.retries);
  row->bind(5, run.elapsed_seconds);
  if (auto done = row->run(); !done) return done;
  state_->work.release_all();
  if (state_->db.changes() == 1) return {};
  return make_failure(errc::ledger, "A run was ended that the ledger does not know.");
}

result<batch_totals> sqlite_ledger::totals() { return read_totals(state_->db); }

result<run_record> sqlite_ledger::last_run() { return read_last_run(state_->db); }

result<void> sqlite_ledger::each(const std::function<result<void>(const report_row&)>& visit) {
  // The writer needs no snapshot: nobody else writes. One that only reads must not see half of two runs.
  if (!state_->read_only) return visit_list(state_->db, visit);
  const auto snapshot = read_snapshot::begin(state_->db);
  if (!snapshot) return snapshot.error();
  if (state_->moved.empty()) return visit_list(state_->db, visit);
  return visit_list(state_->db, [this, &visit](const report_row& row) {
    const auto moved = state_->moved.find(row.outcome.po.id);
    if (moved == state_->moved.end()) return visit(row);
    report_row there = row;
    there.outcome.po.folder = moved->second;
    return visit(there);
  });
}

result<void> sqlite_ledger::each_with(attachment_status status,
                                      const std::function<result<void>(const po_lease&)>& visit) {
  if (!state_->read_only) return visit_with(state_->db, status, visit);
  const auto snapshot = read_snapshot::begin(state_->db);
  if (!snapshot) return snapshot.error();
  return visit_with(state_->db, status, visit);
}

result<void> sqlite_ledger::each_move(
    const std::function<result<void>(const po_lease&, const folder_move&)>& visit) {
  return visit_moves(state_->db, visit);
}

result<void> sqlite_ledger::each_copy(const std::function<result<void>(const same_content&)>& visit) {
  return visit_copies(state_->db, visit);
}

}  // namespace pofetch::sqlite
