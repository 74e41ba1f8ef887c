#include "ledger/postgres/outcome_writer.hpp"

#include "core/po_rules.hpp"
#include "ledger/postgres/rows.hpp"
#include "ledger/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::postgres {
namespace {

/// Of an order `p`: rows, but for those over which a file is about to be placed, and these.
constexpr std::string_view sums =
    "(SELECT count(*), count(*) FILTER (WHERE s.status = 2), coalesce(sum(s.bytes) FILTER (WHERE s.status = "
    "2), 0) FROM "
    "(SELECT a.status, a.bytes FROM pofetch.attachments AS a WHERE a.po_id = p.id AND NOT EXISTS (SELECT 1 "
    "FROM "
    "pofetch.intents AS i WHERE i.po_id = p.id AND jsonb_exists(i.files, a.key)) UNION ALL SELECT 1, 0 FROM "
    "pofetch.intents AS i, jsonb_object_keys(i.files) WHERE i.po_id = p.id) AS s)";

/// Is the order of `n` this node's? Its number is the parameter {}.
constexpr std::string_view is_held =
    "EXISTS (SELECT 1 FROM pofetch.work AS w WHERE w.po_id = n.po_id AND w.node = ${})";

std::string held_by(int parameter) { return fmt::format(fmt::runtime(is_held), parameter); }

column sorted_ids(const std::set<std::int64_t>& ids) {
  column many;
  for (const std::int64_t id : ids) many.add(id);
  return many;
}

std::set<std::int64_t> ids_of(std::span<const po_outcome> outcomes) {
  std::set<std::int64_t> ids;
  for (const po_outcome& each : outcomes) ids.insert(each.po.id);
  return ids;
}

/// In the order in which all programs lock rows.
std::vector<const po_outcome*> by_id(std::span<const po_outcome> outcomes) {
  std::vector<const po_outcome*> all;
  for (const po_outcome& each : outcomes) all.push_back(&each);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->po.id < b->po.id; });
  return all;
}

/// The files that are about to be placed, of orders that this node holds unless it is `anyhow`. What is
/// intended of the same order stays.
void add_intents(std::vector<command>& to, batch_at where, const std::map<std::int64_t, std::string>& files,
                 const std::string& condition) {
  if (files.empty()) return;
  column ids;
  column texts;
  for (const auto& [id, text] : files) {
    ids.add(id);
    texts.add(std::string_view(text));
  }
  to.emplace_back(
      fmt::format(
          "INSERT INTO pofetch.intents (po_id, batch, node, files) SELECT n.po_id, $3::bigint, $4::bigint, "
          "n.files::jsonb FROM unnest($1::bigint[], $2::text[]) AS n (po_id, files) WHERE {} ORDER "
          "BY n.po_id ON CONFLICT (po_id) DO UPDATE SET node = excluded.node, files = "
          "pofetch.intents.files || excluded.files",
          condition),
      ids, texts, where.batch, where.db.node());
}

std::map<std::int64_t, std::string> intents_of_all(std::span<const po_outcome> outcomes) {
  std::map<std::int64_t, std::string> files;
  for (const po_outcome& each : outcomes)
    if (std::string text = intents_of(each.attachments); !text.empty()) files[each.po.id] = std::move(text);
  return files;
}

/// What is placed but not recorded yet is adopted by whoever comes next, which does not ask for it again:
/// then its look is this one. Of an order that was done before, what else this look found is not written yet.
void add_intended_looks(std::vector<command>& to, batch_at where, std::span<const po_outcome> next,
                        const std::map<std::int64_t, std::string>& intended) {
  column ids, looked, updated;
  bool any = false;
  for (const po_outcome* each : by_id(next)) {
    if (!each->look || intended.count(each->po.id) == 0) continue;
    any = true;
    ids.add(each->po.id);
    looked.add(records::to_milliseconds(each->look->at));
    updated.add(std::string_view(each->look->updated_at));
  }
  if (!any) return;
  to.emplace_back(
      fmt::format("UPDATE pofetch.purchase_orders AS p SET last_checked = n.looked, updated_at = n.updated "
                  "FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS n (po_id, looked, updated) WHERE "
                  "p.id = n.po_id AND p.last_checked IS NULL AND p.status NOT IN ({}) AND {}",
                  core::numbers_done(), held_by(4)),
      ids, looked, updated, where.db.node());
}

