#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

namespace {

attachment_record file_of(std::string key, attachment_status status, std::uint64_t bytes, char digest) {
  attachment_record record = attachment_of(std::move(key), status, bytes);
  if (digest != ' ') record.sha256 = std::string(64, digest);
  return record;
}

}  // namespace

TEST_CASE("each_copy: completed attachments with size and digest of an earlier one, each once") {
  constexpr auto whole = attachment_status::completed;
  ledger_fixture fixture;
  fixture.take_in(entries_of({"1", "2", "3"}));
  const auto leases = fixture.lease_all();
  fixture.record(outcome_of(leases[0].po, po_status::completed,
                            {file_of("a", whole, 5, 'a'), file_of("b", whole, 5, 'b'),
                             file_of("c", whole, 0, 'c'), file_of("d", whole, 7, ' ')}));
  fixture.record(
      outcome_of(leases[1].po, po_status::partial,
                 {file_of("a", whole, 5, 'a'), file_of("b", attachment_status::failed, 5, 'b'),
                  file_of("c", whole, 0, 'c'), file_of("d", whole, 7, ' '), file_of("e", whole, 6, 'a')}));
  fixture.record(outcome_of(leases[2].po, po_status::completed, {file_of("z", whole, 5, 'a')}));

  std::vector<std::string> seen;
  auto visit = [&](const same_content& both) -> result<void> {
    REQUIRE(both.other.known.size() == 1);
    seen.push_back(both.folder + "/" + both.first.key + " " + both.other.po.folder + "/" +
                   both.other.known.front().key);
    // A visit may write what it is given.
    po_lease fix = both.other;
    fix.known.front().mtime_ns = 77;
    CHECK(must(fixture.ledger->amend(std::vector<po_lease>{fix})).empty());
    return {};
  };
  must(fixture.ledger->each_copy(visit));
  CHECK(seen == std::vector<std::string>{"1/a 2/a", "1/a 3/z"});
  CHECK(fixture.rows()[2].outcome.attachments[0].mtime_ns == 77);

  seen.clear();
  const auto stopped = fixture.ledger->each_copy(
      [&](const same_content&) -> result<void> { return make_failure(errc::disk, "enough"); });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().message == "enough");
  must(fixture.ledger->each_copy(visit));
  CHECK(seen.size() == 2);
}
