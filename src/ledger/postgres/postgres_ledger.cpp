#include "ledger/postgres/postgres_ledger.hpp"

#include "ledger/postgres/folder_moves.hpp"
#include "ledger/postgres/intake.hpp"
#include "ledger/postgres/nodes.hpp"
#include "ledger/postgres/outcome_writer.hpp"
#include "ledger/postgres/queue.hpp"
#include "ledger/postgres/reader.hpp"
#include "ledger/postgres/refresh.hpp"
#include "ledger/words.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pofetch::postgres {

struct postgres_ledger::state {
  state(session opened, std::int64_t id, ledger_options given)
      : db(std::move(opened)), at{db, id}, list(at), work(at), moves(at), options(std::move(given)) {}

  /// A run begins: what an earlier one of this node held is free.
  result<void> restart() {
    auto given = work.give_back_all();
    work.restart(false);
    moves.restart();
    return given;
  }

  /// For good: after that nothing of this incarnation counts.
  po_ids lose(std::span<const po_outcome> done, std::span<const po_outcome> next) {
    work.forget_all();
    po_ids all;
    for (const po_outcome& each : done) all.push_back(each.po.id);
    for (const po_outcome& each : next) all.push_back(each.po.id);
    return all;
  }

  session db;
  batch_at at;
  intake list;
  queue work;
  misnamed_folders moves;
  ledger_options options;
  /// The run in which it takes part.
  std::int64_t run = 0;
  /// Where only is read: the folders of orders whose move was ended, by id.
  std::unordered_map<std::int64_t, std::string> moved{};
};

postgres_ledger::postgres_ledger(std::unique_ptr<state> opened) : state_(std::move(opened)) {}

/// Somebody who waits for the end does not wait for a server that is away: others find out by the lease.
postgres_ledger::~postgres_ledger() {
  if (!state_->options.server.to_write) return;
  state_->db.be_patient_for(std::chrono::seconds(1));
  static_cast<void>(leave(state_->db));
}

result<std::unique_ptr<postgres_ledger>> postgres_ledger::open(ledger_options options) {
  auto db = session::open(options.server);
  if (!db) return db.error();
  const bool works = options.server.to_write;
  const auto batch = find_batch(*db, options.batch, works);
  if (!batch) return batch.error();
  if (!*batch)
    return make_failure(errc::input, fmt::format("There is no batch '{}' in the ledger at {}.", options.batch,
                                                 options.server.where.shown()));
  if (works) {
    const auto node = register_node(*db, **batch, options.node);
    if (!node) return node.error();
    db->write_as(*node);
  }
  auto opened = std::make_unique<state>(std::move(*db), **batch, std::move(options));
  return std::unique_ptr<postgres_ledger>(new postgres_ledger(std::move(opened)));
}

result<table> postgres_ledger::ask_alive(const command& one) {
  std::vector<command> commands{one};
  auto done = state_->db.ask_alive(std::move(commands));
  if (!done) return done.error();
  if (done->fenced) return make_failure(errc::ledger, "This node was taken for dead.");
  return std::move(done->tables[0]);
}

const std::string& postgres_ledger::batch_name() const noexcept { return state_->options.batch; }

result<std::vector<node_status>> postgres_ledger::nodes() {
  return list_nodes(state_->db, state_->options.batch);
}

result<bool> postgres_ledger::is_alive() {
  state_->db.be_patient_for(std::chrono::seconds(1));
  const auto done = state_->db.ask_alive({});
  state_->db.be_patient_for(state_->options.server.timeout);
  if (!done) return done.error();
  return !done->fenced;
}

result<void> postgres_ledger::pause_part() { return state_->work.give_back_all(); }

void postgres_ledger::resume_part() { state_->work.restart(true); }

result<batch_facts> postgres_ledger::facts() {
  auto found = read_batch(state_->db, state_->options.batch);
  if (!found) return found.error();
  if (!*found) return make_failure(errc::ledger, "The batch is not in the ledger any more.");
  return std::move(**found);
}

result<std::string> postgres_ledger::settle_settings(const std::string& text) {
  const auto row = ask_alive(
      command("UPDATE pofetch.batches SET settings = CASE WHEN settings = '' THEN $2 ELSE settings END WHERE "
              "id = $1 RETURNING settings",
              state_->at.batch, text));
  if (!row) return row.error();
  return row->text(0, "settings");
}

result<postgres_ledger::part> postgres_ledger::enter(const std::string& list_sha256) {
  const auto row = ask_alive(
      command("SELECT pofetch.enter($1, $2, $3) AS part", state_->at.batch, node_id(), list_sha256));
  if (!row) return row.error();
  static const std::unordered_map<std::string, part> parts{
      {"take in", part::take_in}, {"go on", part::go_on},     {"join", part::join},
      {"wait", part::wait},       {"no list", part::no_list}, {"other list", part::other_list}};
  return parts.at(row->text(0, "part"));
}

