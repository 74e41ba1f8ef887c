#include "ledger/postgres/intake_page.hpp"

#include "core/folder_name.hpp"
#include "core/po_rules.hpp"
#include "ledger/json_list.hpp"
#include "ledger/postgres/rows.hpp"

#include <fmt/format.h>

#include <optional>

namespace pofetch::postgres {
namespace {

constexpr auto invalid = static_cast<int>(po_status::invalid);

/// Who owns the folders with these keys, or is about to.
constexpr const char* owners_sql =
    "SELECT k.key, (SELECT p.id FROM pofetch.purchase_orders AS p WHERE p.batch = $1 AND p.folder_key = "
    "k.key) AS owner, "
    "(SELECT m.po_id FROM pofetch.folder_moves AS m WHERE m.batch = $1 AND m.folder_key = k.key) AS mover "
    "FROM "
    "unnest($2::text[]) AS k (key)";

}  // namespace

result<void> intake_page::look_up(std::span<const po_entry> entries) {
  if (auto read = look_up_orders(entries); !read) return read;
  if (auto read = look_up_folders(entries); !read) return read;
  return look_up_listed(entries);
}

result<void> intake_page::look_up_orders(std::span<const po_entry> entries) {
  column keys;
  for (const po_entry& entry : entries)
    if (orders_.try_emplace(entry.key).second) keys.add(std::string_view(entry.key));
  // Files that are about to be placed may stand under their names already.
  const auto rows = where_.db.ask(command(
      "SELECT p.key, p.id, p.generation, p.status, p.position, p.folder, p.folder_key, (EXISTS (SELECT 1 "
      "FROM "
      "pofetch.attachments AS a WHERE a.po_id = p.id AND a.status = 2) OR EXISTS (SELECT 1 FROM "
      "pofetch.intents AS i "
      "WHERE i.po_id = p.id)) AS has_files FROM pofetch.purchase_orders AS p WHERE p.batch = $1 AND p.key = "
      "ANY($2::text[])",
      where_.batch, keys));
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    known_po& po = orders_[rows->text(i, "key")];
    po.id = rows->integer(i, "id");
    po.generation = rows->integer(i, "generation");
    po.status = rows->integer(i, "status");
    po.position = rows->integer(i, "position");
    po.has_files = rows->truth(i, "has_files");
    po.folder = rows->text(i, "folder");
    po.folder_key = rows->text(i, "folder_key");
  }
  return {};
}

result<void> intake_page::look_up_folders(std::span<const po_entry> entries) {
  column keys;
  for (const po_entry& entry : entries) {
    if (entry.status == po_status::invalid || entry.folder.empty()) continue;
    std::string key = core::folder_key(entry.folder);
    if (const auto added = owners_.try_emplace(std::move(key)); added.second)
      keys.add(std::string_view(added.first->first));
  }
  const auto rows = where_.db.ask(command(owners_sql, where_.batch, keys));
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    owner& one = owners_[rows->text(i, "key")];
    one.there = !rows->is_null(i, "owner");
    one.id = rows->integer(i, "owner");
    one.mover = rows->integer(i, "mover");
  }
  return {};
}

/// Lines of the present list that have one of these keys or addresses.
result<void> intake_page::look_up_listed(std::span<const po_entry> entries) {
  column ids, keys, urls;
  bool any = false;
  std::unordered_map<std::int64_t, std::string> key_of;
  for (const po_entry& entry : entries) {
    const known_po& po = orders_[entry.key];
    if (!entry.listed || po.id == 0) continue;
    any = true;
    key_of[po.id] = entry.key;
    ids.add(po.id);
    keys.add(std::string_view(entry.listed->file.key));
    urls.add(std::string_view(entry.listed->file.url));
  }
  if (!any) return {};
  const auto rows =
      where_.db.ask(command("SELECT DISTINCT l.po_id, l.key, l.url, l.alike FROM unnest($2::bigint[], "
                            "$3::text[], $4::text[]) AS n (po_id, key, "
                            "url) JOIN pofetch.listed_attachments AS l ON l.po_id = n.po_id AND (l.key = "
                            "n.key OR (hashtextextended(l.url, 0) "
                            "= hashtextextended(n.url, 0) AND l.url = n.url)) WHERE l.generation = $1",
                            at_.generation, ids, keys, urls));
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < rows->size(); ++i) {
    listed_line line{rows->text(i, "key"), rows->text(i, "url"), rows->integer(i, "alike")};
    listed_[key_of[rows->integer(i, "po_id")]].add(std::move(line));
  }
  return {};
}

