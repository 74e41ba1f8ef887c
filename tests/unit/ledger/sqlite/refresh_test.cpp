#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("schema 3: a ledger of version 2 is read as one that was never looked at") {
  temp_dir dir;
  const auto file = dir / "ledger.db";
  {
    file_fixture now;
    now.take_in(entries_of({"1"}));
    now.record(outcome_of(now.lease_all()[0].po, po_status::completed,
                          {attachment_of("a", attachment_status::completed)}));
    now.ledger.reset();
    std::filesystem::copy_file(now.file, file);
  }
  for (const char* sql :
       {"ALTER TABLE runs DROP COLUMN taken_in", "DROP TABLE listed_attachments",
        "ALTER TABLE runs DROP COLUMN list", "ALTER TABLE runs DROP COLUMN listing",
        "ALTER TABLE runs DROP COLUMN listed_to", "ALTER TABLE purchase_orders DROP COLUMN last_checked",
        "ALTER TABLE purchase_orders DROP COLUMN updated_at",
        "ALTER TABLE purchase_orders DROP COLUMN changed", "ALTER TABLE purchase_orders DROP COLUMN pages",
        "ALTER TABLE attachments DROP COLUMN validator", "ALTER TABLE attachments DROP COLUMN listed_at",
        "ALTER TABLE attachments DROP COLUMN flags", "PRAGMA user_version = 2"})
    run_raw(file, sql);
  auto ledger = must(sqlite_ledger::open(file, open_mode::read_write_create, false));
  must(ledger->begin_run(sample_run()));
  must(ledger->add(entries_of({"1"})));
  must(ledger->end_intake());
  const auto facts = must(ledger->begin_refresh({at_second(5), false}));
  CHECK(facts.orders() == 1);
  CHECK_FALSE(facts.oldest);
  const auto leases = must(ledger->lease(10));
  REQUIRE(leases.size() == 1);
  REQUIRE(leases[0].known.size() == 1);
  CHECK(leases[0].known[0].validator.empty());
  CHECK_FALSE(leases[0].known[0].gone);
}
