#include "ledger/sqlite/outcome_writer.hpp"

#include "core/po_rules.hpp"
#include "ledger/sqlite/listed.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pofetch::sqlite {
namespace {

bool is_committing(const attachment_record& record) { return record.status == attachment_status::committing; }

/// Notes that the PO has committing attachments. Fails for a PO that is not there.
result<void> open_intent(database& db, std::int64_t po_id) {
  return db.run("INSERT INTO open_intents (po_id) VALUES (?) ON CONFLICT (po_id) DO NOTHING", po_id);
}

/// What is placed but not recorded yet is adopted by the next run, which does not ask for it again: then its
/// look is this one. Of a PO that was done before, what else this look found is not written yet: it keeps the
/// time of the look before.
result<void> write_intended_look(database& db, const po_outcome& outcome) {
  if (!outcome.look) return {};
  static const std::string sql = fmt::format(
      "UPDATE purchase_orders SET last_checked = ?2, updated_at = ?3 "
      "WHERE id = ?1 AND last_checked IS NULL AND status NOT IN ({})",
      core::numbers_done());
  return db.run(sql, outcome.po.id, to_milliseconds(outcome.look->at),
                std::string_view(outcome.look->updated_at));
}

result<void> write_committing(database& db, const po_outcome& outcome) {
  bool any = false;
  for (const attachment_record& record : outcome.attachments) {
    if (!is_committing(record)) continue;
    any = true;
    if (auto done = write_attachment(db, outcome.po.id, record); !done) return done;
  }
  if (!any) return {};
  if (auto done = open_intent(db, outcome.po.id); !done) return done;
  return write_intended_look(db, outcome);
}

/// Keys of the attachments that are known and not completed.
result<std::vector<std::string>> open_keys(database& db, std::int64_t po_id) {
  auto rows = db.query("SELECT key FROM attachments WHERE po_id = ? AND status <> 2");
  if (!rows) return rows.error();
  rows->bind(1, po_id);
  std::vector<std::string> keys;
  for (;;) {
    const auto more = rows->step();
    if (!more) return more.error();
    if (!*more) return keys;
    keys.push_back(rows->text("key"));
  }
}

result<void> forget_unlisted(database& db, const po_outcome& outcome) {
  const auto known = open_keys(db, outcome.po.id);
  if (!known) return known.error();
  if (known->empty()) return {};
  std::unordered_set<std::string_view> listed;
  for (const attachment_record& record : outcome.attachments) listed.insert(record.key);
  for (const std::string& key : *known) {
    if (listed.count(key) != 0) continue;
    auto gone = db.run("DELETE FROM attachments WHERE po_id = ? AND key = ?", outcome.po.id, key);
    if (!gone) return gone;
  }
  return {};
}

/// Did the last statement find its PO?
result<void> check_known(database& db, const purchase_order& po) {
  if (db.changes() == 1) return {};
  return make_failure(
      errc::ledger, fmt::format("The ledger has no purchase order with the id {} ('{}').", po.id, po.number));
}

/// Parameters 8 to 10. A look that was not whole leaves what is known of the last one, but no pages: what
/// they list is not what stands in the ledger any more.
void bind_look(statement& row, const std::optional<po_look>& look, std::string_view pages) {
  row.bind(8, nullptr);
  row.bind(9, nullptr);
  row.bind(10, pages);
  if (!look) return;
  row.bind(8, to_milliseconds(look->at));
  row.bind(9, std::string_view(look->updated_at));
}

/// The sums are taken from the rows, so that they hold for the attachments that were kept, too.
result<void> write_state(database& db, const po_outcome& outcome) {
  const error_columns error(outcome.error);
  const std::string pages = outcome.look ? pages_to_json(outcome.look->pages) : std::string();
  auto row = db.query(
      "UPDATE purchase_orders SET status = ?2, url = iif(?3 = '', url, ?3), error_code = ?4, "
      "error_message = ?5, found_supplier = iif(?6 = '', found_supplier, ?6), "
      "last_processed = coalesce(?7, last_processed), last_checked = coalesce(?8, last_checked), "
      "updated_at = coalesce(?9, updated_at), changed = iif(?8 IS NULL, changed, 0), pages = ?10, "
      "(attachments_found, attachments_downloaded, bytes) = (SELECT count(*), coalesce(sum(status = 2), 0), "
      "coalesce(sum(iif(status = 2, bytes, 0)), 0) FROM attachments WHERE po_id = ?1) WHERE id = ?1");
  if (!row) return row.error();
  row->bind_all(outcome.po.id, static_cast<int>(outcome.status), outcome.url, error.code, error.message,
                outcome.supplier);
  const std::int64_t finished = to_milliseconds(outcome.finished_at);
  if (finished != 0) {
    row->bind(7, finished);
  } else {
    row->bind(7, nullptr);
  }
  bind_look(*row, outcome.look, pages);
  if (auto done = row->run(); !done) return done;
  return check_known(db, outcome.po);
}

result<void> write_outcome(database& db, const po_outcome& outcome) {
  if (auto done = forget_unlisted(db, outcome); !done) return done;
  for (const attachment_record& record : outcome.attachments) {
    if (auto done = write_attachment(db, outcome.po.id, record); !done) return done;
  }
  const auto& all = outcome.attachments;
  const bool open = std::any_of(all.begin(), all.end(), is_committing);
  auto noted = open ? open_intent(db, outcome.po.id)
                    : db.run("DELETE FROM open_intents WHERE po_id = ?", outcome.po.id);
  if (!noted) return noted;
  if (auto erased = erase_addresses(db, outcome.po.id); !erased) return erased;
  return write_state(db, outcome);
}

result<void> write_sums(database& db, const po_lease& found, bool pending) {
  auto done = db.run(
      "UPDATE purchase_orders SET status = iif(?2, 0, status), "
      "(attachments_found, attachments_downloaded, bytes) = (SELECT count(*), coalesce(sum(status = 2), 0), "
      "coalesce(sum(iif(status = 2, bytes, 0)), 0) FROM attachments WHERE po_id = ?1) WHERE id = ?1",
      found.po.id, pending ? 1 : 0);
  if (!done) return done;
  return check_known(db, found.po);
}

result<void> write_amendment(database& db, const po_lease& found) {
  bool pending = false;
  for (const attachment_record& record : found.known) {
    pending = pending || record.status == attachment_status::pending;
    if (auto done = write_attachment(db, found.po.id, record); !done) return done;
  }
  const bool open = std::any_of(found.known.begin(), found.known.end(), is_committing);
  auto noted = open ? open_intent(db, found.po.id)
                    : db.run(
                          "DELETE FROM open_intents WHERE po_id = ?1 AND NOT EXISTS "
                          "(SELECT 1 FROM attachments WHERE po_id = ?1 AND status = 1)",
                          found.po.id);
  if (!noted) return noted;
  return write_sums(db, found, pending);
}

}  // namespace

result<void> write_outcomes(database& db, std::span<const po_outcome> done,
                            std::span<const po_outcome> next) {
  if (done.empty() && next.empty()) return {};
  auto change = transaction::begin(db);
  if (!change) return change.error();
  for (const po_outcome& outcome : done) {
    if (auto written = write_outcome(db, outcome); !written) return written;
  }
  for (const po_outcome& outcome : next) {
    if (auto written = write_committing(db, outcome); !written) return written;
  }
  return change->commit();
}

result<void> write_amendments(database& db, std::span<const po_lease> found,
                              const std::function<bool(std::int64_t po_id)>& is_under_way) {
  if (found.empty()) return {};
  auto change = transaction::begin(db);
  if (!change) return change.error();
  for (const po_lease& each : found) {
    if (auto written = write_amendment(db, each); !written) return written;
    // Whoever is about to look at what is done asks for it at its address: that is not erased before.
    if (!is_under_way(each.po.id)) continue;
    if (auto erased = erase_addresses(db, each.po.id); !erased) return erased;
  }
  return change->commit();
}

}  // namespace pofetch::sqlite
