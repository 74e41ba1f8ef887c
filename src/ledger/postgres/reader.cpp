#include "ledger/postgres/reader.hpp"

#include "ledger/json_list.hpp"
#include "ledger/postgres/rows.hpp"
#include "ledger/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace pofetch::postgres {
namespace {

constexpr int rows_at_once = 256;

result<report_row> read_report_row(const table& rows, std::size_t i) {
  report_row report;
  po_outcome& outcome = report.outcome;
  outcome.po = read_purchase_order(rows, i);
  report.line = rows.integer(i, "line");
  auto cells = records::from_json(rows.text(i, "cells"));
  if (!cells) return cells.error();
  report.cells = std::move(*cells);
  outcome.supplier = rows.text(i, "found_supplier");
  if (outcome.supplier.empty()) outcome.supplier = outcome.po.supplier;
  const auto status = status_of(rows.integer(i, "status"));
  if (!status) return status.error();
  outcome.status = *status;
  outcome.url = rows.text(i, "url");
  outcome.error = read_error(rows, i);
  report.attachments_found = rows.count(i, "attachments_found");
  report.attachments_downloaded = rows.count(i, "attachments_downloaded");
  report.bytes = rows.count(i, "bytes");
  outcome.finished_at = records::from_milliseconds(rows.integer(i, "last_processed"));
  if (!rows.is_null(i, "last_checked"))
    outcome.look.emplace().at = records::from_milliseconds(rows.integer(i, "last_checked"));
  auto known = read_known(rows, i);
  if (!known) return known.error();
  outcome.attachments = std::move(*known);
  return report;
}

/// Orders `p` with an attachment in that state, behind $2. Those about to be placed by another node that
/// lives are its own matter ($4: this node).
std::string page_with(attachment_status status) {
  const std::string_view has =
      status == attachment_status::committing
          ? "$3 = 1 AND EXISTS (SELECT 1 FROM pofetch.intents AS i WHERE i.po_id = p.id AND NOT EXISTS "
            "(SELECT 1 FROM "
            "pofetch.nodes AS n WHERE n.id = i.node AND n.id <> $4 AND n.state = 'alive'))"
          : "$4::bigint IS NOT NULL AND EXISTS (SELECT 1 FROM pofetch.attachments AS a WHERE a.po_id = p.id "
            "AND a.status "
            "= $3 AND NOT EXISTS (SELECT 1 FROM pofetch.intents AS i WHERE i.po_id = p.id AND "
            "jsonb_exists(i.files, "
            "a.key)))";
  return fmt::format(
      "SELECT {}, {} FROM pofetch.purchase_orders AS p WHERE p.batch = $1 AND p.id > $2 AND {} ORDER BY "
      "p.id LIMIT {}",
      po_columns, known_columns, has, rows_at_once);
}

struct row_pair {
  std::int64_t po_id = 0;
  std::string key;
  std::int64_t first_po_id = 0;
  std::string first_key;
};

/// All of them at once: they are few beside the files, and a page of them would cost the whole sort again.
result<std::vector<row_pair>> find_copies(batch_at where) {
  const auto rows =
      where.db.ask(command("SELECT po_id, key, first_po_id, first_key FROM (SELECT a.po_id, a.key, a.sha256, "
                           "a.bytes, first_value(a.po_id) "
                           "OVER same AS first_po_id, first_value(a.key) OVER same AS first_key FROM "
                           "pofetch.attachments AS a JOIN "
                           "pofetch.purchase_orders AS p ON p.id = a.po_id WHERE p.batch = $1 AND a.status = "
                           "2 AND a.bytes > 0 AND a.sha256 "
                           "<> '' WINDOW same AS (PARTITION BY a.sha256, a.bytes ORDER BY a.po_id, a.key)) "
                           "AS c WHERE po_id <> first_po_id OR "
                           "key <> first_key ORDER BY sha256, bytes, po_id, key",
                           where.batch));
  if (!rows) return rows.error();
  std::vector<row_pair> pairs;
  for (std::size_t i = 0; i < rows->size(); ++i)
    pairs.push_back({rows->integer(i, "po_id"), rows->text(i, "key"), rows->integer(i, "first_po_id"),
                     rows->text(i, "first_key")});
  return pairs;
}

/// The order with that one attachment; nothing if either is not there any more.
result<std::optional<po_lease>> one_of(batch_at where, std::int64_t po_id, const std::string& key) {
  static const std::string sql = fmt::format(
      "SELECT {}, {} FROM pofetch.purchase_orders AS p WHERE p.id = $1", po_columns, known_columns);
  const auto rows = where.db.ask(command(sql, po_id));
  if (!rows) return rows.error();
  if (rows->size() == 0) return std::optional<po_lease>();
  auto lease = read_lease(*rows, 0);
  if (!lease) return lease.error();
  const auto is_other = [&key](const attachment_record& each) { return each.key != key; };
  lease->known.erase(std::remove_if(lease->known.begin(), lease->known.end(), is_other), lease->known.end());
  if (lease->known.empty()) return std::optional<po_lease>();
  return std::optional<po_lease>(std::move(*lease));
}

}  // namespace