result<postgres_ledger::ending> postgres_ledger::begin_finish() {
  const auto row = ask_alive(
      command("SELECT pofetch.begin_finish($1, $2, $3) AS ending", state_->at.batch, node_id(), state_->run));
  if (!row) return row.error();
  const std::string word = row->text(0, "ending");
  if (word == "wait") return ending::wait;
  return word == "finish" ? ending::finish : ending::ended;
}

result<bool> postgres_ledger::stop_working() {
  const auto row =
      ask_alive(command("SELECT pofetch.stop_working($1, $2) AS last", state_->at.batch, node_id()));
  if (!row) return row.error();
  return row->truth(0, "last");
}

result<void> postgres_ledger::count_work(std::uint64_t requests, std::uint64_t retries) {
  const auto row =
      ask_alive(command("UPDATE pofetch.nodes SET run = $2, requests = $3, retries = $4 WHERE id = $1",
                        node_id(), state_->run, requests, retries));
  return row ? result<void>() : result<void>(row.error());
}

result<bool> postgres_ledger::awaits_others() { return state_->work.awaits_others(); }

std::int64_t postgres_ledger::batch_id() const noexcept { return state_->at.batch; }
std::int64_t postgres_ledger::node_id() const noexcept { return state_->db.node(); }

result<void> postgres_ledger::note_run() {
  const auto row =
      state_->db.ask(command("SELECT max(id) AS run FROM pofetch.runs WHERE batch = $1", state_->at.batch));
  if (!row) return row.error();
  state_->run = row->integer(0, "run");
  return {};
}

result<void> postgres_ledger::join() {
  const auto row =
      state_->db.ask(command("SELECT state FROM pofetch.batches WHERE id = $1", state_->at.batch));
  if (!row) return row.error();
  if (row->size() == 0 || row->text(0, "state") != "ready")
    return make_failure(errc::ledger, "No other node has begun a run of this batch.");
  state_->work.restart(true);
  return note_run();
}

result<void> postgres_ledger::begin_run(const run_info& info) {
  auto begun = state_->list.begin(info);
  if (begun) begun = state_->restart();
  return begun ? note_run() : begun;
}

result<void> postgres_ledger::add(std::span<const po_entry> entries) { return state_->list.add(entries); }

result<intake_counts> postgres_ledger::end_intake() { return state_->list.end(); }

result<run_record> postgres_ledger::resume_run(std::chrono::system_clock::time_point started_at) {
  if (auto resumed = state_->list.resume(started_at); !resumed) return resumed.error();
  if (auto restarted = state_->restart(); !restarted) return restarted.error();
  if (auto noted = note_run(); !noted) return noted.error();
  return read_last_run(state_->at);
}

result<std::vector<po_group>> postgres_ledger::groups() { return read_groups(state_->at); }

result<void> postgres_ledger::erase_addresses() {
  const auto done =
      state_->db.ask(command("UPDATE pofetch.listed_attachments AS l SET url = '', \"authorization\" = '' "
                             "FROM pofetch.attachments AS a, "
                             "pofetch.purchase_orders AS p WHERE l.url <> '' AND a.po_id = l.po_id AND a.key "
                             "= l.key AND a.status IN (2, 4) AND "
                             "p.id = l.po_id AND p.batch = $1",
                             state_->at.batch));
  return done ? result<void>() : result<void>(done.error());
}

result<std::optional<std::string>> postgres_ledger::page_outside(const page_area& area) {
  return find_page_outside(state_->at, area);
}

result<refresh_facts> postgres_ledger::begin_refresh(const refresh_scope& scope) {
  auto facts = count_scope(state_->at, scope);
  if (facts) state_->work.look_again(scope);
  return facts;
}

result<void> postgres_ledger::note_changes(std::span<const order_change> changes) {
  return mark_changed(state_->at, changes);
}

result<void> postgres_ledger::end_changes(const refresh_scope& scope,
                                          std::chrono::system_clock::time_point at) {
  return mark_unchanged(state_->at, scope, at);
}

result<void> postgres_ledger::set_listed_to(const std::string& time) {
  const auto done = state_->db.ask(command(
      "UPDATE pofetch.runs SET listed_to = $2 WHERE id = (SELECT max(id) FROM pofetch.runs WHERE batch = $1)",
      state_->at.batch, time));
  return done ? result<void>() : result<void>(done.error());
}

result<void> postgres_ledger::choose(const work_choice& choice) {
  state_->work.choose(choice);
  return {};
}

result<work_count> postgres_ledger::count(const work_choice& choice) {
  return count_chosen(state_->at, choice);
}

