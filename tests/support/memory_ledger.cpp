#include "support/memory_ledger.hpp"

#include "core/folder_name.hpp"
#include "core/po_rules.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace pofetch::test {
namespace {

void count_attachments(const std::vector<attachment_record>& attachments, report_row& row) {
  row.attachments_found = attachments.size();
  for (const attachment_record& record : attachments) {
    if (record.status != attachment_status::completed) continue;
    ++row.attachments_downloaded;
    row.bytes += record.bytes;
  }
}

/// Replaces the record with that key, or adds it.
void put_attachment(std::vector<attachment_record>& known, const attachment_record& record) {
  const auto same = std::find_if(known.begin(), known.end(),
                                 [&](const attachment_record& one) { return one.key == record.key; });
  if (same == known.end()) {
    known.push_back(record);
  } else {
    *same = record;
  }
}

/// What is on disk stays known, though the source may not list it any more.
void keep_completed(const std::vector<attachment_record>& before, std::vector<attachment_record>& now) {
  for (const attachment_record& record : before) {
    const bool listed = std::any_of(now.begin(), now.end(),
                                    [&](const attachment_record& one) { return one.key == record.key; });
    if (!listed && record.status == attachment_status::completed) now.push_back(record);
  }
}

failure not_begun() { return make_failure(errc::ledger, "No run was begun in this ledger."); }

}  // namespace

std::optional<failure> memory_ledger::call() {
  if (!due_) return std::nullopt;
  if (calls_left_-- > 0) return std::nullopt;
  return std::exchange(due_, std::nullopt);
}

void memory_ledger::fail_after(std::size_t calls, failure why) {
  due_ = std::move(why);
  calls_left_ = calls;
}

result<void> memory_ledger::begin_run(const run_info& info) {
  if (auto fault = call()) return *fault;
  const std::string listed_to = run_ && info.goes_on ? run_->listed_to : std::string();
  run_.emplace();
  run_->info = info;
  run_->listed_to = listed_to;
  run_->interrupted = true;
  taken_in_ = false;
  begin_work();
  if (!info.goes_on) {
    for (const std::int64_t id : list_) at(id).listed = false;
    list_.clear();
  }
  return {};
}

void memory_ledger::begin_work() {
  for (stored_po& po : pos_) po.leased = false;
  again_.reset();
  choice_ = {};
  cursor_ = 0;
  move_cursor_ = 0;
}

result<run_record> memory_ledger::resume_run(std::chrono::system_clock::time_point started_at) {
  if (auto fault = call()) return *fault;
  if (!run_ || !taken_in_) return not_begun();
  run_record resumed;
  resumed.info = run_->info;
  resumed.info.started_at = started_at;
  resumed.intake = run_->intake;
  resumed.listed_to = run_->listed_to;
  resumed.interrupted = true;
  run_ = std::move(resumed);
  begin_work();
  return *run_;
}

result<std::vector<po_group>> memory_ledger::groups() {
  if (auto fault = call()) return *fault;
  std::map<std::string, std::uint64_t> sizes;
  for (const std::int64_t id : list_) {
    const po_entry& entry = at(id).entry;
    if (entry.status != po_status::invalid && !entry.group.empty()) ++sizes[entry.group];
  }
  std::vector<po_group> all;
  for (const auto& [name, orders] : sizes) all.push_back({name, orders});
  return all;
}

void memory_ledger::take(const po_entry& entry) {
  ++run_->intake.rows;
  const auto [place, is_new] = ids_.try_emplace(entry.key, static_cast<std::int64_t>(pos_.size()) + 1);
  if (is_new) pos_.emplace_back();
  stored_po& po = at(place->second);
  note_change(po, entry.updated_at);
  if (po.listed && run_->info.goes_on) {
    po.entry = entry;
    return;
  }
  if (!po.listed) po.listed_files.clear();
  take_listed(po, entry);
  if (po.listed) {
    ++run_->intake.repeated;
    auto& lines = run_->intake.repeated_lines;
    if (lines.size() < intake_counts::lines_told) lines.push_back(entry.line);
    return;
  }
  if (entry.status == po_status::invalid) ++run_->intake.invalid;
  po.listed = true;
  list_.push_back(place->second);
  // The state of an earlier run holds, unless the row has become (or ceased to be) unusable.
  const bool keep = !is_new && entry.status == po_status::pending && po.state.status != po_status::invalid;
  if (!keep) {
    po.state.status = entry.status;
    po.state.error = entry.error;
  }
  po.entry = entry;
  const bool keeps_folder =
      std::any_of(po.state.attachments.begin(), po.state.attachments.end(), [](const attachment_record& one) {
        return one.status == attachment_status::completed || one.status == attachment_status::committing;
      });
  if (!keeps_folder) po.named.reset();
  po.state.po = {place->second,  entry.number, entry.prefix,
                 entry.supplier, entry.group,  keeps_folder ? po.state.po.folder : entry.folder};
}

