#pragma once

#include "support/memory_ledger.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::test {

/// 2026-01-02T03:04:05 UTC, and a bit.
inline const std::chrono::system_clock::time_point sample_time{std::chrono::seconds(1767323045) +
                                                               std::chrono::milliseconds(900)};

inline po_entry entry_of(const std::string& number, std::vector<std::string> cells = {}) {
  po_entry entry;
  entry.key = number;
  entry.number = number;
  entry.folder = number;
  entry.cells = std::move(cells);
  return entry;
}

inline attachment_record attachment_of(const std::string& name, attachment_status status,
                                       std::uint64_t bytes = 0) {
  attachment_record record;
  record.key = name;
  record.name = name;
  record.url = "https://x.coupahost.com/attachments/" + name;
  record.status = status;
  record.bytes = bytes;
  record.attempts = 1;
  return record;
}

/// Takes a list into the ledger.
inline void take_in(memory_ledger& records, const std::vector<std::string>& columns,
                    const std::vector<po_entry>& entries) {
  run_info info;
  info.input = "list.csv";
  info.source = "web";
  info.base_url = "https://x.coupahost.com";
  info.columns = columns;
  info.started_at = sample_time;
  records.begin_run(info).value();
  records.add(entries).value();
  records.end_intake().value();
}

/// Two columns; a complete PO, a failed one, an unusable row and a pending PO.
inline void fill_sample(memory_ledger& records) {
  po_entry complete = entry_of("12", {"PO12", "=SUM(A1)"});
  complete.prefix = "PO";
  complete.supplier = "Listed";
  complete.folder = "north/12";
  po_entry failed = entry_of("13", {"13", "a, \"b\""});
  po_entry unusable = entry_of("line:4", {"N/A", ""});
  unusable.number.clear();
  unusable.status = po_status::invalid;
  unusable.error = make_failure(errc::input, "Line 4: 'N/A' is no PO number.");
  take_in(records, {"PO", "Note"}, {complete, failed, unusable, entry_of("14", {"14"})});

  auto leases = records.lease(3).value();
  po_outcome done{leases.at(0).po,
                  po_status::completed,
                  "Found \"Ltd\"",
                  "https://x.coupahost.com/order_headers/12",
                  {},
                  {},
                  sample_time};
  done.attachments = {attachment_of("a.pdf", attachment_status::completed, 10),
                      attachment_of("ç \x1b[31mb.msg", attachment_status::completed, 5)};
  done.attachments[0].sha256 = std::string(64, 'a');
  done.attachments[0].media_type = "application/pdf";
  done.attachments[1].ordinal = 1;
  done.look.emplace().at = sample_time - std::chrono::hours(1);
  po_outcome bad{leases.at(1).po, po_status::failed, {}, {}, {}, {}, sample_time};
  bad.error = failure{errc::http_status, 500, "The page of PO 13 answered 500.", {}};
  bad.attachments = {attachment_of("c.pdf", attachment_status::failed)};
  bad.attachments[0].error = make_failure(errc::truncated, "c.pdf ended after 3 of 9 bytes.");
  const std::vector<po_outcome> outcomes = {done, bad};
  records.record(outcomes).value();

  run_record run;
  run.finished_at = sample_time + std::chrono::minutes(1);
  run.requests = 7;
  run.retries = 2;
  run.elapsed_seconds = 60.25;
  records.end_run(run).value();
}

}  // namespace pofetch::test