result<batch_totals> read_totals(batch_at where) {
  const auto rows =
      where.db.ask(command("SELECT p.status, count(*) AS orders, sum(attachments_found) AS found, "
                           "sum(attachments_downloaded) AS downloaded, "
                           "sum(bytes) AS bytes, min(last_checked) AS oldest, max(last_checked) AS newest "
                           "FROM pofetch.purchase_orders AS p "
                           "WHERE p.batch = $1 AND p.generation = pofetch.generation($1) GROUP BY p.status",
                           where.batch));
  if (!rows) return rows.error();
  batch_totals totals;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto status = status_of(rows->integer(i, "status"));
    if (!status) return status.error();
    const std::uint64_t orders = rows->count(i, "orders");
    totals.by_status[static_cast<std::size_t>(*status)] = orders;
    totals.purchase_orders += orders;
    totals.attachments_found += rows->count(i, "found");
    totals.attachments_downloaded += rows->count(i, "downloaded");
    totals.bytes += rows->count(i, "bytes");
    if (*status == po_status::completed)
      totals.attachments_left_out = rows->count(i, "found") - rows->count(i, "downloaded");
    if (rows->is_null(i, "oldest")) continue;
    const auto oldest = records::from_milliseconds(rows->integer(i, "oldest"));
    const auto newest = records::from_milliseconds(rows->integer(i, "newest"));
    totals.oldest_look = std::min(totals.oldest_look.value_or(oldest), oldest);
    totals.newest_look = std::max(totals.newest_look.value_or(newest), newest);
  }
  return totals;
}

result<run_record> read_last_run(batch_at where) {
  const auto rows = where.db.ask(command(
      "SELECT input, source, base_url, columns, started_at, finished_at, interrupted, requests, retries, "
      "elapsed_seconds, intake_rows, intake_repeated, intake_invalid, listing, listed_to FROM pofetch.runs "
      "WHERE batch = "
      "$1 ORDER BY id DESC LIMIT 1",
      where.batch));
  if (!rows) return rows.error();
  if (rows->size() == 0) return make_failure(errc::ledger, "The ledger knows of no run.");
  auto columns = records::from_json(rows->text(0, "columns"));
  if (!columns) return columns.error();
  run_record run;
  run.info = {rows->text(0, "input"),
              rows->text(0, "source"),
              rows->text(0, "base_url"),
              std::move(*columns),
              records::from_milliseconds(rows->integer(0, "started_at")),
              rows->text(0, "listing")};
  if (!rows->is_null(0, "finished_at"))
    run.finished_at = records::from_milliseconds(rows->integer(0, "finished_at"));
  run.interrupted = rows->truth(0, "interrupted");
  run.requests = rows->count(0, "requests");
  run.retries = rows->count(0, "retries");
  run.elapsed_seconds = rows->real(0, "elapsed_seconds");
  run.intake = {rows->count(0, "intake_rows"), rows->count(0, "intake_repeated"),
                rows->count(0, "intake_invalid")};
  run.listed_to = rows->text(0, "listed_to");
  return run;
}

result<void> visit_list(batch_at where, const std::function<result<void>(const report_row&)>& visit) {
  static const std::string sql = fmt::format(
      "SELECT {}, p.position, p.line, p.cells, p.found_supplier, p.status, p.url, p.error_code, "
      "p.error_message, "
      "p.attachments_found, p.attachments_downloaded, p.bytes, p.last_processed, p.last_checked, {} FROM "
      "pofetch.purchase_orders AS p WHERE p.batch = $1 AND p.generation = pofetch.generation($1) AND "
      "p.position > $2 "
      "ORDER BY p.position LIMIT {}",
      po_columns, known_columns, rows_at_once);
  for (std::int64_t position = 0;;) {
    const auto page = where.db.ask(command(sql, where.batch, position));
    if (!page) return page.error();
    if (page->size() == 0) return {};
    for (std::size_t i = 0; i < page->size(); ++i) {
      const auto row = read_report_row(*page, i);
      if (!row) return row.error();
      if (auto visited = visit(*row); !visited) return visited;
    }
    position = page->integer(page->size() - 1, "position");
  }
}

result<void> visit_with(batch_at where, attachment_status status,
                        const std::function<result<void>(const po_lease&)>& visit) {
  const std::string sql = page_with(status);
  for (std::int64_t last = 0;;) {
    const auto page =
        where.db.ask(command(sql, where.batch, last, static_cast<int>(status), where.db.node()));
    if (!page) return page.error();
    if (page->size() == 0) return {};
    for (std::size_t i = 0; i < page->size(); ++i) {
      const auto lease = read_lease(*page, i);
      if (!lease) return lease.error();
      if (auto visited = visit(*lease); !visited) return visited;
    }
    last = page->integer(page->size() - 1, "id");
  }
}

result<void> visit_copies(batch_at where, const std::function<result<void>(const same_content&)>& visit) {
  const auto pairs = find_copies(where);
  if (!pairs) return pairs.error();
  for (const row_pair& each : *pairs) {
    auto first = one_of(where, each.first_po_id, each.first_key);
    if (!first) return first.error();
    auto other = one_of(where, each.po_id, each.key);
    if (!other) return other.error();
    if (!*first || !*other) continue;
    const same_content both{(*first)->po.folder, std::move((*first)->known.front()), std::move(**other)};
    if (auto visited = visit(both); !visited) return visited;
  }
  return {};
}

}  // namespace pofetch::postgres