/// A look that was not whole leaves what is known of the last one, but no pages: what they list is not what
/// stands in the ledger any more.
command states_of(batch_at where, std::span<const po_outcome> done) {
  column ids, statuses, urls, codes, messages, suppliers, finished, looked, updated, pages;
  for (const po_outcome* each : by_id(done)) {
    ids.add(each->po.id);
    statuses.add(static_cast<int>(each->status));
    urls.add(std::string_view(each->url));
    codes.add(std::string_view(code_of(each->error)));
    messages.add(message_of(each->error));
    suppliers.add(std::string_view(each->supplier));
    const std::int64_t time = records::to_milliseconds(each->finished_at);
    finished.add(time != 0 ? std::optional(time) : std::nullopt);
    const auto& look = each->look;
    looked.add(look ? std::optional(records::to_milliseconds(look->at)) : std::nullopt);
    updated.add(look ? std::optional(std::string_view(look->updated_at)) : std::nullopt);
    pages.add(std::string_view(look ? records::pages_to_json(look->pages) : std::string()));
  }
  return command(fmt::format("UPDATE pofetch.purchase_orders AS p SET status = n.status, url = CASE WHEN "
                             "n.url = '' THEN p.url ELSE n.url "
                             "END, error_code = n.code, error_message = n.message, found_supplier = CASE "
                             "WHEN n.supplier = '' THEN "
                             "p.found_supplier ELSE n.supplier END, last_processed = coalesce(n.finished, "
                             "p.last_processed), last_checked "
                             "= coalesce(n.looked, p.last_checked), updated_at = coalesce(n.updated, "
                             "p.updated_at), changed = p.changed "
                             "AND n.looked IS NULL, pages = n.pages, (attachments_found, "
                             "attachments_downloaded, bytes) = {} FROM "
                             "unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], "
                             "$6::text[], $7::bigint[], $8::bigint[], "
                             "$9::text[], $10::text[]) AS n (po_id, status, url, code, message, supplier, "
                             "finished, looked, updated, pages) "
                             "WHERE p.id = n.po_id AND {}",
                             sums, held_by(11)),
                 ids, statuses, urls, codes, messages, suppliers, finished, looked, updated, pages,
                 where.db.node());
}

/// Addresses of listed attachments whose files are there, of held orders.
command erase_listed(batch_at where, const std::set<std::int64_t>& ids) {
  return command(
      "UPDATE pofetch.listed_attachments AS l SET url = '', \"authorization\" = '' FROM pofetch.work AS w, "
      "pofetch.attachments AS a WHERE l.po_id = ANY($1::bigint[]) AND l.url <> '' AND w.po_id = l.po_id AND "
      "w.node = $2 "
      "AND a.po_id = l.po_id AND a.key = l.key AND a.status IN (2, 4)",
      sorted_ids(ids), where.db.node());
}

void add_done(std::vector<command>& to, batch_at where, std::span<const po_outcome> done) {
  if (done.empty()) return;
  const std::set<std::int64_t> ids = ids_of(done);
  const column all = sorted_ids(ids);
  attachment_rows rows;
  for (const po_outcome& each : done) rows.add(each.po.id, each.attachments);
  const auto [orders, keys] = rows.keys();
  to.emplace_back(
      "DELETE FROM pofetch.attachments AS a USING pofetch.work AS w WHERE a.po_id = ANY($1::bigint[]) AND "
      "w.po_id = "
      "a.po_id AND w.node = $4 AND a.status <> 2 AND NOT EXISTS (SELECT 1 FROM unnest($2::bigint[], "
      "$3::text[]) AS k "
      "(po_id, key) WHERE k.po_id = a.po_id AND k.key = a.key)",
      all, orders, keys, where.db.node());
  if (!rows.empty()) to.push_back(rows.upsert(held_by(17)).add(where.db.node()));
  to.emplace_back("DELETE FROM pofetch.intents AS n WHERE n.po_id = ANY($1::bigint[]) AND " + held_by(2), all,
                  where.db.node());
  add_intents(to, where, intents_of_all(done), held_by(4));
  to.push_back(erase_listed(where, ids));
  to.push_back(states_of(where, done));
}

/// A result other than PENDING ends the lease.
void add_ends(std::vector<command>& to, batch_at where, std::span<const po_outcome> done) {
  std::set<std::int64_t> ended;
  for (const po_outcome& each : done)
    if (each.status != po_status::pending) ended.insert(each.po.id);
  if (ended.empty()) return;
  to.emplace_back("DELETE FROM pofetch.work WHERE po_id = ANY($1::bigint[]) AND node = $2", sorted_ids(ended),
                  where.db.node());
}

/// Of each order once, whatever single files of it are given.
struct amendment {
  bool pending = false;
  std::vector<attachment_record> records{};
};

std::map<std::int64_t, amendment> by_order(std::span<const po_lease> found) {
  std::map<std::int64_t, amendment> orders;
  for (const po_lease& each : found) {
    amendment& one = orders[each.po.id];
    for (const attachment_record& record : each.known) {
      one.pending = one.pending || record.status == attachment_status::pending;
      one.records.push_back(record);
    }
  }
  return orders;
}

/// Nobody leases them, or gives them back, before the end of the pipeline.
command holders_of(const column& ids) {
  return command(
      "SELECT po_id, node FROM pofetch.work WHERE po_id = ANY($1::bigint[]) AND node IS NOT NULL ORDER BY "
      "po_id FOR UPDATE",
      ids);
}

po_ids held_by_others(const table& holders, std::int64_t me) {
  po_ids others;
  for (std::size_t i = 0; i < holders.size(); ++i)
    if (holders.integer(i, "node") != me) others.push_back(holders.integer(i, "po_id"));
  return others;
}

