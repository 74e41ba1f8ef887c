#include "samples.hpp"

#include <functional>

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("record: an outcome, every field of it and of its attachments comes back") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  auto outcome = outcome_of(fixture.lease_all()[0].po, po_status::partial,
                            {attachment_of("b", attachment_status::completed, 1234),
                             attachment_of("a", attachment_status::failed, 0)});
  outcome.supplier = "Acme";
  outcome.url = "https://acme.coupahost.com/order_headers/1";
  outcome.error = make_failure(errc::timeout, "one of two");
  attachment_record& first = outcome.attachments[0];
  first.sha256 = std::string(64, 'a');
  first.media_type = "application/pdf";
  first.attempts = 3;
  first.mtime_ns = 1'700'000'000'123'456'789;
  failure missing = make_failure(errc::http_status, "The server says 404.");
  missing.http_status = 404;
  outcome.attachments[1].error = missing;
  fixture.record(outcome);

  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 1);
  const po_outcome& back = rows[0].outcome;
  CHECK(back.status == po_status::partial);
  CHECK(back.supplier == "Acme");
  CHECK(back.url == outcome.url);
  REQUIRE(back.error);
  CHECK(back.error->code == errc::timeout);
  CHECK(back.error->message == "one of two");
  CHECK(back.finished_at == outcome.finished_at);
  REQUIRE(keys_of(back.attachments) == std::vector<std::string>{"b", "a"});
  const attachment_record& record = back.attachments[0];
  CHECK(record.name == "b.pdf");
  CHECK(record.url == first.url);
  CHECK(record.status == attachment_status::completed);
  CHECK(record.bytes == 1234);
  CHECK(record.sha256 == first.sha256);
  CHECK(record.media_type == "application/pdf");
  CHECK(record.attempts == 3);
  CHECK(record.mtime_ns == first.mtime_ns);
  CHECK_FALSE(record.error);
  REQUIRE(back.attachments[1].error);
  CHECK(code_word(*back.attachments[1].error) == "http_404");
  CHECK(rows[0].attachments_found == 2);
  CHECK(rows[0].attachments_downloaded == 1);
  CHECK(rows[0].bytes == 1234);
}

TEST_CASE("record: attachments known before and not listed now, completed ones stay and others go") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  const purchase_order po = fixture.lease_all()[0].po;
  fixture.record(outcome_of(po, po_status::partial,
                            {attachment_of("pending", attachment_status::pending),
                             attachment_of("committing", attachment_status::committing),
                             attachment_of("completed", attachment_status::completed, 7),
                             attachment_of("failed", attachment_status::failed),
                             attachment_of("excluded", attachment_status::excluded)}));
  fixture.record(
      outcome_of(po, po_status::completed, {attachment_of("new", attachment_status::completed, 5)}));
  const auto row = fixture.rows()[0];
  CHECK(keys_of(row.outcome.attachments) == std::vector<std::string>{"new", "completed"});
  CHECK(row.attachments_found == 2);
  CHECK(row.attachments_downloaded == 2);
  CHECK(row.bytes == 12);
}

TEST_CASE(
    "record: a later outcome, replaces state and error but keeps page and supplier that it does not know") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  const purchase_order po = fixture.lease_all()[0].po;
  auto first = outcome_of(po, po_status::failed, {attachment_of("a", attachment_status::failed)});
  first.error = make_failure(errc::timeout, "too slow");
  first.url = "https://acme.coupahost.com/order_headers/1";
  first.supplier = "Acme";
  fixture.record(first);
  auto second = outcome_of(po, po_status::completed, {attachment_of("a", attachment_status::completed)});
  second.finished_at = {};
  fixture.record(second);
  const auto row = fixture.rows()[0];
  CHECK(row.outcome.status == po_status::completed);
  CHECK_FALSE(row.outcome.error);
  CHECK(row.outcome.url == first.url);
  CHECK(row.outcome.supplier == "Acme");
  CHECK(row.outcome.finished_at == first.finished_at);
  CHECK(row.outcome.attachments[0].status == attachment_status::completed);
}

