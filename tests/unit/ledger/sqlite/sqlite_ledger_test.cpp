#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("temporary: works like any other and shares nothing") {
  auto first = must(sqlite_ledger::open_temporary());
  auto second = must(sqlite_ledger::open_temporary());
  must(first->begin_run(sample_run()));
  must(first->add(entries_of({"1", "2"})));
  CHECK(must(first->end_intake()).rows == 2);
  const auto leases = must(first->lease(10));
  REQUIRE(leases.size() == 2);
  CHECK(first->record(std::vector<po_outcome>{
      outcome_of(leases[0].po, po_status::pending, {attachment_of("a", attachment_status::pending)})}));
  CHECK(must(first->totals()).attachments_found == 1);
  CHECK_FALSE(second->last_run());
}

TEST_CASE("durable: all the same from outside") {
  temp_dir dir;
  for (int run = 0; run < 2; ++run) {
    auto ledger = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create, true));
    must(ledger->begin_run(sample_run()));
    must(ledger->add(entries_of({"1", "2"})));
    must(ledger->end_intake());
    const auto leases = must(ledger->lease(1));
    CHECK(ledger->record(std::vector<po_outcome>{outcome_of(leases[0].po, po_status::completed)}));
    CHECK(must(ledger->totals()).by_status[1] == static_cast<std::uint64_t>(run + 1));
  }
}

TEST_CASE("read only: while another writes, sees whole states and gets in nobody's way") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  auto reader = must(sqlite_ledger::open(fixture.file, open_mode::read_only));
  CHECK(must(reader->totals()).purchase_orders == 2);
  const auto leases = fixture.lease_all();
  std::vector<po_status> seen;
  must(reader->each([&](const report_row& row) -> result<void> {
    // Written while the reader reads: it goes on with the state that it began with.
    fixture.record(outcome_of(leases[0].po, po_status::completed));
    fixture.record(outcome_of(leases[1].po, po_status::completed));
    seen.push_back(row.outcome.status);
    return {};
  }));
  CHECK(seen == std::vector<po_status>{po_status::pending, po_status::pending});
  CHECK(must(reader->totals()).by_status[1] == 2);
  fixture.take_in(entries_of({"2", "3", "4"}));
  CHECK(must(reader->totals()).purchase_orders == 3);
}

TEST_CASE("read only: a reader in the middle of a visit asks again, gets an answer") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  auto reader = must(sqlite_ledger::open(fixture.file, open_mode::read_only));
  int inner = 0;
  must(reader->each([&](const report_row&) -> result<void> {
    CHECK(must(reader->totals()).purchase_orders == 2);
    return reader->each_with(attachment_status::completed, [&](const po_lease&) -> result<void> {
      ++inner;
      return {};
    });
  }));
  CHECK(inner == 0);
}

TEST_CASE("lease: without an end, since nobody else can work on the folder") {
  CHECK_FALSE(must(sqlite_ledger::open_temporary())->lease_time());
}