result<void> intake_page::take(const po_entry& entry) {
  known_po& po = orders_[entry.key];
  ++at_.counts.rows;
  if (auto taken = take_order(entry, po); !taken) return taken;
  if (entry.listed) take_listed(entry);
  return {};
}

result<void> intake_page::take_order(const po_entry& entry, known_po& po) {
  const bool is_known = po.id != 0 || po.entry != nullptr;
  if (at_.goes_on && is_known) {
    // It keeps its place; what comes twice says the same twice.
    if (entry.status == po_status::invalid) ++at_.counts.invalid;
    return put(entry, po, po.position);
  }
  if (is_known && po.generation == at_.generation) {
    ++at_.counts.repeated;
    auto& lines = at_.counts.repeated_lines;
    if (lines.size() < intake_counts::lines_told) lines.push_back(entry.line);
    return {};
  }
  if (entry.status == po_status::invalid) ++at_.counts.invalid;
  ++at_.position;
  return put(entry, po, at_.position);
}

result<void> intake_page::put(const po_entry& entry, known_po& po, std::int64_t position) {
  auto folder = folder_for(entry, po);
  if (!folder) return folder.error();
  const bool has_key = entry.status != po_status::invalid && !folder->empty();
  std::string key = has_key ? core::folder_key(*folder) : std::string();
  if (key != po.folder_key) {
    if (const auto old = owners_.find(po.folder_key); old != owners_.end()) old->second.there = false;
    if (has_key) {
      owner& mine = owners_[key];
      mine.there = true;
      mine.id = po.id;
      mine.of_page = &po;
    }
  }
  // The state of earlier runs holds, unless the row has become (or ceased to be) unusable.
  po.new_state = po.new_state || (po.status == invalid) != (entry.status == po_status::invalid);
  if (po.entry == nullptr) touched_.push_back(&po);
  po.entry = &entry;
  po.generation = at_.generation;
  po.position = position;
  if (po.id == 0 || po.new_state) po.status = static_cast<int>(entry.status);
  po.folder = std::move(*folder);
  po.folder_key = std::move(key);
  return {};
}

result<std::string> intake_page::folder_for(const po_entry& entry, const known_po& po) {
  if (entry.status == po_status::invalid || entry.folder.empty()) return entry.folder;
  // A row that was unusable before had no claim on a folder.
  const bool is_known = po.id != 0 || po.entry != nullptr;
  if (is_known && po.status != invalid && (po.folder == entry.folder || po.has_files)) return po.folder;
  return core::first_free_folder(entry.folder,
                                 [&](const std::string& folder) { return is_free(folder, po); });
}

result<bool> intake_page::is_free(const std::string& folder, const known_po& po) {
  const auto [found, is_new] = owners_.try_emplace(core::folder_key(folder));
  owner& one = found->second;
  if (is_new) {
    column keys;
    keys.add(std::string_view(found->first));
    const auto rows = where_.db.ask(command(owners_sql, where_.batch, keys));
    if (!rows) return rows.error();
    one.there = rows->size() != 0 && !rows->is_null(0, "owner");
    one.id = rows->size() != 0 ? rows->integer(0, "owner") : 0;
    one.mover = rows->size() != 0 ? rows->integer(0, "mover") : 0;
    // Left by an order of this page meanwhile.
    for (const auto& each : orders_)
      if (one.there && each.second.id == one.id && each.second.folder_key != found->first) one.there = false;
  }
  if (one.mover != 0 && one.mover != po.id) return false;
  if (!one.there) return true;
  return one.of_page != nullptr ? one.of_page == &po : one.id == po.id && po.id != 0;
}