void memory_ledger::take_listed(stored_po& po, const po_entry& entry) {
  if (!entry.listed) return;
  listed_attachment line = *entry.listed;
  std::size_t alike = 0;
  for (const listed_attachment& one : po.listed_files) {
    if (one.file.key != line.file.key && !one.file.key.starts_with(line.file.key + " #")) continue;
    if (one.file.url == line.file.url) return;
    ++alike;
  }
  if (alike > 0) line.file.key += " #" + std::to_string(alike + 1);
  po.listed_files.push_back(std::move(line));
}

void memory_ledger::erase_addresses_of(stored_po& po) {
  for (listed_attachment& line : po.listed_files)
    for (const attachment_record& one : po.state.attachments) {
      const bool over =
          one.status == attachment_status::completed || one.status == attachment_status::excluded;
      if (over && one.key == line.file.key) line.file.url = line.file.authorization = "";
    }
}

result<void> memory_ledger::erase_addresses() {
  if (auto fault = call()) return *fault;
  for (stored_po& po : pos_) erase_addresses_of(po);
  return {};
}

result<void> memory_ledger::add(std::span<const po_entry> entries) {
  if (auto fault = call()) return *fault;
  if (!run_) return not_begun();
  for (const po_entry& entry : entries) take(entry);
  return {};
}

result<intake_counts> memory_ledger::end_intake() {
  if (auto fault = call()) return *fault;
  if (!run_) return not_begun();
  taken_in_ = true;
  return run_->intake;
}

bool memory_ledger::in_scope(const stored_po& po, const refresh_scope& scope) {
  if (!core::is_done(po.state.status)) return false;
  if (!po.state.look) return true;
  const bool old = !scope.before || po.state.look->at < *scope.before;
  return old && (po.changed || !scope.changed_only);
}

void memory_ledger::note_change(stored_po& po, const std::string& updated_at) {
  if (!core::is_done(po.state.status) || updated_at.empty()) return;
  if (!po.state.look || po.state.look->updated_at != updated_at) po.changed = true;
}

result<std::optional<std::string>> memory_ledger::page_outside(const page_area& area) {
  if (auto fault = call()) return *fault;
  for (const std::int64_t id : list_) {
    const po_outcome& state = at(id).state;
    const bool inside = area.below.empty() ? state.url.empty()
                                           : state.url.starts_with(area.below) &&
                                                 (area.except.empty() || !state.url.starts_with(area.except));
    const auto has_file = [](const attachment_record& one) {
      return one.status == attachment_status::completed;
    };
    if (!inside && std::any_of(state.attachments.begin(), state.attachments.end(), has_file))
      return std::optional<std::string>(state.url);
  }
  return std::optional<std::string>();
}

result<refresh_facts> memory_ledger::begin_refresh(const refresh_scope& scope) {
  if (auto fault = call()) return *fault;
  again_ = scope;
  refresh_facts facts;
  for (const std::int64_t id : list_) {
    const stored_po& po = at(id);
    if (!in_scope(po, scope)) continue;
    ++facts.by_status[static_cast<std::size_t>(po.state.status)];
    if (po.state.look && (!facts.oldest || po.state.look->at < *facts.oldest))
      facts.oldest = po.state.look->at;
  }
  return facts;
}

result<void> memory_ledger::note_changes(std::span<const order_change> changes) {
  if (auto fault = call()) return *fault;
  for (const order_change& change : changes)
    if (const auto known = ids_.find(change.number); known != ids_.end())
      note_change(at(known->second), change.updated_at);
  return {};
}

