#include "core/name_allocator.hpp"

#include "core/file_name.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using pofetch::core::name_allocator;

TEST_CASE("name_allocator: equal names, numbered in order") {
  name_allocator names;
  CHECK(names.allocate("name.pdf") == "name.pdf");
  CHECK(names.allocate("name.pdf") == "name (2).pdf");
  CHECK(names.allocate("name.pdf") == "name (3).pdf");
  CHECK(names.allocate("other.pdf") == "other.pdf");
}

TEST_CASE("name_allocator: names equal but for case and Unicode form, numbered") {
  name_allocator names;
  CHECK(names.allocate("Name.PDF") == "Name.PDF");
  CHECK(names.allocate("name.pdf") == "name (2).pdf");
  CHECK(names.allocate("\u00C9t\u00E9") == "\u00C9t\u00E9");
  CHECK(names.allocate("e\u0301te\u0301") == "e\u0301te\u0301 (2)");
  CHECK(names.allocate("Straße") == "Straße");
  CHECK(names.allocate("STRASSE") == "STRASSE (2)");
}

TEST_CASE("name_allocator: a name that has a number by itself, kept apart") {
  name_allocator names;
  CHECK(names.allocate("a (2).pdf") == "a (2).pdf");
  CHECK(names.allocate("a.pdf") == "a.pdf");
  CHECK(names.allocate("a.pdf") == "a (3).pdf");
  CHECK(names.allocate("A (2).pdf") == "A (2) (2).pdf");
}

TEST_CASE("name_allocator: names in the folder before, never given") {
  const std::vector<std::string> taken{"Bill.pdf", "bill (2).PDF"};
  name_allocator names(taken);
  CHECK(names.is_taken("BILL.pdf"));
  CHECK_FALSE(names.is_taken("bill (3).pdf"));
  CHECK(names.allocate("bill.pdf") == "bill (3).pdf");
  CHECK(names.reserve("x.pdf"));
  CHECK_FALSE(names.reserve("X.pdf"));
  CHECK(names.allocate("x.pdf") == "x (2).pdf");
}

TEST_CASE("name_allocator: three thousand of one long name, all different and within bounds") {
  name_allocator names;
  std::set<std::string> given;
  const std::string wanted = std::string(251, 'a') + ".pdf";
  for (int i = 0; i < 3'000; ++i) {
    const std::string name = names.allocate(wanted);
    CHECK_MESSAGE(name.size() <= pofetch::core::max_name_bytes, name);
    given.insert(name);
  }
  CHECK(given.size() == 3'000);
}

TEST_CASE("name_allocator: a file system that takes less, numbers within that") {
  const std::vector<std::string> taken{std::string(139, 'a') + ".pdf"};
  name_allocator names(taken, 143);
  CHECK(names.allocate(std::string(139, 'A') + ".pdf") == std::string(135, 'A') + " (2).pdf");
  CHECK(names.allocate(std::string(139, 'a') + ".pdf") == std::string(135, 'a') + " (3).pdf");
}
