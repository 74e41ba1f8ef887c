#pragma once

#include "support/results.hpp"

#include <pofetch/ledger.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pofetch::test {

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

/// Where one batch is kept: what the cases know of a back end. Each has its own `make_back_end`, which the
/// program is linked with.
class back_end {
 public:
  virtual ~back_end() = default;
  /// The ledger to work with; the one before is gone by then.
  [[nodiscard]] virtual std::unique_ptr<ledger> open() = 0;
  [[nodiscard]] virtual std::unique_ptr<ledger> open_to_read() = 0;
  /// Everything that is kept of lists, in some form that has texts as they are.
  [[nodiscard]] virtual std::string bytes() = 0;
  /// How many orders are many; a multiple of 10,000.
  [[nodiscard]] virtual std::size_t many() const { return 100'000; }
};
[[nodiscard]] std::unique_ptr<back_end> make_back_end();

/// A ledger of its own, closed and opened at will.
struct ledger_fixture {
  std::unique_ptr<back_end> kept_in = make_back_end();
  std::unique_ptr<pofetch::ledger> ledger = kept_in->open();

  void reopen() {
    ledger.reset();
    ledger = kept_in->open();
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
