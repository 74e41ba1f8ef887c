#include "samples.hpp"

#include <numeric>

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("each: more POs than are read at once, come in the order of the list") {
  ledger_fixture fixture;
  const auto numbers = count_up(1, 1000);
  fixture.take_in(entries_of({numbers.rbegin(), numbers.rend()}));
  CHECK(numbers_of(fixture.rows()) == std::vector<std::string>{numbers.rbegin(), numbers.rend()});
}

TEST_CASE("each: the visitor fails, ends there and gives that failure") {
  ledger_fixture fixture;
  fixture.take_in(entries_of(count_up(1, 600)));
  for (const int last : {1, 256, 257, 600}) {
    int seen = 0;
    const auto visited = fixture.ledger->each([&](const report_row&) -> result<void> {
      if (++seen == last) return make_failure(errc::disk_full, "the report does not fit");
      return {};
    });
    REQUIRE_FALSE(visited);
    CHECK(visited.error().message == "the report does not fit");
    CHECK(seen == last);
  }
}

TEST_CASE("each: the visitor writes and reads again, still sees every PO once") {
  ledger_fixture fixture;
  fixture.take_in(entries_of(count_up(1, 600)));
  std::size_t inner = 0;
  std::vector<std::string> seen;
  must(fixture.ledger->each([&](const report_row& row) -> result<void> {
    seen.push_back(row.outcome.po.number);
    if (seen.size() == 300) {
      auto again = fixture.ledger->each([&](const report_row&) -> result<void> {
        ++inner;
        return {};
      });
      if (!again) return again;
    }
    fixture.record(outcome_of(row.outcome.po, po_status::completed));
    return {};
  }));
  CHECK(seen == count_up(1, 600));
  CHECK(inner == 600);
  CHECK(must(fixture.ledger->totals()).by_status[1] == 600);
}

TEST_CASE("each_with: POs of this and of earlier lists, with all that is known of them") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  const auto leases = fixture.lease_all();
  fixture.record(outcome_of(
      leases[0].po, po_status::completed,
      {attachment_of("a", attachment_status::completed), attachment_of("b", attachment_status::completed),
       attachment_of("c", attachment_status::failed)}));
  fixture.record(
      outcome_of(leases[2].po, po_status::failed, {attachment_of("d", attachment_status::failed)}));
  fixture.take_in(entries_of({"2", "3"}));
  const auto completed = fixture.with(attachment_status::completed);
  REQUIRE(numbers_of(completed) == std::vector<std::string>{"1"});
  CHECK(keys_of(completed[0].known) == std::vector<std::string>{"a", "b", "c"});
  CHECK(completed[0].po.folder == "1");
  CHECK(numbers_of(fixture.with(attachment_status::failed)) == std::vector<std::string>{"1", "3"});
  for (const auto status :
       {attachment_status::pending, attachment_status::committing, attachment_status::excluded}) {
    CHECK(fixture.with(status).empty());
  }
}

TEST_CASE("each_with: many POs that the visitor amends, are all seen") {
  ledger_fixture fixture;
  fixture.take_in(entries_of(count_up(1, 700)));
  std::vector<po_outcome> outcomes;
  for (const po_lease& lease : fixture.lease_all()) {
    outcomes.push_back(
        outcome_of(lease.po, po_status::completed, {attachment_of("a", attachment_status::committing)}));
  }
  CHECK(must(fixture.ledger->intend(outcomes)).empty());
  std::size_t seen = 0;
  must(fixture.ledger->each_with(attachment_status::committing, [&](const po_lease& lease) -> result<void> {
    ++seen;
    po_lease settled = lease;
    settled.known[0].status = attachment_status::completed;
    CHECK(must(fixture.ledger->amend(std::vector<po_lease>{settled})).empty());
    return {};
  }));
  CHECK(seen == 700);
  CHECK(fixture.with(attachment_status::committing).empty());
  CHECK(fixture.with(attachment_status::completed).size() == 700);
}

TEST_CASE("totals: over the present list alone") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  const auto leases = fixture.lease_all();
  fixture.record(outcome_of(leases[0].po, po_status::completed,
                            {attachment_of("a", attachment_status::completed, 100),
                             attachment_of("c", attachment_status::excluded)}));
  fixture.record(outcome_of(leases[1].po, po_status::partial,
                            {attachment_of("a", attachment_status::completed, 20),
                             attachment_of("b", attachment_status::failed, 3)}));
  auto totals = must(fixture.ledger->totals());
  CHECK(totals.purchase_orders == 3);
  CHECK(totals.by_status == std::array<std::uint64_t, po_status_count>{1, 1, 1, 0, 0, 0, 0, 0});
  CHECK(totals.attachments_found == 4);
  CHECK(totals.attachments_downloaded == 2);
  CHECK(totals.attachments_left_out == 1);
  CHECK(totals.bytes == 120);
  fixture.take_in(entries_of({"2"}));
  totals = must(fixture.ledger->totals());
  CHECK(totals.purchase_orders == 1);
  CHECK(totals.attachments_found == 2);
  CHECK(totals.bytes == 20);
}

TEST_CASE("totals: every state is counted as itself") {
  ledger_fixture fixture;
  std::vector<std::string> numbers;
  for (int state = 0; state < po_status_count; ++state) {
    for (int i = 0; i <= state; ++i) numbers.push_back(std::to_string(state) + "-" + std::to_string(i));
  }
  fixture.take_in(entries_of(numbers));
  for (const po_lease& lease : fixture.lease_all()) {
    fixture.record(outcome_of(lease.po, static_cast<po_status>(lease.po.number[0] - '0')));
  }
  CHECK(must(fixture.ledger->totals()).by_status ==
        std::array<std::uint64_t, po_status_count>{1, 2, 3, 4, 5, 6, 7, 8});
}
