#include "support/memory_ledger.hpp"

#include "unit/lists/sample_ledger.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::test;

namespace {

using texts = std::vector<std::string>;

texts numbers(const std::vector<po_lease>& leases) {
  texts all;
  for (const po_lease& lease : leases) all.push_back(lease.po.number);
  return all;
}

void set(memory_ledger& records, const purchase_order& po, po_status status,
         std::vector<attachment_record> attachments = {}) {
  po_outcome outcome{po, status, {}, {}, {}, std::move(attachments), sample_time};
  const std::vector<po_outcome> outcomes = {outcome};
  records.record(outcomes).value();
}

}  // namespace

TEST_CASE("memory_ledger: leases, each PO once a run in list order, by its state") {
  memory_ledger records;
  const std::vector<po_entry> list = {entry_of("1"), entry_of("2"), entry_of("3"), entry_of("4"),
                                      entry_of("5")};
  take_in(records, {"PO"}, list);
  const auto first = records.lease(2).value();
  CHECK(numbers(first) == texts{"1", "2"});
  const auto rest = records.lease(10).value();
  CHECK(numbers(rest) == texts{"3", "4", "5"});
  CHECK(records.lease(1).value().empty());
  set(records, first[0].po, po_status::completed);
  set(records, first[1].po, po_status::skipped);
  set(records, rest[0].po, po_status::not_found);
  CHECK(records.lease(10).value().empty());

  take_in(records, {"PO"}, list);
  CHECK(numbers(records.lease(10).value()) == texts{"3", "4", "5"});
  take_in(records, {"PO"}, list);
  records.choose({.retry_skipped = true}).value();
  CHECK(numbers(records.lease(10).value()) == texts{"2", "3", "4", "5"});
}

TEST_CASE("memory_ledger: a new list, states kept by key; what is not in it is not shown") {
  memory_ledger records;
  take_in(records, {"PO"}, {entry_of("1"), entry_of("2")});
  const auto leases = records.lease(2).value();
  set(records, leases[0].po, po_status::completed, {attachment_of("a", attachment_status::completed, 4)});
  set(records, leases[1].po, po_status::failed, {attachment_of("b", attachment_status::committing)});
  take_in(records, {"PO"}, {entry_of("3"), entry_of("1")});
  const batch_totals totals = records.totals().value();
  CHECK(totals.purchase_orders == 2);
  CHECK(totals.bytes == 4);
  CHECK(totals.by_status[static_cast<std::size_t>(po_status::completed)] == 1);
  CHECK(totals.by_status[static_cast<std::size_t>(po_status::failed)] == 0);
  texts seen;
  records
      .each_with(attachment_status::committing,
                 [&](const po_lease& lease) -> result<void> {
                   seen.push_back(lease.po.number);
                   return {};
                 })
      .value();
  CHECK(seen == texts{"2"});
}

TEST_CASE("memory_ledger: repeated and unusable rows, counted") {
  memory_ledger records;
  po_entry unusable = entry_of("line:2");
  unusable.status = po_status::invalid;
  take_in(records, {"PO"}, {entry_of("1"), unusable, entry_of("1")});
  const intake_counts counts = records.last_run().value().intake;
  CHECK(counts.rows == 3);
  CHECK(counts.repeated == 1);
  CHECK(counts.invalid == 1);
  CHECK(numbers(records.lease(9).value()) == texts{"1"});
}

TEST_CASE("memory_ledger: intents and amendments, by attachment key") {
  memory_ledger records;
  take_in(records, {"PO"}, {entry_of("1")});
  const po_lease lease = records.lease(1).value().at(0);
  po_outcome outcome{lease.po, po_status::completed, {}, {}, {}, {}, sample_time};
  outcome.attachments = {attachment_of("a", attachment_status::committing, 1),
                         attachment_of("b", attachment_status::failed)};
  const std::vector<po_outcome> outcomes = {outcome};
  records.intend(outcomes).value();
  CHECK(records.find("1")->attachments.size() == 1);
  CHECK(records.find("1")->status == po_status::pending);

  set(records, lease.po, po_status::completed, {attachment_of("a", attachment_status::completed, 1)});
  const std::vector<po_lease> lost = {{lease.po, {attachment_of("a", attachment_status::pending)}}};
  CHECK(records.amend(lost).value().empty());
  CHECK(records.find("1")->status == po_status::pending);
  CHECK(records.find("1")->attachments.at(0).status == attachment_status::pending);
  records.lose_lease("1");
  const std::vector<po_lease> late = {{lease.po, {attachment_of("a", attachment_status::failed)}}};
  CHECK(records.amend(late).value() == po_ids{lease.po.id});
  CHECK(records.find("1")->attachments.at(0).status == attachment_status::pending);
}

TEST_CASE("memory_ledger: a later outcome without a file on disk, the file stays known") {
  memory_ledger records;
  take_in(records, {"PO"}, {entry_of("1")});
  const po_lease lease = records.lease(1).value().at(0);
  set(records, lease.po, po_status::pending,
      {attachment_of("a", attachment_status::completed, 1), attachment_of("b", attachment_status::failed)});
  set(records, lease.po, po_status::failed);
  REQUIRE(records.find("1")->attachments.size() == 1);
  CHECK(records.find("1")->attachments[0].name == "a");
}

TEST_CASE("memory_ledger: a failure that a test asked for, once and without a change") {
  memory_ledger records;
  take_in(records, {"PO"}, {entry_of("1")});
  records.fail_after(1, make_failure(errc::ledger, "gone"));
  CHECK(records.totals().has_value());
  CHECK(records.lease(1).has_error());
  CHECK_FALSE(records.failure_is_due());
  CHECK(numbers(records.lease(1).value()) == texts{"1"});
}

TEST_CASE("memory_ledger: of a lease that is not held, refused") {
  memory_ledger records;
  take_in(records, {"PO"}, {entry_of("1")});
  po_outcome late;
  late.po = records.lease(1).value().at(0).po;
  records.lose_lease("1");
  late.status = po_status::failed;
  po_outcome stranger;
  stranger.po.id = 99;
  const std::vector<po_outcome> outcomes = {late, stranger};
  CHECK(records.record(outcomes).value() == po_ids{late.po.id, 99});
  CHECK(records.intend(outcomes).value().size() == 2);
  CHECK(records.find("1")->status == po_status::pending);
}