result<void> memory_ledger::end_changes(const refresh_scope& scope,
                                        std::chrono::system_clock::time_point moment) {
  if (auto fault = call()) return *fault;
  for (const std::int64_t id : list_) {
    stored_po& po = at(id);
    if (po.changed || !po.state.look || !in_scope(po, {scope.before, false})) continue;
    po.state.look->at = std::max(po.state.look->at, moment);
  }
  return {};
}

result<void> memory_ledger::set_listed_to(const std::string& time) {
  if (auto fault = call()) return *fault;
  if (!run_) return not_begun();
  run_->listed_to = time;
  return {};
}

po_lease memory_ledger::lease_of(const stored_po& po) {
  po_lease lease{po.state.po, po.state.attachments};
  std::stable_sort(
      lease.known.begin(), lease.known.end(),
      [](const attachment_record& a, const attachment_record& b) { return a.ordinal < b.ordinal; });
  return lease;
}

bool memory_ledger::is_chosen(const stored_po& po, const work_choice& choice) {
  const po_status status = po.state.status;
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  if (status == po_status::invalid) return false;
  const bool in_state =
      choice.statuses.empty() ? core::is_taken_up(status, false) : has(choice.statuses, status);
  if (!in_state && !(choice.retry_skipped && status == po_status::skipped)) return false;
  if (!choice.numbers.empty() && !has(choice.numbers, po.entry.number)) return false;
  if (choice.error_codes.empty()) return true;
  if (po.state.error && has(choice.error_codes, code_word(*po.state.error))) return true;
  return std::any_of(po.state.attachments.begin(), po.state.attachments.end(),
                     [&](const attachment_record& one) {
                       return one.status == attachment_status::failed && one.error &&
                              has(choice.error_codes, code_word(*one.error));
                     });
}

result<void> memory_ledger::choose(const work_choice& choice) {
  if (auto fault = call()) return *fault;
  choice_ = choice;
  return {};
}

result<work_count> memory_ledger::count(const work_choice& choice) {
  if (auto fault = call()) return *fault;
  work_count counted;
  for (const std::int64_t id : list_)
    if (is_chosen(at(id), choice)) ++counted.by_status[static_cast<std::size_t>(at(id).state.status)];
  return counted;
}

result<std::vector<po_lease>> memory_ledger::lease(std::size_t count) {
  if (auto fault = call()) return *fault;
  std::vector<po_lease> leases;
  for (; cursor_ < list_.size() && leases.size() < count; ++cursor_) {
    const stored_po& po = at(list_[cursor_]);
    const bool again = again_ && in_scope(po, *again_);
    if (!again && !is_chosen(po, choice_)) continue;
    at(list_[cursor_]).leased = true;
    leases.push_back(lease_of(po));
    leases.back().listed = po.listed_files;
    leases.back().again = core::is_done(po.state.status);
    if (leases.back().again && po.state.look) leases.back().pages = po.state.look->pages;
  }
  return leases;
}

template <class Item>
std::optional<failure> memory_ledger::unknown(std::span<const Item> items) const {
  for (const Item& item : items) {
    const std::int64_t id = item.po.id;
    if (id < 1 || id > static_cast<std::int64_t>(pos_.size()))
      return make_failure(errc::ledger, "The ledger has no PO with id " + std::to_string(id) + ".");
  }
  return std::nullopt;
}

result<void> memory_ledger::renew() {
  if (auto fault = call()) return *fault;
  return {};
}

result<void> memory_ledger::give_back(std::span<const std::int64_t> leased) {
  if (auto fault = call()) return *fault;
  for (const std::int64_t id : leased) at(id).leased = false;
  return {};
}

void memory_ledger::put_intents(std::span<const po_outcome> outcomes) {
  for (const po_outcome& outcome : outcomes) {
    for (const attachment_record& record : outcome.attachments) {
      if (record.status == attachment_status::committing)
        put_attachment(at(outcome.po.id).state.attachments, record);
    }
  }
}

result<po_ids> memory_ledger::amend(std::span<const po_lease> found) {
  if (auto fault = call()) return *fault;
  if (auto fault = unknown(found)) return *fault;
  po_ids refused;
  for (const po_lease& lease : found) {
    if (at(lease.po.id).elsewhere) {
      refused.push_back(lease.po.id);
      continue;
    }
    po_outcome& state = at(lease.po.id).state;
    for (const attachment_record& record : lease.known) {
      put_attachment(state.attachments, record);
      if (record.status == attachment_status::pending) state.status = po_status::pending;
    }
    if (at(lease.po.id).leased) erase_addresses_of(at(lease.po.id));
  }
  return refused;
}

