#include "sources/html/page_text.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {

TEST_CASE("collapse_space: white space becomes one space") {
  CHECK(collapse_space("  a \n\t b\xC2\xA0\xC2\xA0"
                       "c ",
                       100) == "a b c");
  CHECK(collapse_space("\xC2\xA9 x", 100) == "\xC2\xA9 x");
  CHECK(collapse_space("", 100) == "");
  CHECK(collapse_space("   ", 100) == "");
}

TEST_CASE("collapse_space: cut between characters") {
  CHECK(collapse_space("ab\xC3\xA9\xC3\xA9", 5) == "ab\xC3\xA9");
  CHECK(collapse_space("ab\xE2\x82\xAC", 3) == "ab");
  CHECK(collapse_space("abcdef", 3) == "abc");
}

TEST_CASE("page_text: pieces of any size") {
  const std::string_view text = " a\xC2\xA0 \xC3\xA9  b\xC2\xA9 ";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    page_text made(100);
    made.append(text.substr(0, at));
    made.append(text.substr(at));
    CHECK(made.str() == "a \xC3\xA9 b\xC2\xA9");
  }
  page_text words(100);
  words.append("a");
  words.separate();
  words.append("b");
  CHECK(words.str() == "a b");
}

TEST_CASE("quote_for_message: one line, bounded, without secrets") {
  CHECK(quote_for_message("a\r\n\x1b[31mb\x7f") == "a [31mb");
  CHECK(quote_for_message(std::string(1000, 'x')).size() == 120);
  CHECK(quote_for_message("see https://a.example/?token=hush").find("hush") == std::string::npos);
}

}  // namespace pofetch::sources
