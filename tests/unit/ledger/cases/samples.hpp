#pragma once

#include "ledger/sqlite/sqlite_ledger.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/ledger.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::test {

using sqlite::open_mode;
using sqlite::sqlite_ledger;

inline std::chrono::system_clock::time_point at_second(std::int64_t seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

inline run_info sample_run() {
  return {"list.csv", "web", "https://acme.coupahost.com", {"PO", "Supplier"}, at_second(1'700'000'000)};
}

/// A usable PO with that number; its key and folder are the number.
inline po_entry entry_of(std::string number) {
  po_entry entry;
  entry.key = number;
  entry.folder = number;
  entry.number = std::move(number);
  entry.cells = {entry.number, "Acme"};
  return entry;
}

inline std::vector<po_entry> entries_of(const std::vector<std::string>& numbers) {
  std::vector<po_entry> entries;
  for (const std::string& number : numbers) entries.push_back(entry_of(number));
  return entries;
}

inline std::vector<std::string> count_up(int from, int to) {
  std::vector<std::string> numbers;
  for (int i = from; i <= to; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

/// A PO with a key and a folder of their own.
inline po_entry entry_in(std::string key, std::string folder) {
  po_entry entry = entry_of(std::move(key));
  entry.folder = std::move(folder);
  return entry;
}

inline attachment_record attachment_of(std::string key, attachment_status status, std::uint64_t bytes = 10) {
  attachment_record record;
  record.name = key + ".pdf";
  record.url = "https://acme.coupahost.com/attachments/" + key;
  record.key = std::move(key);
  record.status = status;
  record.bytes = bytes;
  record.attempts = 1;
  return record;
}

inline po_outcome outcome_of(const purchase_order& po, po_status status,
                             std::vector<attachment_record> attachments = {}) {
  po_outcome outcome;
  outcome.po = po;
  outcome.status = status;
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    attachments[i].ordinal = static_cast<std::int64_t>(i);
  }
  outcome.attachments = std::move(attachments);
  outcome.finished_at = at_second(1'700'000'100);
  return outcome;
}

/// A ledger file in a folder of its own, closed and opened at will.
struct ledger_fixture {
  temp_dir dir;
  std::filesystem::path file = dir / "ledger.db";
  std::unique_ptr<sqlite_ledger> ledger =
      must(sqlite_ledger::open(file, open_mode::read_write_create, false));

  void reopen() {
    ledger.reset();
    ledger = must(sqlite_ledger::open(file, open_mode::read_write_create, false));
  }

  /// Starts a run with a whole list.
  intake_counts take_in(const std::vector<po_entry>& entries) {
    must(ledger->begin_run(sample_run()));
    must(ledger->add(entries));
    return must(ledger->end_intake());
  }

  std::vector<po_lease> lease_all(const work_choice& choice = {}) {
    must(ledger->choose(choice));
    return must(ledger->lease(1'000'000));
  }

  /// A PO that is not leased any more is leased again, in a run that goes on with the list.
  void hold(const purchase_order& po) {
    if (must(ledger->intend(std::vector{outcome_of(po, po_status::pending)})).empty()) return;
    must(ledger->resume_run(at_second(1'700'000'050)));
    work_choice choice;
    for (int i = 0; i < po_status_count; ++i) choice.statuses.push_back(static_cast<po_status>(i));
    choice.numbers = {po.number};
    must(ledger->choose(choice));
    REQUIRE(must(ledger->lease(1)).size() == 1);
  }

  void record(const po_outcome& outcome) {
    hold(outcome.po);
    REQUIRE(must(ledger->record(std::vector{outcome})).empty());
  }
  void intend(const po_outcome& outcome) {
    hold(outcome.po);
    REQUIRE(must(ledger->intend(std::vector{outcome})).empty());
  }

  std::vector<report_row> rows() {
    std::vector<report_row> all;
    must(ledger->each([&](const report_row& row) -> result<void> {
      all.push_back(row);
      return {};
    }));
    return all;
  }

  std::vector<po_lease> with(attachment_status status) {
    std::vector<po_lease> all;
    must(ledger->each_with(status, [&](const po_lease& lease) -> result<void> {
      all.push_back(lease);
      return {};
    }));
    return all;
  }
};

/// By a connection without our own precautions.
inline void run_raw(const std::filesystem::path& file, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(db) == SQLITE_OK);
}

inline std::vector<std::string> numbers_of(const std::vector<po_lease>& leases) {
  std::vector<std::string> numbers;
  for (const po_lease& lease : leases) numbers.push_back(lease.po.number);
  return numbers;
}

inline std::vector<std::string> numbers_of(const std::vector<report_row>& rows) {
  std::vector<std::string> numbers;
  for (const report_row& row : rows) numbers.push_back(row.outcome.po.number);
  return numbers;
}

inline std::vector<std::string> keys_of(const std::vector<attachment_record>& records) {
  std::vector<std::string> keys;
  for (const attachment_record& record : records) keys.push_back(record.key);
  return keys;
}

}  // namespace pofetch::test