std::vector<po_outcome> memory_ledger::held_of(std::span<const po_outcome> outcomes, po_ids& lost) {
  std::vector<po_outcome> held;
  for (const po_outcome& outcome : outcomes) {
    const std::int64_t id = outcome.po.id;
    const bool known = id >= 1 && id <= static_cast<std::int64_t>(pos_.size());
    if (known && at(id).leased)
      held.push_back(outcome);
    else
      lost.push_back(id);
  }
  return held;
}

result<po_ids> memory_ledger::record_and_intend(std::span<const po_outcome> done,
                                                std::span<const po_outcome> next) {
  if (auto fault = call()) return *fault;
  po_ids lost;
  const auto held_done = held_of(done, lost);
  const auto held_next = held_of(next, lost);
  put_outcomes(held_done);
  put_intents(held_next);
  for (const po_outcome& outcome : held_done)
    if (outcome.status != po_status::pending) at(outcome.po.id).leased = false;
  return lost;
}

void memory_ledger::put_outcomes(std::span<const po_outcome> outcomes) {
  for (const po_outcome& outcome : outcomes) {
    po_outcome& state = at(outcome.po.id).state;
    po_outcome before = std::exchange(state, outcome);
    state.po = std::move(before.po);
    if (state.supplier.empty()) state.supplier = std::move(before.supplier);
    if (state.url.empty()) state.url = std::move(before.url);
    if (state.finished_at == std::chrono::system_clock::time_point{}) state.finished_at = before.finished_at;
    if (state.look)
      at(outcome.po.id).changed = false;
    else if ((state.look = std::move(before.look)))
      state.look->pages.clear();
    keep_completed(before.attachments, state.attachments);
    erase_addresses_of(at(outcome.po.id));
  }
  record_calls_ += outcomes.empty() ? 0U : 1U;
  recorded_ += outcomes.size();
}

result<std::vector<folder_move>> memory_ledger::misnamed(bool with_status, std::size_t count) {
  if (auto fault = call()) return *fault;
  std::vector<folder_move> found;
  for (; move_cursor_ < list_.size() && found.size() < count; ++move_cursor_) {
    const std::int64_t id = list_[move_cursor_];
    stored_po& po = at(id);
    const po_outcome& state = po.state;
    const bool finished = with_status && state.status != po_status::pending;
    const auto wanted = finished ? std::optional(state.status) : std::nullopt;
    const bool has_folder = po.named || row_of(po).attachments_downloaded > 0;
    if (!has_folder || po.named == wanted) continue;
    if (!po.named) po.plain = state.po.folder;
    const std::string to = wanted ? core::folder_with_status(po.plain, *wanted) : po.plain;
    found.push_back({id, state.po.folder, to, wanted});
  }
  return found;
}

result<bool> memory_ledger::has_folder(const std::string& folder, std::int64_t but_for) {
  if (auto fault = call()) return *fault;
  const std::string key = core::folder_key(folder);
  for (std::size_t i = 0; i < pos_.size(); ++i)
    if (static_cast<std::int64_t>(i) + 1 != but_for && core::folder_key(pos_[i].state.po.folder) == key)
      return true;
  return std::any_of(moves_.begin(), moves_.end(), [&](const folder_move& move) {
    return move.po_id != but_for && core::folder_key(move.to) == key;
  });
}

result<po_ids> memory_ledger::begin_moves(std::span<const folder_move> moves) {
  if (auto fault = call()) return *fault;
  moves_.assign(moves.begin(), moves.end());
  return po_ids();
}

result<void> memory_ledger::end_moves(std::span<const folder_move> done) {
  if (auto fault = call()) return *fault;
  for (const folder_move& move : done) {
    stored_po& po = at(move.po_id);
    po.named = move.status;
    po.state.po.folder = move.to;
  }
  moves_.clear();
  return {};
}

