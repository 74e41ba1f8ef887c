#include "ledger/sqlite/reader.hpp"

#include "ledger/sqlite/pages.hpp"
#include "ledger/sqlite/rows.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace pofetch::sqlite {
namespace {

/// POs that are read at once: what memory holds, and how seldom a statement is started anew.
constexpr std::size_t rows_at_once = 64;
/// POs whose attachments are read under one lock of the file: each statement outside of a transaction locks
/// and unlocks it, which costs more than the rows.
constexpr std::size_t read_together = 32;

const std::string& list_page() {
  static const std::string sql = fmt::format(
      "SELECT {} FROM purchase_orders WHERE generation = ? AND position > ? ORDER BY position LIMIT ?",
      placed_row_columns);
  return sql;
}

/// The attachments of these rows. The visitor may write, so it is called outside of the snapshot.
result<void> read_known(database& db, std::span<placed_row> rows) {
  const auto snapshot = read_snapshot::begin(db);
  if (!snapshot) return snapshot.error();
  for (placed_row& placed : rows) {
    auto known = read_attachments(db, placed.row.outcome.po.id);
    if (!known) return known.error();
    placed.row.outcome.attachments = std::move(*known);
  }
  return {};
}

/// The statement that gives the next POs with an attachment in that state. Committing ones are few and
/// have a way of their own; for the others every attachment is looked at.
std::string_view page_with(attachment_status status) {
  if (status == attachment_status::committing) {
    return "SELECT po_id FROM open_intents AS i WHERE po_id > ?2 AND EXISTS "
           "(SELECT 1 FROM attachments AS a WHERE a.po_id = i.po_id AND a.status = ?1) ORDER BY po_id LIMIT "
           "?3";
  }
  return "SELECT DISTINCT po_id FROM attachments WHERE status = ?1 AND po_id > ?2 ORDER BY po_id LIMIT ?3";
}

result<std::vector<std::int64_t>> ids_with(database& db, attachment_status status, std::int64_t after) {
  auto rows = db.query(page_with(status));
  if (!rows) return rows.error();
  rows->bind_all(static_cast<int>(status), after, limit_of(rows_at_once));
  return collect<std::int64_t>(
      *rows, [](const statement& row) -> result<std::int64_t> { return row.integer("po_id"); });
}

}  // namespace

result<placed_row> read_placed_row(const statement& row) {
  placed_row placed;
  placed.position = row.integer("position");
  report_row& report = placed.row;
  po_outcome& outcome = report.outcome;
  outcome.po = read_purchase_order(row);
  report.line = row.integer("line");
  auto cells = from_json(row.text("cells"));
  if (!cells) return cells.error();
  report.cells = std::move(*cells);
  outcome.supplier = row.text("found_supplier");
  if (outcome.supplier.empty()) outcome.supplier = outcome.po.supplier;
  const auto status = to_po_status(row.integer("status"));
  if (!status) return status.error();
  outcome.status = *status;
  outcome.url = row.text("url");
  outcome.error = read_error(row);
  report.attachments_found = row.count("attachments_found");
  report.attachments_downloaded = row.count("attachments_downloaded");
  report.bytes = row.count("bytes");
  outcome.finished_at = from_milliseconds(row.integer("last_processed"));
  if (!row.is_null("last_checked"))
    outcome.look.emplace().at = from_milliseconds(row.integer("last_checked"));
  return placed;
}

result<std::int64_t> generation_of(database& db) {
  return db.number("SELECT coalesce((SELECT coalesce(list, id) FROM runs ORDER BY id DESC LIMIT 1), 0)");
}