/// See sqlite/listed.cpp: an address that the list has named for this order before is left alone, and of
/// several with one key the later ones get a number.
void intake_page::take_listed(const po_entry& entry) {
  const listed_attachment& listed = *entry.listed;
  const auto position = static_cast<std::int64_t>(at_.counts.rows);
  listed_order& order = listed_[entry.key];
  const auto known = order.by_key.find(listed.file.key);
  if (known == order.by_key.end()) return order.add({listed.file.key, listed.file.url, 1, position, &listed});
  if (order.urls.count(listed.file.url) != 0) return;
  listed_line& first = order.lines[known->second];
  ++first.alike;
  first.counted = true;
  std::string key = fmt::format("{} #{}", first.key, first.alike);
  order.add({std::move(key), listed.file.url, 1, position, &listed});
}

void intake_page::listed_order::add(listed_line line) {
  by_key.emplace(line.key, lines.size());
  urls.insert(line.url);
  lines.push_back(std::move(line));
}

void intake_page::write(std::vector<command>& to) const {
  write_orders(to, false);
  write_orders(to, true);
  write_listed(to);
}

void intake_page::write_orders(std::vector<command>& to, bool new_ones) const {
  column ids, keys, positions, lines, numbers, prefixes, suppliers, groups, cells, folders, folder_keys,
      statuses, codes, messages, updated, new_state;
  bool any = false;
  for (const known_po* po : touched_) {
    if ((po->id == 0) != new_ones) continue;
    any = true;
    const po_entry& entry = *po->entry;
    ids.add(po->id);
    keys.add(std::string_view(entry.key));
    positions.add(po->position);
    lines.add(entry.line);
    numbers.add(std::string_view(entry.number));
    prefixes.add(std::string_view(entry.prefix));
    suppliers.add(std::string_view(entry.supplier));
    groups.add(std::string_view(entry.group));
    cells.add(std::string_view(records::to_json(entry.cells)));
    folders.add(std::string_view(po->folder));
    folder_keys.add(po->folder_key.empty() ? std::nullopt : std::optional(std::string_view(po->folder_key)));
    statuses.add(static_cast<int>(entry.status));
    codes.add(std::string_view(code_of(entry.error)));
    messages.add(message_of(entry.error));
    updated.add(std::string_view(entry.updated_at));
    new_state.add(po->new_state ? 1 : 0);
  }
  if (!any) return;
  const std::string rows =
      "unnest($3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], "
      "$10::text[], "
      "$11::text[], $12::text[], $13::text[], $14::int[], $15::text[], $16::text[], $17::text[], $18::int[]) "
      "AS n (id, "
      "key, position, line, number, prefix, supplier, breaker_group, cells, folder, folder_key, status, "
      "code, message, "
      "updated, new_state)";
  static const std::string change =
      "UPDATE pofetch.purchase_orders AS p SET generation = $2::bigint, position = n.position, line = "
      "n.line, number = n.number, "
      "prefix = n.prefix, supplier = n.supplier, breaker_group = n.breaker_group, cells = n.cells, folder = "
      "n.folder, "
      "folder_key = n.folder_key, folder_status = CASE WHEN p.folder = n.folder THEN p.folder_status END, "
      "plain_folder = "
      "CASE WHEN p.folder = n.folder THEN p.plain_folder END, status = CASE WHEN n.new_state = 1 THEN "
      "n.status ELSE "
      "p.status END, error_code = CASE WHEN n.new_state = 1 OR n.status = 6 THEN n.code ELSE p.error_code "
      "END, "
      "error_message = CASE WHEN n.new_state = 1 OR n.status = 6 THEN n.message ELSE p.error_message END, "
      "changed = CASE "
      "WHEN n.updated = '' OR p.status NOT IN (" +
      core::numbers_done() + ") OR p.updated_at = n.updated THEN p.changed ELSE true END FROM " + rows +
      " WHERE p.id = n.id AND p.batch = $1";
  static const std::string add =
      "INSERT INTO pofetch.purchase_orders (batch, generation, key, position, line, number, prefix, "
      "supplier, "
      "breaker_group, cells, folder, folder_key, status, error_code, error_message) SELECT $1::bigint, "
      "$2::bigint, n.key, n.position, "
      "n.line, n.number, n.prefix, n.supplier, n.breaker_group, n.cells, n.folder, n.folder_key, n.status, "
      "n.code, "
      "n.message FROM " +
      rows + " ORDER BY n.position";
  to.emplace_back(new_ones ? add : change, where_.batch, at_.generation, ids, keys, positions, lines, numbers,
                  prefixes, suppliers, groups, cells, folders, folder_keys, statuses, codes, messages,
                  updated, new_state);
}

