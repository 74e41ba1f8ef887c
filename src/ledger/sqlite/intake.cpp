#include "ledger/sqlite/intake.hpp"

#include "core/folder_name.hpp"
#include "core/po_rules.hpp"
#include "ledger/sqlite/folder_names.hpp"
#include "ledger/sqlite/listed.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <string>

namespace pofetch::sqlite {
namespace {

/// The folder's key, or NULL: rows without a usable PO have no folder of their own.
void bind_folder_key(statement& use, int index, const po_entry& entry, const std::string& key) {
  if (entry.status == po_status::invalid || key.empty()) {
    use.bind(index, nullptr);
  } else {
    use.bind(index, std::string_view(key));
  }
}

/// 0 for a list without rows.
result<std::int64_t> last_position(database& db, std::int64_t generation) {
  auto row = db.query("SELECT coalesce(max(position), 0) FROM purchase_orders WHERE generation = ?");
  if (!row) return row.error();
  row->bind(1, generation);
  const auto found = row->step();
  if (!found) return found.error();
  return row->only_integer();
}

}  // namespace

/// What is known of a key; id 0: nothing.
struct intake::known_po {
  std::int64_t id = 0;
  std::int64_t generation = 0;
  std::int64_t status = 0;
  std::string folder;
  std::int64_t position = 0;
};

result<void> intake::begin(const run_info& info) {
  // A list can be read again: its rows need not reach the disk one transaction after the other.
  if (durable_) {
    if (auto done = db_.execute("PRAGMA synchronous = NORMAL"); !done) return done;
  }
  auto change = transaction::begin(db_);
  if (!change) return change.error();
  const std::string columns = to_json(info.columns);
  const std::int64_t goes_on = info.goes_on ? 1 : 0;
  auto added = db_.run(
      "INSERT INTO runs (input, source, base_url, columns, started_at, listing, list, listed_to) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
      "(SELECT coalesce(list, id) FROM runs WHERE ?7 ORDER BY id DESC LIMIT 1), "
      "coalesce((SELECT listed_to FROM runs WHERE ?7 ORDER BY id DESC LIMIT 1), ''))",
      info.input, info.source, info.base_url, columns, to_milliseconds(info.started_at), info.listing,
      goes_on);
  if (!added) return added;
  const std::int64_t run = db_.last_id();
  if (info.source != "manifest") {
    if (auto done = unite_spellings(); !done) return done;
  }
  const auto generation = generation_of(db_);
  if (!generation) return generation.error();
  progress at;
  if (info.goes_on) {
    const auto last = last_position(db_, *generation);
    if (!last) return last.error();
    at.position = *last;
  }
  if (auto done = change->commit(); !done) return done;
  run_ = run;
  generation_ = *generation;
  goes_on_ = info.goes_on;
  at_ = at;
  return {};
}

result<void> intake::resume(std::chrono::system_clock::time_point started_at) {
  auto added = db_.run(
      "INSERT INTO runs (input, source, base_url, columns, started_at, listing, list, listed_to, taken_in, "
      "intake_rows, intake_repeated, intake_invalid) SELECT input, source, base_url, columns, ?, listing, "
      "coalesce(list, id), listed_to, 1, intake_rows, intake_repeated, intake_invalid "
      "FROM runs WHERE id = (SELECT max(id) FROM runs) AND taken_in",
      to_milliseconds(started_at));
  if (!added || db_.changes() == 1) return added;
  return make_failure(errc::ledger,
                      "There is no list here that was read to its end: run again with the list.");
}

/// Up to 0.1.0 the key had the leading zeros of the list. Where there are both, the one without is the order
/// from now on. (Only keys that begin with a zero are looked at: there is an index.)
result<void> intake::unite_spellings() {
  return db_.run(
      "UPDATE OR IGNORE purchase_orders SET key = ltrim(key, '0') "
      "WHERE key >= '0' AND key < '1' AND key = number AND key NOT GLOB '*[^0-9]*' AND ltrim(key, '0') <> "
      "''");
}

result<void> intake::add(std::span<const po_entry> entries) {
  if (generation_ == 0) return make_failure(errc::ledger, "Entries were added before a run was begun.");
  if (entries.empty()) return {};
  auto change = transaction::begin(db_);
  if (!change) return change.error();
  progress at = at_;
  for (const po_entry& entry : entries) {
    if (auto taken = take(entry, at); !taken) return taken;
  }
  if (auto done = change->commit(); !done) return done;
  at_ = at;
  return {};
}

result<intake_counts> intake::end() {
  if (generation_ == 0) return make_failure(errc::ledger, "A list was ended before a run was begun.");
  // This commit brings the whole list to disk with it.
  if (durable_) {
    if (auto done = db_.execute("PRAGMA synchronous = FULL"); !done) return done.error();
  }
  const intake_counts& counts = at_.counts;
  auto change = transaction::begin(db_);
  if (!change) return change.error();
  if (auto kept = keep_one_list(db_, generation_); !kept) return kept.error();
  auto noted = db_.run(
      "UPDATE runs SET taken_in = 1, intake_rows = ?, intake_repeated = ?, intake_invalid = ? WHERE id = ?",
      counts.rows, counts.repeated, counts.invalid, run_);
  if (!noted) return noted.error();
  if (auto done = change->commit(); !done) return done.error();
  return counts;
}

result<void> intake::take(const po_entry& entry, progress& at) {
  const auto known = find(entry.key);
  if (!known) return known.error();
  ++at.counts.rows;
  if (auto taken = take_order(entry, *known, at); !taken || !entry.listed) return taken;
  const std::int64_t id = known->id != 0 ? known->id : db_.last_id();
  return add_listed(db_, {id, generation_, static_cast<std::int64_t>(at.counts.rows)}, *entry.listed);
}

result<void> intake::take_order(const po_entry& entry, const known_po& known, progress& at) {
  if (known.generation == generation_ && goes_on_) {
    // It keeps its place; what comes twice says the same twice.
    if (entry.status == po_status::invalid) ++at.counts.invalid;
    return update(entry, known, known.position);
  }
  if (known.generation == generation_) {
    ++at.counts.repeated;
    auto& lines = at.counts.repeated_lines;
    if (lines.size() < intake_counts::lines_told) lines.push_back(entry.line);
    return {};
  }
  if (entry.status == po_status::invalid) ++at.counts.invalid;
  ++at.position;
  return known.id == 0 ? insert(entry, at.position) : update(entry, known, at.position);
}

result<intake::known_po> intake::find(std::string_view key) {
  auto row = db_.query("SELECT id, generation, status, folder, position FROM purchase_orders WHERE key = ?");
  if (!row) return row.error();
  row->bind(1, key);
  const auto found = row->step();
  if (!found) return found.error();
  if (!*found) return known_po();
  return known_po{row->integer("id"), row->integer("generation"), row->integer("status"), row->text("folder"),
                  row->integer("position")};
}

result<void> intake::insert(const po_entry& entry, std::int64_t position) {
  const auto folder = folder_for(entry, known_po());
  if (!folder) return folder.error();
  auto row = db_.query(
      "INSERT INTO purchase_orders (key, generation, position, line, number, prefix, supplier, "
      "breaker_group, "
      "cells, folder, status, error_code, error_message, folder_key) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!row) return row.error();
  const std::string cells = to_json(entry.cells);
  const error_columns error(entry.error);
  const std::string key = core::folder_key(*folder);
  row->bind_all(entry.key, generation_, position, entry.line, entry.number, entry.prefix, entry.supplier,
                entry.group, cells, *folder, static_cast<int>(entry.status), error.code, error.message);
  bind_folder_key(*row, 14, entry, key);
  return row->run();
}

result<void> intake::update(const po_entry& entry, const known_po& known, std::int64_t position) {
  const auto folder = folder_for(entry, known);
  if (!folder) return folder.error();
  // The state of earlier runs holds, unless the row has become (or ceased to be) unusable.
  constexpr auto invalid = static_cast<int>(po_status::invalid);
  const bool new_state = (known.status == invalid) != (entry.status == po_status::invalid);
  static const std::string sql = fmt::format(
      "UPDATE purchase_orders SET generation = ?2, position = ?3, line = ?4, number = ?5, prefix = ?6, "
      "supplier = ?7, breaker_group = ?8, cells = ?9, folder = ?10, folder_key = ?11, "
      "folder_status = iif(folder = ?10, folder_status, NULL), "
      "plain_folder = iif(folder = ?10, plain_folder, NULL), "
      "status = iif(?12, ?13, status), error_code = iif(?12 OR ?13 = 6, ?14, error_code), "
      "error_message = iif(?12 OR ?13 = 6, ?15, error_message), "
      "changed = iif(?16 = '' OR status NOT IN ({}) OR updated_at = ?16, changed, 1) WHERE id = ?1",
      core::numbers_done());
  auto row = db_.query(sql);
  if (!row) return row.error();
  const std::string cells = to_json(entry.cells);
  const error_columns error(entry.error);
  const std::string key = core::folder_key(*folder);
  row->bind_all(known.id, generation_, position, entry.line, entry.number, entry.prefix, entry.supplier,
                entry.group, cells, *folder);
  bind_folder_key(*row, 11, entry, key);
  row->bind(12, new_state ? 1 : 0);
  row->bind(13, static_cast<int>(entry.status));
  row->bind(14, std::string_view(error.code));
  row->bind(15, error.message);
  row->bind(16, std::string_view(entry.updated_at));
  return row->run();
}

result<std::string> intake::folder_for(const po_entry& entry, const known_po& known) {
  if (entry.status == po_status::invalid || entry.folder.empty()) return entry.folder;
  // A row that was unusable before had no claim on a folder.
  if (known.id != 0 && known.status != static_cast<int>(po_status::invalid)) {
    if (known.folder == entry.folder) return entry.folder;
    const auto files = has_files(known.id);
    if (!files) return files.error();
    if (*files) return known.folder;
  }
  return free_folder(db_, entry.folder, known.id);
}

result<bool> intake::has_files(std::int64_t id) {
  // Committing ones may stand under their names already; `reconcile` looks for them there.
  auto row = db_.query("SELECT 1 FROM attachments WHERE po_id = ? AND status IN (1, 2) LIMIT 1");
  if (!row) return row.error();
  row->bind(1, id);
  return row->step();
}

}  // namespace pofetch::sqlite
