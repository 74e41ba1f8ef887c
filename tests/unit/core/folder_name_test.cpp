#include "core/folder_name.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace pofetch;

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
    CHECK(core::numbered_folder(r.folder, r.number) == r.expected);
  }
}

TEST_CASE("folder key: case, also of letters beyond ASCII, makes no difference") {
  CHECK(core::folder_key("Acme/PO-É") == core::folder_key("ACME/po-é"));
  CHECK(core::folder_key("a/b") != core::folder_key("a_b"));
}

TEST_CASE("folder with status: the last level is cut, never the status or the number behind it") {
  const std::string long_level(255, 'x');
  CHECK(core::folder_with_status("Acme/7", po_status::completed) == "Acme/7_COMPLETED");
  const std::string named = core::folder_with_status("Acme/" + long_level, po_status::no_attachments);
  CHECK(named.ends_with("x_NO_ATTACHMENTS"));
  CHECK(named.size() <= 5 + 255);
  CHECK(core::numbered_folder(named, 999'999) == named + " (999999)");
}

TEST_CASE("first free folder: numbers are given without a gap, and few are asked for") {
  std::set<std::string> taken{"a"};
  for (int i = 2; i <= 1000; ++i) taken.insert("a (" + std::to_string(i) + ")");
  std::size_t asked = 0;
  const auto is_free = [&](const std::string& folder) -> result<bool> {
    ++asked;
    return taken.count(folder) == 0;
  };
  CHECK(core::first_free_folder("b", is_free).value() == "b");
  asked = 0;
  CHECK(core::first_free_folder("a", is_free).value() == "a (1001)");
  CHECK(asked < 30);
  const auto failed = core::first_free_folder(
      "a", [](const std::string&) -> result<bool> { return make_failure(errc::disk, "broken"); });
  REQUIRE(failed.has_error());
  CHECK(failed.error().code == errc::disk);
}