result<std::vector<po_lease>> postgres_ledger::lease(std::size_t count) { return state_->work.next(count); }

std::optional<std::chrono::milliseconds> postgres_ledger::lease_time() const { return state_->options.lease; }

result<void> postgres_ledger::renew() {
  const auto done = state_->db.ask_alive({});
  if (!done) return done.error();
  if (done->fenced) state_->work.forget_all();
  return {};
}

result<void> postgres_ledger::give_back(std::span<const std::int64_t> leased) {
  return state_->work.give_back(leased);
}

result<po_ids> postgres_ledger::record_and_intend(std::span<const po_outcome> done,
                                                  std::span<const po_outcome> next) {
  if (done.empty() && next.empty()) return po_ids();
  const auto got = write_outcomes(state_->at, done, next);
  if (!got) return got.error();
  if (got->fenced) return state_->lose(done, next);
  po_ids refused;
  const auto is_held = [&](std::int64_t id) {
    return got->unseen ? state_->work.holds(id) : got->held.count(id) != 0;
  };
  for (const auto& outcomes : {done, next})
    for (const po_outcome& each : outcomes)
      if (!is_held(each.po.id)) refused.push_back(each.po.id);
  for (const po_outcome& each : done)
    if (each.status != po_status::pending) state_->work.release(each.po.id);
  return refused;
}

result<po_ids> postgres_ledger::amend(std::span<const po_lease> found) {
  return write_amendments(state_->at, found);
}

result<std::vector<folder_move>> postgres_ledger::misnamed(bool with_status, std::size_t count) {
  return state_->moves.next(with_status, count);
}

result<bool> postgres_ledger::has_folder(const std::string& folder, std::int64_t but_for) {
  return is_folder_owned(state_->at, folder, but_for);
}

result<po_ids> postgres_ledger::begin_moves(std::span<const folder_move> moves) {
  return begin_all_moves(state_->at, moves);
}

result<void> postgres_ledger::end_moves(std::span<const folder_move> done) {
  if (state_->options.server.to_write) return end_all_moves(state_->at, done);
  for (const folder_move& move : done) state_->moved[move.po_id] = move.to;
  return {};
}

result<void> postgres_ledger::each_move(
    const std::function<result<void>(const po_lease&, const folder_move&)>& visit) {
  return visit_moves(state_->at, visit);
}

result<void> postgres_ledger::end_run(const run_record& run) {
  const auto finished = run.finished_at ? std::optional(records::to_milliseconds(*run.finished_at))
                                        : std::optional<std::int64_t>();
  std::vector<command> commands;
  commands.emplace_back(
      "UPDATE pofetch.runs AS r SET finished_at = $2, interrupted = $3, (requests, retries) = (SELECT "
      "$4::bigint + "
      "coalesce(sum(n.requests), 0), $5::bigint + coalesce(sum(n.retries), 0) FROM pofetch.nodes AS n WHERE "
      "n.batch = "
      "$1 AND n.run = r.id AND n.id <> $7), elapsed_seconds = $6 WHERE r.id = (SELECT max(id) FROM "
      "pofetch.runs WHERE "
      "batch = $1) RETURNING id",
      state_->at.batch, finished, run.interrupted, run.requests, run.retries, run.elapsed_seconds, node_id());
  commands.emplace_back("UPDATE pofetch.batches SET state = 'finished' WHERE id = $1 AND NOT $2",
                        state_->at.batch, run.interrupted);
  const auto done = state_->db.commit(std::move(commands));
  if (!done) return done.error();
  if (done->fenced)
    return make_failure(errc::ledger, "This node was taken for dead: another one ends the run.");
  if (!done->tables.empty() && done->tables[0].size() == 0)
    return make_failure(errc::ledger, "A run was ended that the ledger does not know.");
  return state_->work.give_back_all();
}

result<batch_totals> postgres_ledger::totals() { return read_totals(state_->at); }

result<run_record> postgres_ledger::last_run() { return read_last_run(state_->at); }

result<void> postgres_ledger::each(const std::function<result<void>(const report_row&)>& visit) {
  if (state_->moved.empty()) return visit_list(state_->at, visit);
  return visit_list(state_->at, [this, &visit](const report_row& row) {
    const auto moved = state_->moved.find(row.outcome.po.id);
    if (moved == state_->moved.end()) return visit(row);
    report_row there = row;
    there.outcome.po.folder = moved->second;
    return visit(there);
  });
}

result<void> postgres_ledger::each_with(attachment_status status,
                                        const std::function<result<void>(const po_lease&)>& visit) {
  return visit_with(state_->at, status, visit);
}

result<void> postgres_ledger::each_copy(const std::function<result<void>(const same_content&)>& visit) {
  return visit_copies(state_->at, visit);
}

}  // namespace pofetch::postgres