result<batch_totals> read_totals(database& db) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  // One pass with a sum for each state: GROUP BY would sort the whole list first.
  auto row = db.query(
      "SELECT count(*) AS orders, sum(attachments_found) AS found, sum(attachments_downloaded) AS "
      "downloaded, "
      "sum(bytes) AS bytes, sum(status = 0) AS in_0, sum(status = 1) AS in_1, sum(status = 2) AS in_2, "
      "sum(status = 3) AS in_3, sum(status = 4) AS in_4, sum(status = 5) AS in_5, sum(status = 6) AS in_6, "
      "sum(status = 7) AS in_7, sum(iif(status = 1, attachments_found - attachments_downloaded, 0)) "
      "AS left_out, min(last_checked) AS oldest, max(last_checked) AS newest "
      "FROM purchase_orders WHERE generation = ?");
  if (!row) return row.error();
  row->bind(1, *generation);
  const auto found = row->step();
  if (!found) return found.error();
  batch_totals totals;
  totals.purchase_orders = row->count("orders");
  totals.attachments_found = row->count("found");
  totals.attachments_downloaded = row->count("downloaded");
  totals.bytes = row->count("bytes");
  constexpr std::array<column_name, po_status_count> sums{"in_0", "in_1", "in_2", "in_3",
                                                          "in_4", "in_5", "in_6", "in_7"};
  for (std::size_t i = 0; i < sums.size(); ++i) totals.by_status[i] = row->count(sums[i]);
  totals.attachments_left_out = row->count("left_out");
  if (!row->is_null("oldest")) {
    totals.oldest_look = from_milliseconds(row->integer("oldest"));
    totals.newest_look = from_milliseconds(row->integer("newest"));
  }
  return totals;
}

result<run_record> read_last_run(database& db) {
  auto row = db.query(
      "SELECT input, source, base_url, columns, started_at, finished_at, interrupted, requests, retries, "
      "elapsed_seconds, intake_rows, intake_repeated, intake_invalid, listing, listed_to FROM runs "
      "ORDER BY id DESC LIMIT 1");
  if (!row) return row.error();
  const auto found = row->step();
  if (!found) return found.error();
  if (!*found) return make_failure(errc::ledger, "The ledger knows of no run.");
  auto columns = from_json(row->text("columns"));
  if (!columns) return columns.error();
  run_record run;
  run.info = {row->text("input"),
              row->text("source"),
              row->text("base_url"),
              std::move(*columns),
              from_milliseconds(row->integer("started_at")),
              row->text("listing")};
  if (!row->is_null("finished_at")) run.finished_at = from_milliseconds(row->integer("finished_at"));
  run.interrupted = row->integer("interrupted") != 0;
  run.requests = row->count("requests");
  run.retries = row->count("retries");
  run.elapsed_seconds = row->real("elapsed_seconds");
  run.intake = {row->count("intake_rows"), row->count("intake_repeated"), row->count("intake_invalid")};
  run.listed_to = row->text("listed_to");
  return run;
}

result<void> visit_list(database& db, const std::function<result<void>(const report_row&)>& visit) {
  const auto generation = generation_of(db);
  if (!generation) return generation.error();
  for (std::int64_t position = 0;;) {
    auto rows = db.query(list_page());
    if (!rows) return rows.error();
    rows->bind_all(*generation, position, limit_of(rows_at_once));
    auto page = collect<placed_row>(*rows, read_placed_row);
    if (!page) return page.error();
    if (page->empty()) return {};
    for (std::size_t at = 0; at < page->size(); at += read_together) {
      const auto some = std::span(*page).subspan(at, std::min(read_together, page->size() - at));
      if (auto read = read_known(db, some); !read) return read;
      for (const placed_row& placed : some) {
        if (auto in_order = go_on(position, placed.position); !in_order) return in_order;
        if (auto visited = visit(placed.row); !visited) return visited;
      }
    }
  }
}

result<std::optional<po_lease>> read_lease(database& db, std::int64_t id) {
  po_lease lease;
  {
    auto row = db.query(
        "SELECT id, number, prefix, supplier, breaker_group, folder FROM purchase_orders WHERE id = ?");
    if (!row) return row.error();
    row->bind(1, id);
    const auto found = row->step();
    if (!found) return found.error();
    if (!*found) return std::optional<po_lease>();
    lease.po = read_purchase_order(*row);
  }
  auto known = read_attachments(db, id);
  if (!known) return known.error();
  lease.known = std::move(*known);
  return std::optional<po_lease>(std::move(lease));
}

result<void> visit_with(database& db, attachment_status status,
                        const std::function<result<void>(const po_lease&)>& visit) {
  for (std::int64_t last = 0;;) {
    const auto ids = ids_with(db, status, last);
    if (!ids) return ids.error();
    if (ids->empty()) return {};
    for (const std::int64_t id : *ids) {
      if (auto in_order = go_on(last, id); !in_order) return in_order;
      const auto lease = read_lease(db, id);
      if (!lease) return lease.error();
      if (!*lease) continue;
      if (auto visited = visit(**lease); !visited) return visited;
    }
  }
}

}  // namespace pofetch::sqlite
