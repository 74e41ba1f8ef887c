#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

po_look look_at(std::int64_t second, std::string updated_at = {}, std::vector<page_mark> pages = {}) {
  return {at_second(second), std::move(updated_at), std::move(pages)};
}

po_outcome done_at(const purchase_order& po, std::int64_t second, std::string updated_at = {}) {
  po_outcome outcome =
      outcome_of(po, po_status::completed, {attachment_of("a", attachment_status::completed)});
  outcome.look = look_at(second, std::move(updated_at));
  return outcome;
}

/// POs 1 (looked at at 1000), 2 (at 2000), 3 (nothing there, at 3000), 4 (done, never looked at), 5
/// (PARTIAL).
struct looked_at_fixture : ledger_fixture {
  looked_at_fixture() {
    take_in(entries_of({"1", "2", "3", "4", "5"}));
    const auto leases = lease_all();
    record(done_at(leases[0].po, 1000, "t1"));
    record(done_at(leases[1].po, 2000, "t2"));
    auto nothing = outcome_of(leases[2].po, po_status::no_attachments);
    nothing.look = look_at(3000, "t3");
    record(nothing);
    record(outcome_of(leases[3].po, po_status::completed));
    record(outcome_of(leases[4].po, po_status::partial, {attachment_of("a", attachment_status::failed)}));
  }

  texts leased(const refresh_scope& scope) {
    take_in(entries_of({"1", "2", "3", "4", "5"}));
    must(ledger->begin_refresh(scope));
    return numbers_of(lease_all());
  }

  std::optional<po_look> look_of(const std::string& number) {
    for (const auto& row : rows())
      if (row.outcome.po.number == number) return row.outcome.look;
    return std::nullopt;
  }
};

refresh_scope before(std::int64_t second) { return {at_second(second), false}; }

}  // namespace

TEST_CASE("refresh: which done POs are handed out again, and what is counted") {
  looked_at_fixture f;
  f.take_in(entries_of({"1", "2", "3", "4", "5"}));
  CHECK(numbers_of(f.lease_all()) == texts{"5"});
  CHECK(f.leased({}) == texts{"1", "2", "3", "4", "5"});
  CHECK(f.leased(before(3000)) == texts{"1", "2", "4", "5"});
  CHECK(f.leased(before(1000)) == texts{"4", "5"});
  // A list without some of them.
  f.take_in(entries_of({"2", "3"}));
  const auto facts = must(f.ledger->begin_refresh({}));
  CHECK(facts.orders() == 2);
  CHECK(facts.by_status[static_cast<std::size_t>(po_status::no_attachments)] == 1);
  CHECK(facts.oldest == at_second(2000));
  CHECK(numbers_of(f.lease_all()) == texts{"2", "3"});
}

TEST_CASE("refresh: a page outside of where the source has its own, of a PO of the list that has files") {
  const page_area web{"https://a.example/", "https://a.example/api/"};
  const page_area api{"https://a.example/api/"};
  const page_area none{};
  struct row {
    const char* page;
    bool in_web, in_api, in_none;
  };
  for (const row r :
       {row{"https://a.example/order_headers/1", true, false, false},
        row{"https://a.example/api/purchase_orders/7", false, true, false},
        row{"https://a.example.org/order_headers/1", false, false, false},
        row{"https://b.example/api/purchase_orders/7", false, false, false}, row{"", false, false, true}}) {
    CAPTURE(r.page);
    ledger_fixture f;
    f.take_in(entries_of({"1", "2"}));
    auto done = done_at(f.lease_all()[0].po, 1000);
    done.url = r.page;
    f.record(done);
    const auto outside = [&f](const page_area& area) { return must(f.ledger->page_outside(area)); };
    CHECK(outside(web).has_value() == !r.in_web);
    CHECK(outside(api).has_value() == !r.in_api);
    CHECK(outside(none).has_value() == !r.in_none);
    if (!r.in_web) CHECK(outside(web) == r.page);
    // A list without it.
    f.take_in(entries_of({"2"}));
    CHECK_FALSE(outside(none));
    CHECK_FALSE(outside(api));
  }
}

