#include "core/glob.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::glob_match;

TEST_CASE("glob: patterns") {
  struct row {
    std::string pattern;
    std::string name;
    bool expected;
  };
  const row rows[] = {
      {"*.pdf", "a.pdf", true},
      {"*.pdf", "A.PDF", true},
      {"*.PDF", "a.pdf", true},
      {"*.pdf", "a.pdfx", false},
      {"*.pdf", ".pdf", true},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"?", "é", true},
      {"?", "", false},
      {"?", "ab", false},
      {"a?c", "abc", true},
      {"É*", "école.txt", true},
      {"*b*c", "abbbc", true},
      {"*b*c", "abbbd", false},
      {"a*b*c*d", "aXbXcXd", true},
      {"**a", "a", true},
      {"a**", "a", true},
      {"[abc].txt", "b.txt", true},
      {"[abc].txt", "d.txt", false},
      {"[a-c]", "B", true},
      {"[!a-c]", "d", true},
      {"[!a-c]", "b", false},
      {"[^a]", "b", true},
      {"[]]", "]", true},
      {"[!]]", "a", true},
      {"[a", "[a", true},
      {"[", "[", true},
      {"[!", "[!", true},
      {"[a-]", "-", true},
      {"[*]", "*", true},
      {"[*]", "a", false},
      {"invoice*[0-9].pdf", "Invoice 12.pdf", true},
      {"[]", "[]", true},
      {"a.b", "axb", false},
      {"*[ab]", "xxb", true},
  };
  for (const auto& r : rows) {
    CAPTURE(r.pattern);
    CAPTURE(r.name);
    CHECK(glob_match(r.pattern, r.name) == r.expected);
  }
}

TEST_CASE("glob: many stars, no explosion") {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "*a";
  CHECK_FALSE(glob_match(pattern + "b", std::string(250, 'a')));
  CHECK(glob_match(pattern, std::string(250, 'a')));
}
