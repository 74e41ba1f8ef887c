#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("record and intend: what is done and the names to come are written together, or neither") {
  file_fixture fixture;
  fixture.take_in(entries_of({"1", "2"}));
  const auto leases = fixture.lease_all();
  const std::vector<po_outcome> done = {
      outcome_of(leases[0].po, po_status::completed, {attachment_of("a", attachment_status::completed)})};
  const std::vector<po_outcome> next = {
      outcome_of(leases[1].po, po_status::completed, {attachment_of("b", attachment_status::committing)})};
  run_raw(fixture.file,
          "CREATE TRIGGER t BEFORE INSERT ON open_intents BEGIN SELECT RAISE(FAIL, 'refused'); END");
  CHECK_FALSE(fixture.ledger->record_and_intend(done, next));
  CHECK(fixture.rows()[0].outcome.status == po_status::pending);
  CHECK(fixture.with(attachment_status::completed).empty());
  run_raw(fixture.file, "DROP TRIGGER t");
  CHECK(must(fixture.ledger->record_and_intend(done, next)).empty());
  CHECK(fixture.rows()[0].outcome.status == po_status::completed);
  CHECK(fixture.rows()[1].outcome.status == po_status::pending);
  CHECK(numbers_of(fixture.with(attachment_status::committing)) == std::vector<std::string>{"2"});
}
