#include "objects/xml_text.hpp"

#include <doctest/doctest.h>

using namespace pofetch::objects;

TEST_CASE("error bodies: the word, and nothing of what else stands there") {
  CHECK(error_word("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Key>k</Key></Error>") ==
        "NoSuchKey");
  CHECK(error_word("<Error xmlns='x'><Code  >SlowDown</Code></Error>") == "SlowDown");
  for (const char* body :
       {"", "no XML at all", "<Code>", "<Code>a b</Code>", "<Coder>x</Coder>", "<Code>\x1b[2J</Code>"})
    CHECK_MESSAGE(error_word(body).empty(), body);
}

TEST_CASE("elements: text with its entities undone, each of a list") {
  CHECK(element_text("<a><Key>x &amp;amp; &lt;y&gt; &quot;&apos;</Key></a>", "Key") == "x &amp; <y> \"'");
  const auto all = elements("<L><C><Key>1</Key></C><C><Key>2</Key></C><C>", "C");
  REQUIRE(all.size() == 2);
  CHECK(element_text(all[1], "Key") == "2");
}
