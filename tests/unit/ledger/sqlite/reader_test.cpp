#include "ledger/sqlite/reader.hpp"

#include "ledger/sqlite/database.hpp"
#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("reading: a damaged index that gives rows backwards, is a failure and no loop without end") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  for (const po_lease& lease : fixture.lease_all())
    fixture.record(outcome_of(lease.po, po_status::partial, {attachment_of("a", attachment_status::failed)}));
  fixture.ledger.reset();
  // By a connection without our own precautions.
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(fixture.file.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db,
                     "DROP INDEX purchase_orders_in_list;"
                     "CREATE INDEX purchase_orders_in_list ON purchase_orders (generation, position DESC);"
                     "PRAGMA writable_schema = ON;"
                     "UPDATE sqlite_schema SET sql = replace(sql, ' DESC', '')",
                     nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(db) == SQLITE_OK);
  fixture.ledger = must(sqlite_ledger::open(fixture.file, open_mode::read_write_create, false));
  std::size_t visits = 0;
  const auto visited = fixture.ledger->each([&](const report_row&) -> result<void> {
    REQUIRE(++visits < 10);
    return {};
  });
  const auto leased = fixture.ledger->lease(10);
  REQUIRE_FALSE(visited);
  REQUIRE_FALSE(leased);
  for (const failure& why : {visited.error(), leased.error()}) {
    CHECK(why.code == errc::ledger);
    CHECK(why.message.find("do not come in their order") != std::string::npos);
  }
}

TEST_CASE("reading: times that no clock can show, are the nearest one that it can") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  using time_point = std::chrono::system_clock::time_point;
  const std::pair<const char*, time_point> times[] = {
      {"UPDATE runs SET started_at = 9223372036854775807", time_point::max()},
      {"UPDATE runs SET started_at = -9223372036854775808", time_point::min()},
  };
  for (const auto& [sql, expected] : times) {
    must(must(sqlite::database::open(fixture.file, sqlite::access::read_write)).execute(sql));
    const auto distance = must(fixture.ledger->last_run()).info.started_at - expected;
    CHECK(std::chrono::abs(distance) < std::chrono::milliseconds(1));
  }
}

TEST_CASE("reading: values that no run has written, are failures that say what is damaged") {
  struct row {
    const char* sql;
    const char* expected;
  };
  const row rows[] = {
      {"UPDATE purchase_orders SET status = 8", "8 is not the number of a state of a purchase order"},
      {"UPDATE purchase_orders SET status = -1", "-1 is not the number of a state of a purchase order"},
      {"UPDATE attachments SET status = 5", "5 is not the number of a state of an attachment"},
      {"UPDATE attachments SET status = -1", "-1 is not the number of a state of an attachment"},
      {"UPDATE purchase_orders SET cells = '[1]'", "a row's cells are expected"},
      {"UPDATE runs SET columns = ''", "a row's cells are expected"},
  };
  for (const row& r : rows) {
    CAPTURE(r.sql);
    file_fixture fixture;
    fixture.take_in(entries_of({"1", "2"}));
    for (const po_lease& lease : fixture.lease_all())
      fixture.record(
          outcome_of(lease.po, po_status::partial, {attachment_of("a", attachment_status::failed)}));
    must(must(sqlite::database::open(fixture.file, sqlite::access::read_write)).execute(r.sql));
    std::string said;
    const auto hear = [&said](const auto& came) {
      if (!came) said += came.error().message;
    };
    const auto ignore = [](const auto&) -> result<void> { return {}; };
    hear(fixture.ledger->each(ignore));
    hear(fixture.ledger->last_run());
    CHECK(said.find(r.expected) != std::string::npos);
  }
}

TEST_CASE("each_with, lease: an attachment in no known state, is a failure there, too") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1"}));
  fixture.record(outcome_of(
      fixture.lease_all()[0].po, po_status::partial,
      {attachment_of("a", attachment_status::failed), attachment_of("b", attachment_status::failed)}));
  fixture.reopen();
  must(must(sqlite::database::open(fixture.file, sqlite::access::read_write))
           .execute("UPDATE attachments SET status = 77 WHERE key = 'b'"));
  const auto ignore = [](const po_lease&) -> result<void> { return {}; };
  CHECK_FALSE(fixture.ledger->each_with(attachment_status::failed, ignore));
  CHECK_FALSE(fixture.ledger->lease(1));
}

TEST_CASE("each_with: an attachment whose PO is gone, is passed over") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  for (const po_lease& lease : fixture.lease_all())
    fixture.record(outcome_of(lease.po, po_status::partial, {attachment_of("a", attachment_status::failed)}));
  must(must(sqlite::database::open(fixture.file, sqlite::access::read_write))
           .execute("DELETE FROM purchase_orders WHERE number = '1'"));
  CHECK(numbers_of(fixture.with(attachment_status::failed)) == std::vector<std::string>{"2"});
}
