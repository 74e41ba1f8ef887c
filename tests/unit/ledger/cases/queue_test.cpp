#include "samples.hpp"

#include <algorithm>

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

attachment_record failed_with(std::string key, errc code) {
  auto record = attachment_of(std::move(key), attachment_status::failed);
  record.error = make_failure(code, "why");
  return record;
}

failure http_404() {
  failure why = make_failure(errc::http_status, "not there");
  why.http_status = 404;
  return why;
}

/// One PO for each state, whose number is that of the state, and 10 to 12 with errors.
struct every_state : ledger_fixture {
  std::vector<po_entry> list = entries_of({"0", "1", "2", "3", "4", "5", "6", "7", "10", "11", "12"});

  every_state() {
    list[6].status = po_status::invalid;
    take_in(list);
    for (const po_lease& lease : lease_all()) write(lease.po);
    take_in(list);
  }

  void write(const purchase_order& po) {
    const int number = std::stoi(po.number);
    if (number < po_status_count) return record(outcome_of(po, static_cast<po_status>(number)));
    auto outcome = outcome_of(po, number == 12 ? po_status::partial : po_status::failed);
    if (number == 10) outcome.error = http_404();
    if (number == 11) outcome.error = make_failure(errc::timeout, "late");
    if (number == 12) outcome.attachments = {failed_with("a", errc::timeout), failed_with("b", errc::tls)};
    record(outcome);
  }

  std::uint64_t counted(const work_choice& choice) { return must(ledger->count(choice)).orders(); }
};

}  // namespace

TEST_CASE("lease: in pieces, gives every PO once and in the order of the list") {
  ledger_fixture fixture;
  const auto numbers = count_up(1, 10);
  fixture.take_in(entries_of({numbers.rbegin(), numbers.rend()}));
  for (const bool chosen : {false, true}) {
    CAPTURE(chosen);
    must(fixture.ledger->resume_run(at_second(1)));
    if (chosen) must(fixture.ledger->choose({.numbers = numbers}));
    texts got;
    for (const std::size_t count :
         {std::size_t{3}, std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{9}}) {
      for (const auto& number : numbers_of(must(fixture.ledger->lease(count)))) got.push_back(number);
    }
    CHECK(got == texts{numbers.rbegin(), numbers.rend()});
    CHECK(must(fixture.ledger->lease(5)).empty());
  }
}

TEST_CASE("lease: recorded as failed in this run, is not handed out again before the next") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  const auto first = must(fixture.ledger->lease(1));
  fixture.record(outcome_of(first[0].po, po_status::failed));
  CHECK(numbers_of(fixture.lease_all()) == texts{"2"});
  fixture.take_in(entries_of({"1", "2"}));
  CHECK(numbers_of(fixture.lease_all()) == texts{"1", "2"});
}

TEST_CASE("lease: known attachments come in order of ordinal") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  fixture.record(outcome_of(
      fixture.lease_all()[0].po, po_status::partial,
      {attachment_of("z", attachment_status::completed), attachment_of("a", attachment_status::failed),
       attachment_of("m", attachment_status::pending)}));
  fixture.reopen();
  const auto leases = fixture.lease_all();
  REQUIRE(leases.size() == 1);
  CHECK(keys_of(leases[0].known) == texts{"z", "a", "m"});
}

TEST_CASE("choice: what it means is what is counted and what is leased") {
  struct row {
    std::string name;
    work_choice choice;
    texts meant;
  };
  const row rows[] = {
      {"nothing", {}, {"0", "2", "3", "5", "10", "11", "12"}},
      {"skipped-too", {.retry_skipped = true}, {"0", "2", "3", "5", "7", "10", "11", "12"}},
      {"pending", {.statuses = {po_status::pending}}, {"0"}},
      {"pending-and-skipped", {.statuses = {po_status::pending}, .retry_skipped = true}, {"0", "7"}},
      {"failed", {.statuses = {po_status::failed}}, {"3", "10", "11"}},
      {"done", {.statuses = {po_status::completed, po_status::no_attachments}}, {"1", "4"}},
      {"invalid-never", {.statuses = {po_status::invalid}}, {}},
      {"invalid-never-by-number", {.numbers = {"6"}}, {}},
      {"code-of-the-po", {.error_codes = {"http_404"}}, {"10"}},
      {"code-of-a-file", {.error_codes = {"tls"}}, {"12"}},
      {"code-of-either", {.error_codes = {"timeout"}}, {"11", "12"}},
      {"codes", {.error_codes = {"http_404", "tls", "disk"}}, {"10", "12"}},
      {"code-is-a-whole-word", {.error_codes = {"http", "http_40", ""}}, {}},
      {"numbers", {.numbers = {"12", "3", "77"}}, {"3", "12"}},
      {"number-with-zeros", {.numbers = {"0012"}}, {"12"}},
      {"number-that-is-done", {.numbers = {"1"}}, {}},
      {"number-and-state", {.statuses = {po_status::completed}, .numbers = {"1", "3"}}, {"1"}},
      {"all-three",
       {.statuses = {po_status::failed}, .error_codes = {"timeout"}, .numbers = {"10", "11", "12"}},
       {"11"}},
      {"hostile-words", {.error_codes = {"'\"],--", "\xff"}}, {}},
  };
  every_state fixture;
  for (const row& each : rows) {
    CAPTURE(each.name);
    must(fixture.ledger->resume_run(at_second(1)));
    CHECK(fixture.counted(each.choice) == each.meant.size());
    const auto leases = fixture.lease_all(each.choice);
    CHECK(numbers_of(leases) == each.meant);
    // Who only reads counts the same, also while another one works.
    const auto reader = fixture.kept_in->open_to_read();
    CHECK(must(reader->count(each.choice)).orders() == each.meant.size());
  }
}

