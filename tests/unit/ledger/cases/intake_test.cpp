#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

namespace {

po_entry invalid_entry(std::int64_t line) {
  po_entry entry;
  entry.key = "line:" + std::to_string(line);
  entry.status = po_status::invalid;
  entry.line = line;
  entry.cells = {"N/A"};
  entry.error = make_failure(errc::input, "Line " + std::to_string(line) + " names no usable PO.");
  return entry;
}

std::string folder_of(ledger_fixture& fixture, const std::string& number) {
  for (const report_row& row : fixture.rows()) {
    if (row.outcome.po.number == number) return row.outcome.po.folder;
  }
  return "not there";
}

const po_lease& lease_of(const std::vector<po_lease>& leases, const std::string& number) {
  for (const po_lease& lease : leases) {
    if (lease.po.number == number) return lease;
  }
  throw std::runtime_error("no lease of " + number);
}

}  // namespace

TEST_CASE("intake: a list, every field of an entry comes back") {
  ledger_fixture fixture;
  po_entry entry = entry_of("123");
  entry.key = "K";
  entry.prefix = "PO";
  entry.supplier = "Müller & Søn";
  entry.group = "ACME";
  entry.folder = "Acme/123";
  entry.line = 17;
  entry.cells = {"PO123", "", "x\"y"};
  CHECK(fixture.take_in({entry}).rows == 1);
  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 1);
  const purchase_order& po = rows[0].outcome.po;
  CHECK(po.number == "123");
  CHECK(po.prefix == "PO");
  CHECK(po.supplier == "Müller & Søn");
  CHECK(po.group == "ACME");
  CHECK(po.folder == "Acme/123");
  CHECK(rows[0].line == 17);
  CHECK(rows[0].cells == entry.cells);
  CHECK(rows[0].outcome.status == po_status::pending);
  CHECK(rows[0].outcome.supplier == "Müller & Søn");
  CHECK_FALSE(rows[0].outcome.error);
}

TEST_CASE("intake: repeated keys, within one call and over several, are counted and left alone") {
  ledger_fixture fixture;
  must(fixture.ledger->begin_run(sample_run()));
  auto first = entries_of({"1", "2", "1"});
  first[0].line = 1;
  first[2].line = 3;
  must(fixture.ledger->add(first));
  must(fixture.ledger->add(entries_of({"2", "3"})));
  const auto counts = must(fixture.ledger->end_intake());
  CHECK(counts.rows == 5);
  CHECK(counts.repeated == 2);
  CHECK(counts.invalid == 0);
  CHECK(numbers_of(fixture.rows()) == std::vector<std::string>{"1", "2", "3"});
  CHECK(fixture.rows()[0].line == 1);
  const auto run = must(fixture.ledger->last_run());
  CHECK(run.intake.rows == 5);
  CHECK(run.intake.repeated == 2);
}

TEST_CASE("intake: rows without a usable PO, are kept with their reason, share no folder and want no work") {
  ledger_fixture fixture;
  const auto counts = fixture.take_in({invalid_entry(2), entry_of("1"), invalid_entry(4)});
  CHECK(counts.invalid == 2);
  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].outcome.status == po_status::invalid);
  REQUIRE(rows[0].outcome.error);
  CHECK(rows[0].outcome.error->code == errc::input);
  CHECK(rows[0].outcome.error->message == "Line 2 names no usable PO.");
  CHECK(rows[2].line == 4);
  CHECK(numbers_of(fixture.lease_all()) == std::vector<std::string>{"1"});
}

TEST_CASE("intake: second list, order and rows are its own, states are kept by key") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  auto leases = fixture.lease_all();
  auto done =
      outcome_of(leases[1].po, po_status::completed, {attachment_of("a", attachment_status::completed)});
  done.supplier = "Found GmbH";
  done.url = "https://acme.coupahost.com/order_headers/2";
  fixture.record(done);

  auto second = entries_of({"3", "4", "2"});
  second[2].line = 30;
  second[2].supplier = "List Ltd";
  second[2].cells = {"two"};
  fixture.take_in(second);
  const auto rows = fixture.rows();
  CHECK(numbers_of(rows) == std::vector<std::string>{"3", "4", "2"});
  const report_row& row = rows[2];
  CHECK(row.line == 30);
  CHECK(row.cells == std::vector<std::string>{"two"});
  CHECK(row.outcome.status == po_status::completed);
  CHECK(row.outcome.supplier == "Found GmbH");
  CHECK(row.outcome.po.supplier == "List Ltd");
  CHECK(row.outcome.url == done.url);
  CHECK(row.attachments_downloaded == 1);
  CHECK(row.outcome.attachments.size() == 1);
  CHECK(must(fixture.ledger->totals()).purchase_orders == 3);
  // One that is back in a third list is known again.
  fixture.take_in(entries_of({"1", "2"}));
  CHECK(fixture.rows()[1].outcome.status == po_status::completed);
}