void intake_page::write_listed(std::vector<command>& to) const {
  column keys, names, positions, lines, urls, authorizations, file_names, sizes, digests, problems, alike;
  column counted_keys, counted_names, counts;
  bool any = false;
  bool any_counted = false;
  for (const auto& [po_key, all] : listed_) {
    for (const listed_line& line : all.lines) {
      if (line.counted && line.listed == nullptr) {
        any_counted = true;
        counted_keys.add(std::string_view(po_key));
        counted_names.add(std::string_view(line.key));
        counts.add(line.alike);
      }
      if (line.listed == nullptr) continue;
      any = true;
      const attachment& file = line.listed->file;
      keys.add(std::string_view(po_key));
      names.add(std::string_view(line.key));
      positions.add(line.position);
      lines.add(line.listed->line);
      urls.add(std::string_view(file.url));
      authorizations.add(std::string_view(file.authorization));
      file_names.add(std::string_view(file.name));
      sizes.add(file.size);
      digests.add(std::string_view(file.sha256));
      problems.add(std::string_view(line.listed->problem));
      alike.add(line.alike);
    }
  }
  if (any_counted)
    to.emplace_back(
        "UPDATE pofetch.listed_attachments AS l SET alike = n.alike FROM unnest($2::text[], $3::text[], "
        "$4::bigint[]) AS n "
        "(po_key, key, alike) JOIN pofetch.purchase_orders AS p ON p.batch = $1 AND p.key = n.po_key WHERE "
        "l.po_id = p.id "
        "AND l.key = n.key",
        where_.batch, counted_keys, counted_names, counts);
  if (any)
    to.emplace_back(
        "INSERT INTO pofetch.listed_attachments (po_id, key, generation, position, line, url, "
        "\"authorization\", name, "
        "size, sha256, problem, alike) SELECT p.id, n.key, $2::bigint, n.position, n.line, n.url, n.auth, "
        "n.name, n.size, "
        "n.sha256, n.problem, n.alike FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], "
        "$7::text[], "
        "$8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::bigint[]) AS n (po_key, key, "
        "position, line, "
        "url, auth, name, size, sha256, problem, alike) JOIN pofetch.purchase_orders AS p ON p.batch = $1 "
        "AND p.key = "
        "n.po_key ON CONFLICT (po_id, key) DO UPDATE SET generation = excluded.generation, position = "
        "excluded.position, "
        "line = excluded.line, url = excluded.url, \"authorization\" = excluded.\"authorization\", name = "
        "excluded.name, "
        "size = excluded.size, sha256 = excluded.sha256, problem = excluded.problem, alike = excluded.alike",
        where_.batch, at_.generation, keys, names, positions, lines, urls, authorizations, file_names, sizes,
        digests, problems, alike);
}

}  // namespace pofetch::postgres