TEST_CASE("refresh: a lease says that it is another look, and has the pages of a done PO only") {
  looked_at_fixture f;
  const std::vector<page_mark> pages{{"https://h/1", "\"a\""},
                                     {"https://h/2", "Mon, 05 Jan 2026 10:00:00 GMT"}};
  auto leases = f.lease_all();
  f.take_in(entries_of({"1", "5"}));
  must(f.ledger->begin_refresh({}));
  leases = f.lease_all();
  CHECK(leases[0].again);
  CHECK(leases[0].pages.empty());
  CHECK_FALSE(leases[1].again);
  auto outcome = done_at(leases[0].po, 4000);
  outcome.look->pages = pages;
  f.record(outcome);
  f.take_in(entries_of({"1"}));
  must(f.ledger->begin_refresh({}));
  CHECK(f.lease_all()[0].pages == pages);
  // A look that was not whole leaves its time, but no pages.
  outcome.look.reset();
  f.record(outcome);
  CHECK(f.look_of("1")->at == at_second(4000));
  f.take_in(entries_of({"1"}));
  must(f.ledger->begin_refresh({}));
  CHECK(f.lease_all()[0].pages.empty());
}

TEST_CASE("refresh: only what the source says has changed, and what was never looked at") {
  looked_at_fixture f;
  f.take_in(entries_of({"1", "2", "3", "4", "5"}));
  must(f.ledger->begin_refresh({}));
  must(f.ledger->note_changes(
      std::vector<order_change>{{"1", "t1"}, {"2", "later"}, {"5", "later"}, {"77", "later"}}));
  must(f.ledger->end_changes({}, at_second(9000)));
  must(f.ledger->begin_refresh({std::nullopt, true}));
  CHECK(numbers_of(f.lease_all()) == texts{"2", "4", "5"});
  CHECK(f.look_of("1")->at == at_second(9000));
  CHECK(f.look_of("2")->at == at_second(2000));
  CHECK(f.look_of("3")->at == at_second(9000));
  CHECK_FALSE(f.look_of("4"));
  // What has changed is remembered until it has been looked at, whatever becomes of the run.
  f.reopen();
  CHECK(f.leased({std::nullopt, true}) == texts{"2", "4", "5"});
  must(f.ledger->end_changes({}, at_second(9500)));
  CHECK(f.look_of("2")->at == at_second(2000));
  const auto leases = f.with(attachment_status::completed);
  for (const auto& lease : leases)
    if (lease.po.number == "2") f.record(done_at(lease.po, 9600, "later"));
  CHECK(f.leased({std::nullopt, true}) == texts{"4", "5"});
}

TEST_CASE("refresh: a PO without a known time of change has changed, and so has one without a new one") {
  ledger_fixture f;
  f.take_in(entries_of({"1", "2"}));
  const auto leases = f.lease_all();
  f.record(done_at(leases[0].po, 1000));
  f.record(done_at(leases[1].po, 1000, "t2"));
  f.take_in(entries_of({"1", "2"}));
  must(f.ledger->note_changes(std::vector<order_change>{{"1", "t1"}, {"2", ""}}));
  must(f.ledger->begin_refresh({std::nullopt, true}));
  CHECK(numbers_of(f.lease_all()) == texts{"1", "2"});
}

TEST_CASE("refresh: what is known of a file's version is kept") {
  ledger_fixture f;
  f.take_in(entries_of({"1"}));
  auto first = attachment_of("a", attachment_status::completed);
  first.validator = "W/\"1\"";
  first.listed_at = "2026-01-01T00:00:00Z";
  first.superseded = true;
  auto second = attachment_of(
      "a\x1f"
      "2",
      attachment_status::completed);
  second.gone = true;
  f.record(outcome_of(f.lease_all()[0].po, po_status::completed, {first, second}));
  f.reopen();
  const auto known = f.rows()[0].outcome.attachments;
  REQUIRE(known.size() == 2);
  CHECK(known[0].validator == "W/\"1\"");
  CHECK(known[0].listed_at == "2026-01-01T00:00:00Z");
  CHECK(known[0].superseded);
  CHECK_FALSE(known[0].gone);
  CHECK(known[1].gone);
  CHECK_FALSE(known[1].superseded);
}

