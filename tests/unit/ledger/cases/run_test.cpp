#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("run: begun and ended, is told as it was") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  auto run = must(fixture.ledger->last_run());
  CHECK(run.info.input == "list.csv");
  CHECK(run.info.source == "web");
  CHECK(run.info.base_url == "https://acme.coupahost.com");
  CHECK(run.info.columns == std::vector<std::string>{"PO", "Supplier"});
  CHECK(run.info.started_at == at_second(1'700'000'000));
  CHECK(run.interrupted);
  CHECK_FALSE(run.finished_at);

  run_record ended;
  ended.finished_at = at_second(1'700'000'500);
  ended.requests = 42;
  ended.retries = 3;
  ended.elapsed_seconds = 1.5;
  must(fixture.ledger->end_run(ended));
  fixture.reopen();
  run = must(fixture.ledger->last_run());
  CHECK_FALSE(run.interrupted);
  CHECK(run.finished_at == ended.finished_at);
  CHECK(run.requests == 42);
  CHECK(run.retries == 3);
  CHECK(run.elapsed_seconds == 1.5);
  CHECK(run.info.input == "list.csv");
  CHECK(run.intake.rows == 1);
}

TEST_CASE("run: a new one, is interrupted until it has ended, whatever the one before was") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  must(fixture.ledger->end_run(run_record()));
  fixture.take_in(entries_of({"1"}));
  CHECK(must(fixture.ledger->last_run()).interrupted);
}

TEST_CASE("run: ended before any was begun, is refused") {
  ledger_fixture fixture;
  CHECK_FALSE(fixture.ledger->end_run(run_record()));
}

TEST_CASE("reopen: a resumed batch, hands out what is left and only that") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3", "4"}));
  const auto leases = must(fixture.ledger->lease(3));
  fixture.record(outcome_of(leases[0].po, po_status::completed));
  fixture.record(outcome_of(leases[2].po, po_status::not_found));
  fixture.reopen();
  fixture.take_in(entries_of({"1", "2", "3", "4"}));
  CHECK(numbers_of(fixture.lease_all()) == std::vector<std::string>{"2", "3", "4"});
}

TEST_CASE("many: POs in pieces, are taken in, handed out and read back whole") {
  ledger_fixture fixture;
  const std::size_t total = fixture.kept_in->many();
  constexpr std::size_t piece = 5'000;
  must(fixture.ledger->begin_run(sample_run()));
  for (std::size_t from = 0; from < total; from += piece) {
    std::vector<po_entry> entries;
    for (std::size_t i = from; i < from + piece; ++i) entries.push_back(entry_of(std::to_string(i)));
    must(fixture.ledger->add(entries));
  }
  CHECK(must(fixture.ledger->end_intake()).rows == total);
  std::size_t leased = 0;
  std::size_t recorded = 0;
  for (auto leases = must(fixture.ledger->lease(500)); !leases.empty();
       leases = must(fixture.ledger->lease(500))) {
    leased += leases.size();
    std::vector<po_outcome> outcomes;
    for (std::size_t i = 0; i < leases.size(); i += 20) {
      outcomes.push_back(outcome_of(leases[i].po, po_status::completed,
                                    {attachment_of("a", attachment_status::completed, 1)}));
    }
    CHECK(must(fixture.ledger->record(outcomes)).empty());
    recorded += outcomes.size();
  }
  CHECK(leased == total);
  const auto totals = must(fixture.ledger->totals());
  CHECK(totals.bytes == recorded);
  CHECK(totals.by_status[0] == total - recorded);
  std::size_t visited = 0;
  bool in_order = true;
  must(fixture.ledger->each([&](const report_row& row) -> result<void> {
    in_order = in_order && row.outcome.po.number == std::to_string(visited);
    ++visited;
    return {};
  }));
  CHECK(visited == total);
  CHECK(in_order);
}