TEST_CASE("choice: counted by state; what is done comes as another look") {
  every_state fixture;
  const work_choice choice{.statuses = {po_status::completed, po_status::failed}};
  const auto counted = must(fixture.ledger->count(choice));
  CHECK(counted.by_status[static_cast<std::size_t>(po_status::completed)] == 1);
  CHECK(counted.by_status[static_cast<std::size_t>(po_status::failed)] == 3);
  for (const po_lease& lease : fixture.lease_all(choice)) CHECK(lease.again == (lease.po.number == "1"));
}

TEST_CASE("choice: holds for one run, and a refresh comes on top of it") {
  every_state fixture;
  must(fixture.ledger->choose({.numbers = {"3"}}));
  must(fixture.ledger->begin_refresh({}));
  CHECK(numbers_of(must(fixture.ledger->lease(9))) == texts{"1", "3", "4"});
  must(fixture.ledger->resume_run(at_second(1)));
  CHECK(numbers_of(must(fixture.ledger->lease(99))) == texts{"0", "2", "3", "5", "10", "11", "12"});
}

TEST_CASE("choice: in a manifest a number is its text") {
  ledger_fixture fixture;
  auto run = sample_run();
  run.source = "manifest";
  must(fixture.ledger->begin_run(run));
  must(fixture.ledger->add(entries_of({"7", "007"})));
  must(fixture.ledger->end_intake());
  CHECK(numbers_of(fixture.lease_all({.numbers = {"007"}})) == texts{"007"});
}

TEST_CASE("choice: one number at the end of a long list, is found in one go") {
  ledger_fixture fixture;
  fixture.take_in(entries_of(count_up(1, 5000)));
  must(fixture.ledger->choose({.numbers = {"5000"}}));
  CHECK(numbers_of(must(fixture.ledger->lease(1))) == texts{"5000"});
  CHECK(must(fixture.ledger->lease(1)).empty());
}

TEST_CASE("resume: the list goes on as it was asked for, and nothing of it is read again") {
  ledger_fixture fixture;
  auto run = sample_run();
  run.listing = "what was asked";
  must(fixture.ledger->begin_run(run));
  must(fixture.ledger->add(entries_of({"1", "2", "1", "3"})));
  must(fixture.ledger->end_intake());
  must(fixture.ledger->set_listed_to("then"));
  fixture.record(outcome_of(must(fixture.ledger->lease(1))[0].po, po_status::completed));
  for (int time = 1; time <= 2; ++time) {
    fixture.reopen();
    const auto resumed = must(fixture.ledger->resume_run(at_second(1'800'000'000 + time)));
    CHECK(resumed.info.input == run.input);
    CHECK(resumed.info.source == run.source);
    CHECK(resumed.info.base_url == run.base_url);
    CHECK(resumed.info.columns == run.columns);
    CHECK(resumed.info.listing == run.listing);
    CHECK(resumed.info.started_at == at_second(1'800'000'000 + time));
    CHECK(resumed.intake.rows == 4);
    CHECK(resumed.intake.repeated == 1);
    CHECK(resumed.listed_to == "then");
    CHECK(resumed.interrupted);
    CHECK_FALSE(resumed.finished_at);
    CHECK(numbers_of(must(fixture.ledger->lease(9))) == texts{"2", "3"});
    CHECK(numbers_of(fixture.rows()) == texts{"1", "2", "3"});
    must(fixture.ledger->end_run({}));
  }
}

TEST_CASE("resume: without a list that was read to its end, is refused") {
  ledger_fixture fixture;
  CHECK(fixture.ledger->resume_run(at_second(1)).error().code == errc::ledger);
  must(fixture.ledger->begin_run(sample_run()));
  must(fixture.ledger->add(entries_of({"1"})));
  fixture.reopen();  // killed while the list was read
  CHECK(fixture.ledger->resume_run(at_second(1)).error().code == errc::ledger);
  CHECK(must(fixture.ledger->last_run()).info.started_at == sample_run().started_at);
  fixture.take_in({});
  CHECK(must(fixture.ledger->resume_run(at_second(1))).intake.rows == 0);
}

TEST_CASE("groups: with their usable POs of the present list") {
  ledger_fixture fixture;
  auto list = entries_of({"1", "2", "3", "4", "5"});
  for (const std::size_t i : {0U, 1U, 4U}) list[i].group = "Acme";
  list[2].group = "Other";
  list[4].status = po_status::invalid;
  auto before = entries_of({"9"});
  before[0].group = "Acme";
  fixture.take_in(before);
  fixture.take_in(list);
  auto groups = must(fixture.ledger->groups());
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].name + std::to_string(groups[0].orders) == "Acme2");
  CHECK(groups[1].name + std::to_string(groups[1].orders) == "Other1");
}
