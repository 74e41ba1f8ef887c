#include "ledger/folder_names.hpp"

#include "ledger/ledger_file.hpp"
#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("numbered folder: the number goes to the last level, within 255 bytes") {
  struct row {
    std::string folder;
    std::size_t number;
    std::string expected;
  };
  const std::string long_level(255, 'x');
  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 127; ++i) text += "ü";
    return text;
  }();
  const row rows[] = {
      {"123", 2, "123 (2)"},
      {"Acme/123", 12, "Acme/123 (12)"},
      {"a.b", 2, "a.b (2)"},
      {long_level, 2, std::string(251, 'x') + " (2)"},
      {"Acme/" + long_level, 1000, "Acme/" + std::string(248, 'x') + " (1000)"},
      // 251 bytes would cut an umlaut in two.
      {umlauts, 2, umlauts.substr(0, 250) + " (2)"},
  };
  for (const row& r : rows) {
    CAPTURE(r.folder);
    CHECK(sqlite::numbered_folder(r.folder, r.number) == r.expected);
  }
}

TEST_CASE("folder key: case, also of letters beyond ASCII, makes no difference") {
  CHECK(sqlite::folder_key("Acme/PO-É") == sqlite::folder_key("ACME/po-é"));
  CHECK(sqlite::folder_key("a/b") != sqlite::folder_key("a_b"));
}

TEST_CASE("free folder: many POs want the same one, numbers are given without a gap") {
  ledger_fixture fixture;
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
