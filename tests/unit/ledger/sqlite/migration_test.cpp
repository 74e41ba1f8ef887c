#include "ledger/sqlite/migration.hpp"

#include "ledger/sqlite/schema.hpp"
#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;
using sqlite::database;
using sqlite::migration;

namespace {

constexpr migration three_steps[] = {
    {1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)"},
    {2, "ALTER TABLE a ADD COLUMN y DEFAULT 5"},
    {3, "UPDATE a SET y = y + 1"},
};

}  // namespace

TEST_CASE("migrate: file of any older version, has every later step exactly once") {
  for (std::size_t had = 0; had <= 3; ++had) {
    CAPTURE(had);
    auto db = must(database::open_temporary());
    must(sqlite::migrate(db, std::span(three_steps).first(had)));
    CHECK(must(sqlite::format_version(db)) == static_cast<int>(had));
    must(sqlite::migrate(db, three_steps));
    must(sqlite::migrate(db, three_steps));
    CHECK(must(sqlite::format_version(db)) == 3);
    CHECK(must(db.number("SELECT y FROM a")) == 6);
    CHECK(must(db.number("SELECT count(*) FROM a")) == 1);
  }
}

TEST_CASE("migrate: a step fails, the file stays at the version before it") {
  auto db = must(database::open_temporary());
  const migration steps[] = {three_steps[0],
                             {2, "INSERT INTO a VALUES (2); INSERT INTO no_such_table VALUES (1)"}};
  const auto done = sqlite::migrate(db, steps);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::ledger);
  CHECK(must(sqlite::format_version(db)) == 1);
  CHECK(must(db.number("SELECT count(*) FROM a")) == 1);
  CHECK_FALSE(db.in_transaction());
}

TEST_CASE("migrate: a version that no step leads to, is refused") {
  auto db = must(database::open_temporary());
  must(db.execute("PRAGMA user_version = 4"));
  const auto newer = sqlite::migrate(db, three_steps);
  REQUIRE_FALSE(newer);
  CHECK(newer.error().code == errc::ledger);
  CHECK(newer.error().message.find("newer pofetch") != std::string::npos);
  must(db.execute("PRAGMA user_version = -1"));
  CHECK_FALSE(sqlite::migrate(db, three_steps));
}

TEST_CASE("schema: steps are numbered 1, 2, ... up to the version that is written") {
  int expected = 1;
  for (const migration& step : sqlite::schema_migrations()) CHECK(step.to == expected++);
  CHECK(expected - 1 == sqlite::schema_version);
}

TEST_CASE("schema 4: whether a list of an older ledger was read to its end, shows by what it left") {
  struct row {
    const char* run;
    bool whole;
  };
  const row rows[] = {
      {"intake_rows = 1", true},                        // killed at work
      {"finished_at = 5", true},                        // of an empty list
      {"intake_rows = 1, source = 'manifest'", false},  // its lines are not there
      {"intake_rows = 0", false},                       // killed while the list was read
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.run));
    file_fixture fixture;
    fixture.take_in(entries_of({"1"}));
    fixture.ledger.reset();
    run_raw(fixture.file,
            "ALTER TABLE runs DROP COLUMN taken_in; DROP TABLE listed_attachments; PRAGMA user_version = 3;"
            "UPDATE runs SET intake_rows = 0");
    run_raw(fixture.file, ("UPDATE runs SET " + std::string(each.run)).c_str());
    fixture.reopen();
    CHECK(fixture.ledger->resume_run(at_second(1)).has_value() == each.whole);
  }
}