result<void> memory_ledger::each_move(
    const std::function<result<void>(const po_lease&, const folder_move&)>& visit) {
  if (auto fault = call()) return *fault;
  const std::vector<folder_move> open = moves_;
  for (const folder_move& move : open)
    if (auto visited = visit(lease_of(at(move.po_id)), move); !visited) return visited;
  return {};
}

result<void> memory_ledger::end_run(const run_record& run) {
  if (auto fault = call()) return *fault;
  if (!run_) return not_begun();
  run_info info = std::move(run_->info);
  const intake_counts intake = run_->intake;
  const std::string listed_to = run_->listed_to;
  run_ = run;
  run_->listed_to = listed_to;
  run_->info = std::move(info);
  run_->intake = intake;
  for (stored_po& po : pos_) po.leased = false;
  return {};
}

report_row memory_ledger::row_of(const stored_po& po) {
  report_row row;
  row.outcome = po.state;
  row.outcome.attachments = lease_of(po).known;
  if (row.outcome.supplier.empty()) row.outcome.supplier = po.entry.supplier;
  row.line = po.entry.line;
  row.cells = po.entry.cells;
  count_attachments(row.outcome.attachments, row);
  return row;
}

result<batch_totals> memory_ledger::totals() {
  if (auto fault = call()) return *fault;
  batch_totals totals;
  for (const std::int64_t id : list_) {
    const report_row row = row_of(at(id));
    ++totals.purchase_orders;
    ++totals.by_status[static_cast<std::size_t>(row.outcome.status)];
    totals.attachments_found += row.attachments_found;
    if (row.outcome.status == po_status::completed)
      totals.attachments_left_out += row.attachments_found - row.attachments_downloaded;
    totals.attachments_downloaded += row.attachments_downloaded;
    totals.bytes += row.bytes;
  }
  return totals;
}

result<run_record> memory_ledger::last_run() {
  if (auto fault = call()) return *fault;
  if (!run_) return not_begun();
  return *run_;
}

result<void> memory_ledger::each(const std::function<result<void>(const report_row&)>& visit) {
  if (auto fault = call()) return *fault;
  for (const std::int64_t id : list_) {
    auto visited = visit(row_of(at(id)));
    if (!visited) return visited.error();
  }
  return {};
}

result<void> memory_ledger::each_with(attachment_status status,
                                      const std::function<result<void>(const po_lease&)>& visit) {
  if (auto fault = call()) return *fault;
  // A visitor may call `record`, which never adds a PO: indexes stay good.
  for (std::size_t i = 0; i < pos_.size(); ++i) {
    const po_lease lease = lease_of(pos_[i]);
    const bool has = std::any_of(lease.known.begin(), lease.known.end(),
                                 [&](const attachment_record& a) { return a.status == status; });
    if (!has) continue;
    auto visited = visit(lease);
    if (!visited) return visited.error();
  }
  return {};
}

result<void> memory_ledger::each_copy(const std::function<result<void>(const same_content&)>& visit) {
  if (auto fault = call()) return *fault;
  std::map<std::pair<std::string, std::uint64_t>, same_content> firsts;
  std::vector<same_content> copies;
  for (const stored_po& po : pos_) {
    const po_lease lease = lease_of(po);
    for (const attachment_record& each : lease.known) {
      if (each.status != attachment_status::completed || each.bytes == 0 || each.sha256.empty()) continue;
      const auto [first, fresh] =
          firsts.try_emplace({each.sha256, each.bytes}, same_content{lease.po.folder, each, {}});
      if (!fresh) copies.push_back({first->second.folder, first->second.first, {lease.po, {each}}});
    }
  }
  for (const same_content& each : copies)
    if (auto visited = visit(each); !visited) return visited;
  return {};
}

void memory_ledger::lose_lease(std::string_view key) {
  stored_po& po = at(ids_.at(std::string(key)));
  po.leased = false;
  po.elsewhere = true;
}

bool memory_ledger::is_leased(std::string_view key) const {
  return pos_[static_cast<std::size_t>(ids_.at(std::string(key)) - 1)].leased;
}

std::optional<po_outcome> memory_ledger::find(std::string_view key) const {
  const auto place = ids_.find(std::string(key));
  if (place == ids_.end()) return std::nullopt;
  return pos_[static_cast<std::size_t>(place->second - 1)].state;
}

}  // namespace pofetch::test
