#include "ledger/sqlite/intake.hpp"

#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

namespace {

/// An entry as lists give them from 0.1.1 on: the key is the number without leading zeros.
po_entry united_entry(const std::string& number) {
  po_entry entry = entry_of(number);
  entry.key = number.substr(number.find_first_not_of('0'));
  return entry;
}

/// A ledger as 0.1.0 left it: these numbers, keys as written, all with a file.
void fill_as_before(file_fixture& fixture, const std::vector<std::string>& numbers) {
  fixture.take_in(entries_of(numbers));
  for (const po_lease& lease : must(fixture.ledger->lease(10)))
    fixture.record(
        outcome_of(lease.po, po_status::completed, {attachment_of("a", attachment_status::completed)}));
}

}  // namespace

TEST_CASE("intake: leading zeros, one order whatever a ledger of before called it") {
  struct zero_case {
    const char* slug;
    std::vector<std::string> before;
    std::vector<std::string> list;
    std::vector<std::string> numbers;
    std::vector<std::string> folders;
    std::uint64_t repeated;
  };
  for (const zero_case& one :
       {zero_case{"with, then with", {"0012"}, {"0012"}, {"0012"}, {"0012"}, 0},
        {"with, then without", {"0012"}, {"12"}, {"12"}, {"0012"}, 0},
        {"with, then both", {"0012"}, {"12", "0012"}, {"12"}, {"0012"}, 1},
        {"with, then more of them", {"0012"}, {"00012"}, {"00012"}, {"0012"}, 0},
        {"without, then with", {"12"}, {"0012"}, {"0012"}, {"12"}, 0},
        {"both, then with", {"0012", "12"}, {"0012"}, {"0012"}, {"12"}, 0},
        {"others", {"012", "120", "1200"}, {"120", "1200"}, {"120", "1200"}, {"120", "1200"}, 0}}) {
    CAPTURE(one.slug);
    file_fixture fixture;
    fill_as_before(fixture, one.before);
    std::vector<po_entry> entries;
    for (const std::string& number : one.list) entries.push_back(united_entry(number));
    CHECK(fixture.take_in(entries).repeated == one.repeated);
    std::vector<std::string> numbers;
    std::vector<std::string> folders;
    for (const report_row& row : fixture.rows()) {
      numbers.push_back(row.outcome.po.number);
      folders.push_back(row.outcome.po.folder);
      CHECK(row.outcome.status == po_status::completed);
    }
    CHECK(numbers == one.numbers);
    CHECK(folders == one.folders);
  }
}

TEST_CASE("intake: a manifest's orders are texts, zeros and all") {
  file_fixture fixture;
  fill_as_before(fixture, {"0012"});
  run_info info = sample_run();
  info.source = "manifest";
  must(fixture.ledger->begin_run(info));
  must(fixture.ledger->add(entries_of({"0012", "12"})));
  CHECK(must(fixture.ledger->end_intake()).repeated == 0);
  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].outcome.status == po_status::completed);
  CHECK(rows[1].outcome.status == po_status::pending);
}
