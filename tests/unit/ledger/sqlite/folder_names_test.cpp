#include "ledger/sqlite/folder_names.hpp"

#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("free folder: many POs want the same one, numbers are given without a gap") {
  file_fixture fixture;
  std::vector<po_entry> entries;
  for (int i = 1; i <= 300; ++i) entries.push_back(entry_in(std::to_string(i), i % 2 == 0 ? "Same" : "same"));
  fixture.take_in(entries);
  const auto rows = fixture.rows();
  REQUIRE(rows.size() == 300);
  CHECK(rows[0].outcome.po.folder == "same");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string expected = (i % 2 == 1 ? "Same (" : "same (") + std::to_string(i + 1) + ")";
    CHECK(rows[i].outcome.po.folder == expected);
  }
}