TEST_CASE("record, intend: of a lease that is not held, is refused, and all else is written") {
  struct row {
    const char* name;
    std::function<void(ledger_fixture&, const purchase_order&)> lose;
  };
  const row rows[] = {
      {"given-back", [](auto& f, const auto& po) { must(f.ledger->give_back(std::vector{po.id})); }},
      {"result-recorded",
       [](auto& f, const auto& po) {
         f.record(
             outcome_of(po, po_status::completed, {attachment_of("first", attachment_status::completed)}));
       }},
      {"run-ended", [](auto& f, const auto&) { must(f.ledger->end_run({})); }},
      {"next-run", [](auto& f, const auto&) { must(f.ledger->resume_run(at_second(1))); }},
      {"killed", [](auto& f, const auto&) { f.reopen(); }},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.name));
    ledger_fixture fixture;
    fixture.take_in(entries_of({"1", "2", "3"}));
    const purchase_order lost = fixture.lease_all()[0].po;
    each.lose(fixture, lost);
    const auto before = fixture.rows()[0].outcome;
    const auto left = fixture.lease_all({.numbers = {"2", "3"}});
    const auto of_lost =
        outcome_of(lost, po_status::failed, {attachment_of("late", attachment_status::committing)});
    std::vector<po_outcome> done{of_lost};
    std::vector<po_outcome> next{of_lost};
    if (left.size() == 2) {
      done.push_back(outcome_of(left[0].po, po_status::completed));
      next.push_back(
          outcome_of(left[1].po, po_status::pending, {attachment_of("b", attachment_status::committing)}));
    }
    CHECK(must(fixture.ledger->record_and_intend(done, next)) == po_ids{lost.id, lost.id});
    const auto after = fixture.rows();
    CHECK(after[0].outcome.status == before.status);
    CHECK(keys_of(after[0].outcome.attachments) == keys_of(before.attachments));
    if (left.size() < 2) continue;
    CHECK(after[1].outcome.status == po_status::completed);
    CHECK(numbers_of(fixture.with(attachment_status::committing)) == std::vector<std::string>{"3"});
  }
}

TEST_CASE("record: a PO that stays PENDING is still leased, another result ends it") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  const purchase_order po = fixture.lease_all()[0].po;
  const auto record = [&](po_status status) {
    return must(fixture.ledger->record(std::vector{outcome_of(po, status)})).empty();
  };
  must(fixture.ledger->renew());
  CHECK(record(po_status::pending));
  CHECK(record(po_status::pending));
  CHECK(record(po_status::partial));
  CHECK_FALSE(record(po_status::completed));
  CHECK(fixture.rows()[0].outcome.status == po_status::partial);
}

TEST_CASE("amend: a PO that is not there, is a failure") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  purchase_order stranger = fixture.lease_all()[0].po;
  stranger.id = 4711;
  CHECK_FALSE(fixture.ledger->amend(std::vector<po_lease>{{stranger, {}}}));
}

TEST_CASE("intend: committing attachments alone are written, and nothing of the PO") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  const auto leases = fixture.lease_all();
  fixture.record(
      outcome_of(leases[0].po, po_status::failed, {attachment_of("old", attachment_status::failed)}));
  auto intent = outcome_of(
      leases[0].po, po_status::completed,
      {attachment_of("a", attachment_status::committing, 99), attachment_of("b", attachment_status::failed)});
  fixture.intend(intent);
  const auto row = fixture.rows()[0];
  CHECK(row.outcome.status == po_status::failed);
  CHECK(keys_of(row.outcome.attachments) == std::vector<std::string>{"a", "old"});
  const auto found = fixture.with(attachment_status::committing);
  REQUIRE(numbers_of(found) == std::vector<std::string>{"1"});
  CHECK(found[0].known[0].bytes == 99);
  intent.attachments[0].status = attachment_status::completed;
  fixture.record(intent);
  CHECK(fixture.with(attachment_status::committing).empty());
}

TEST_CASE("amend: given attachments alone are written; a pending one makes the PO pending") {
  struct row {
    attachment_status status;
    po_status expected;
    std::uint64_t downloaded;
  };
  const row rows[] = {
      {attachment_status::completed, po_status::completed, 2},
      {attachment_status::failed, po_status::completed, 1},
      {attachment_status::pending, po_status::pending, 1},
  };
  for (const row& r : rows) {
    CAPTURE(static_cast<int>(r.status));
    ledger_fixture fixture;
    fixture.take_in(entries_of({"1"}));
    const purchase_order po = fixture.lease_all()[0].po;
    fixture.record(outcome_of(po, po_status::completed,
                              {attachment_of("a", attachment_status::completed, 5),
                               attachment_of("b", attachment_status::completed, 6)}));
    must(fixture.ledger->amend(std::vector<po_lease>{{po, {attachment_of("a", r.status, 5)}}}));
    const auto row = fixture.rows()[0];
    CHECK(row.outcome.status == r.expected);
    CHECK(row.outcome.finished_at == at_second(1'700'000'100));
    CHECK(row.outcome.attachments.size() == 2);
    CHECK(row.attachments_downloaded == r.downloaded);
    CHECK(must(fixture.ledger->totals()).attachments_downloaded == r.downloaded);
  }
}

TEST_CASE("record, intend, amend: nothing given, nothing happens") {
  ledger_fixture fixture;
  CHECK(fixture.ledger->record({}));
  CHECK(fixture.ledger->intend({}));
  CHECK(fixture.ledger->record_and_intend({}, {}));
  CHECK(fixture.ledger->amend({}));
}