TEST_CASE("refresh: files that a killed run placed have its look, a PO that was done keeps the look before") {
  struct row {
    const char* number;
    std::optional<std::int64_t> second;
  };
  // 5 is open and was never looked at; the others were done before.
  for (const row& r : {row{"5", 4000}, row{"4", std::nullopt}, row{"1", 1000}}) {
    CAPTURE(r.number);
    looked_at_fixture f;
    f.take_in(entries_of({r.number}));
    must(f.ledger->begin_refresh({}));
    po_outcome intended = outcome_of(f.lease_all()[0].po, po_status::completed,
                                     {attachment_of("b", attachment_status::committing)});
    intended.look = look_at(4000, "t4");
    CHECK(must(f.ledger->intend(std::span(&intended, 1))).empty());
    f.reopen();
    const auto look = f.look_of(r.number);
    CHECK(look.has_value() == r.second.has_value());
    if (look && r.second) CHECK(look->at == at_second(*r.second));
    // The next run finds all of it and records without a look.
    intended.attachments[0].status = attachment_status::completed;
    intended.look.reset();
    f.record(intended);
    CHECK(f.look_of(r.number).has_value() == r.second.has_value());
  }
}

TEST_CASE("refresh: totals tell the oldest and the newest look") {
  looked_at_fixture f;
  const auto totals = must(f.ledger->totals());
  CHECK(totals.oldest_look == at_second(1000));
  CHECK(totals.newest_look == at_second(3000));
  ledger_fixture none;
  none.take_in(entries_of({"1"}));
  CHECK_FALSE(must(none.ledger->totals()).oldest_look);
}

TEST_CASE("a list that goes on: POs keep their places, new ones come behind, nothing is repeated") {
  ledger_fixture f;
  run_info all = sample_run();
  all.listing = "https://h/api/purchase_orders";
  must(f.ledger->begin_run(all));
  must(f.ledger->add(entries_of({"1", "2", "3"})));
  must(f.ledger->end_intake());
  must(f.ledger->set_listed_to("2026-01-01T00:00:00Z"));
  for (const auto& lease : f.lease_all()) f.record(done_at(lease.po, 1000, "t"));
  all.goes_on = true;
  must(f.ledger->begin_run(all));
  CHECK(must(f.ledger->last_run()).listed_to == "2026-01-01T00:00:00Z");
  CHECK(must(f.ledger->last_run()).info.listing == all.listing);
  auto entries = entries_of({"2", "4", "2"});
  entries[0].updated_at = entries[2].updated_at = "later";
  must(f.ledger->add(entries));
  const auto counts = must(f.ledger->end_intake());
  CHECK(counts.rows == 3);
  CHECK(counts.repeated == 0);
  CHECK(numbers_of(f.rows()) == texts{"1", "2", "3", "4"});
  must(f.ledger->begin_refresh({std::nullopt, true}));
  CHECK(numbers_of(f.lease_all()) == texts{"2", "4"});
  // Killed here, it goes on all the same; and folders are renamed in the list that is in force.
  f.reopen();
  must(f.ledger->begin_run(all));
  must(f.ledger->end_intake());
  must(f.ledger->begin_refresh({std::nullopt, true}));
  CHECK(numbers_of(f.lease_all()) == texts{"2", "4"});
  CHECK(must(f.ledger->totals()).purchase_orders == 4);
  const auto moves = must(f.ledger->misnamed(true, 10));
  CHECK(moves.size() == 3);
  // A whole list begins anew, and knows nothing of how far the one before was read.
  all.goes_on = false;
  must(f.ledger->begin_run(all));
  must(f.ledger->add(entries_of({"3"})));
  must(f.ledger->end_intake());
  CHECK(numbers_of(f.rows()) == texts{"3"});
  CHECK(must(f.ledger->last_run()).listed_to.empty());
}

TEST_CASE("a list that goes on where there is none before, is one of its own") {
  ledger_fixture f;
  run_info info = sample_run();
  info.goes_on = true;
  must(f.ledger->begin_run(info));
  must(f.ledger->add(entries_of({"1"})));
  must(f.ledger->end_intake());
  CHECK(numbers_of(f.rows()) == texts{"1"});
}