TEST_CASE("intake: a row that becomes usable, or ceases to be, changes its state") {
  ledger_fixture fixture;
  auto bad = invalid_entry(2);
  fixture.take_in({bad});
  auto good = entry_of("5");
  good.key = bad.key;
  fixture.take_in({good});
  CHECK(fixture.rows()[0].outcome.status == po_status::pending);
  CHECK_FALSE(fixture.rows()[0].outcome.error);
  CHECK(fixture.rows()[0].outcome.po.folder == "5");
  fixture.take_in({bad});
  CHECK(fixture.rows()[0].outcome.status == po_status::invalid);
  CHECK(fixture.rows()[0].outcome.error);
}

TEST_CASE("intake: an invalid row with another reason, shows the new one") {
  ledger_fixture fixture;
  auto bad = invalid_entry(2);
  fixture.take_in({bad});
  bad.error->message = "another reason";
  fixture.take_in({bad});
  CHECK(fixture.rows()[0].outcome.error->message == "another reason");
}

TEST_CASE("intake: equal folders of different POs, the later one gets a number") {
  ledger_fixture fixture;
  fixture.take_in({entry_in("1", "Acme/x"), entry_in("2", "acme/X"), entry_in("3", "Acme/x (2)"),
                   entry_in("4", "Acme/x"), entry_in("5", "PO-É"), entry_in("6", "po-é")});
  std::vector<std::string> folders;
  for (const report_row& row : fixture.rows()) folders.push_back(row.outcome.po.folder);
  CHECK(folders ==
        std::vector<std::string>{"Acme/x", "acme/X (2)", "Acme/x (2) (2)", "Acme/x (3)", "PO-É", "po-é (2)"});
}

TEST_CASE("intake: the same list again, also in another order, keeps every folder") {
  ledger_fixture fixture;
  std::vector<po_entry> entries = {entry_in("1", "same"), entry_in("2", "same"), entry_in("3", "same")};
  fixture.take_in(entries);
  std::swap(entries[0], entries[2]);
  fixture.take_in(entries);
  CHECK(folder_of(fixture, "1") == "same");
  CHECK(folder_of(fixture, "2") == "same (2)");
  CHECK(folder_of(fixture, "3") == "same (3)");
}

TEST_CASE("intake: another folder in a later list, is taken unless files are in the old one") {
  struct row {
    attachment_status status;
    const char* expected;
  };
  const row rows[] = {
      {attachment_status::pending, "new"},   {attachment_status::committing, "old"},
      {attachment_status::completed, "old"}, {attachment_status::failed, "new"},
      {attachment_status::excluded, "new"},
  };
  for (const row& r : rows) {
    CAPTURE(static_cast<int>(r.status));
    ledger_fixture fixture;
    fixture.take_in({entry_in("1", "old")});
    fixture.record(outcome_of(fixture.lease_all()[0].po, po_status::partial, {attachment_of("a", r.status)}));
    fixture.take_in({entry_in("1", "new")});
    CHECK(folder_of(fixture, "1") == r.expected);
  }
}

TEST_CASE("intake: a PO that keeps its folder, the name stays taken for others") {
  ledger_fixture fixture;
  fixture.take_in({entry_in("1", "a")});
  fixture.record(outcome_of(fixture.lease_all()[0].po, po_status::completed,
                            {attachment_of("x", attachment_status::completed)}));
  fixture.take_in({entry_in("2", "a")});
  CHECK(folder_of(fixture, "2") == "a (2)");
}

TEST_CASE("intake: killed in the middle, the next run starts over and keeps what was done") {
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  const auto leases = fixture.lease_all();
  fixture.record(outcome_of(lease_of(leases, "3").po, po_status::no_attachments));
  must(fixture.ledger->begin_run(sample_run()));
  must(fixture.ledger->add(entries_of({"3"})));
  fixture.reopen();
  CHECK(must(fixture.ledger->last_run()).interrupted);
  const auto counts = fixture.take_in(entries_of({"1", "2", "3"}));
  CHECK(counts.rows == 3);
  CHECK(counts.repeated == 0);
  CHECK(numbers_of(fixture.rows()) == std::vector<std::string>{"1", "2", "3"});
  CHECK(numbers_of(fixture.lease_all()) == std::vector<std::string>{"1", "2"});
}

TEST_CASE("intake: before a run was begun, is refused") {
  ledger_fixture fixture;
  const auto added = fixture.ledger->add(entries_of({"1"}));
  REQUIRE_FALSE(added);
  CHECK(added.error().code == errc::ledger);
  CHECK_FALSE(fixture.ledger->end_intake());
  CHECK_FALSE(fixture.ledger->last_run());
  CHECK(must(fixture.ledger->totals()).purchase_orders == 0);
}

TEST_CASE("intake: texts with any bytes, come back as they are") {
  ledger_fixture fixture;
  po_entry entry = entry_of(std::string("nul\0and \xff bytes '\";--", 21));
  entry.cells = {std::string("\0", 1), "\xff"};
  fixture.take_in({entry, entry_of("nul")});
  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].outcome.po.number == entry.number);
  CHECK(rows[0].cells == entry.cells);
}