/// `of`: only of orders of which that node is still about to place files; nothing: of those that no other one
/// holds.
std::vector<command> amendments(batch_at where, std::span<const po_lease> found,
                                std::optional<std::int64_t> of) {
  const auto orders = by_order(found);
  std::set<std::int64_t> ids;
  std::map<std::int64_t, std::string> intended;
  attachment_rows rows;
  column order_ids, pending;
  for (const auto& [id, one] : orders) {
    ids.insert(id);
    rows.add(id, one.records);
    if (std::string files = intents_of(one.records); !files.empty()) intended[id] = std::move(files);
    order_ids.add(id);
    pending.add(one.pending ? 1 : 0);
  }
  const std::string condition =
      of ? fmt::format("EXISTS (SELECT 1 FROM pofetch.intents AS o WHERE o.po_id = n.po_id AND o.node = {})",
                       *of)
         : fmt::format(
               "NOT EXISTS (SELECT 1 FROM pofetch.work AS o WHERE o.po_id = n.po_id AND o.node <> {})",
               where.db.node());
  std::vector<command> commands;
  commands.emplace_back("SELECT pofetch.must_know($1, $2::bigint[])", where.batch, sorted_ids(ids));
  commands.push_back(holders_of(sorted_ids(ids)));
  // Of several that settle the same, the later ones find nothing to do.
  commands.emplace_back(
      "SELECT 1 FROM pofetch.intents WHERE po_id = ANY($1::bigint[]) ORDER BY po_id FOR UPDATE",
      sorted_ids(ids));
  if (!rows.empty()) {
    const auto [of_orders, keys] = rows.keys();
    commands.push_back(rows.upsert(condition));
    commands.emplace_back(fmt::format("UPDATE pofetch.intents AS i SET files = i.files - n.keys FROM (SELECT "
                                      "k.po_id, array_agg(k.key) AS "
                                      "keys FROM unnest($1::bigint[], $2::text[]) AS k (po_id, key) GROUP BY "
                                      "k.po_id) AS n WHERE i.po_id = "
                                      "n.po_id AND {}",
                                      condition),
                          of_orders, keys);
  }
  add_intents(commands, where, intended, condition);
  commands.emplace_back(
      fmt::format(
          "UPDATE pofetch.purchase_orders AS p SET status = CASE WHEN n.pending = 1 THEN 0 ELSE p.status "
          "END, "
          "(attachments_found, attachments_downloaded, bytes) = {} FROM unnest($1::bigint[], $2::int[]) AS n "
          "(po_id, pending) WHERE p.id = n.po_id AND {}",
          sums, condition),
      order_ids, pending);
  commands.emplace_back(
      "DELETE FROM pofetch.intents WHERE po_id = ANY($1::bigint[]) AND NOT EXISTS (SELECT 1 FROM "
      "jsonb_object_keys(files))",
      sorted_ids(ids));
  commands.push_back(erase_listed(where, ids));
  return commands;
}

}  // namespace

result<written> write_outcomes(batch_at where, std::span<const po_outcome> done,
                               std::span<const po_outcome> next) {
  std::set<std::int64_t> all = ids_of(done);
  all.merge(ids_of(next));
  std::vector<command> commands;
  commands.emplace_back(
      "SELECT po_id FROM pofetch.work WHERE po_id = ANY($1::bigint[]) AND node = $2 ORDER BY po_id FOR "
      "UPDATE",
      sorted_ids(all), where.db.node());
  add_done(commands, where, done);
  const auto intended = intents_of_all(next);
  add_intents(commands, where, intended, held_by(4));
  add_intended_looks(commands, where, next, intended);
  add_ends(commands, where, done);
  const auto committed = where.db.commit(std::move(commands));
  if (!committed) return committed.error();
  written what;
  what.fenced = committed->fenced;
  what.unseen = !committed->fenced && committed->tables.empty();
  if (what.fenced || what.unseen) return what;
  const table& held = committed->tables.front();
  for (std::size_t i = 0; i < held.size(); ++i) what.held.insert(held.integer(i, "po_id"));
  return what;
}

result<po_ids> write_amendments(batch_at where, std::span<const po_lease> found) {
  if (found.empty()) return po_ids();
  const auto committed = where.db.commit(amendments(where, found, std::nullopt));
  if (!committed) return committed.error();
  std::set<std::int64_t> ids;
  for (const po_lease& each : found) ids.insert(each.po.id);
  if (committed->fenced) return po_ids(ids.begin(), ids.end());
  if (committed->tables.empty()) {  // the answer was lost
    auto asked = where.db.ask(holders_of(sorted_ids(ids)));
    if (!asked) return asked.error();
    return held_by_others(*asked, where.db.node());
  }
  return held_by_others(committed->tables[1], where.db.node());
}

result<void> settle_intents(batch_at where, std::int64_t dead, std::span<const po_lease> found) {
  if (found.empty()) return {};
  const auto settled = where.db.ask_alive(amendments(where, found, dead));
  if (!settled) return settled.error();
  if (settled->fenced) return make_failure(errc::ledger, "This node was taken for dead itself.");
  return {};
}

}  // namespace pofetch::postgres
