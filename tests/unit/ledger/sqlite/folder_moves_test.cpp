#include "ledger/sqlite/folder_moves.hpp"

#include "ledger/sqlite/database.hpp"
#include "ledger/sqlite/ledger_file.hpp"
#include "ledger/sqlite/migration.hpp"
#include "ledger/sqlite/schema.hpp"
#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("format 1: a ledger without names by status, is brought up to date and goes on") {
  temp_dir dir;
  const auto file = dir / "ledger.db";
  {
    auto old = must(sqlite::database::open(file, sqlite::access::create));
    must(old.execute(("PRAGMA application_id = " + std::to_string(sqlite::application_id)).c_str()));
    must(sqlite::migrate(old, sqlite::schema_migrations().first(1)));
    must(old.execute(
        "INSERT INTO runs (input, source, base_url, columns, started_at) VALUES ('l', 'web', '', '[]', 0);"
        "INSERT INTO purchase_orders (key, generation, position, line, number, prefix, supplier, "
        "breaker_group, "
        "cells, folder, folder_key, status, attachments_downloaded) "
        "VALUES ('7', 1, 1, 1, '7', '', '', '', '[]', '7', '7', 1, 1)"));
  }
  auto ledger = must(sqlite_ledger::open(file, open_mode::read_write_create));
  const auto moves = must(ledger->misnamed(true, 10));
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].to == "7_COMPLETED");
}
