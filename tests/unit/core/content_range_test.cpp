#include "core/content_range.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;

TEST_CASE("content_range: parts") {
  const auto part = parse_content_range("bytes 5-9/10");
  REQUIRE(part.has_value());
  CHECK(part->first == 5);
  CHECK(part->last == 9);
  CHECK(part->total == 10U);
  const auto open = parse_content_range(" Bytes 0-0/* ");
  REQUIRE(open.has_value());
  CHECK(open->last == 0);
  CHECK_FALSE(open->total.has_value());
  CHECK(parse_content_range("bytes 0-18446744073709551614/18446744073709551615").has_value());
}

TEST_CASE("content_range: malformed, nothing") {
  for (const auto* text : {"", "bytes", "bytes ", "bytes */10", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10",
                           "bytes -9/10", "bytes 5-/10", "bytes 5-9/", "items 5-9/10", "bytes 5 - 9/10",
                           "bytes a-b/c", "bytes 0-99999999999999999999/*", "bytes 5-9/10, bytes 11-12/20",
                           "bytes5-9/10", "5-9/10", "bytes 5/9-10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_content_range(text).has_value());
  }
}

TEST_CASE("content_range: length of a 416") {
  CHECK(unsatisfied_length("bytes */47022") == 47022U);
  CHECK_FALSE(unsatisfied_length("bytes 0-1/2").has_value());
  CHECK_FALSE(unsatisfied_length("bytes */*").has_value());
}

TEST_CASE("content_range: strong entity-tags (RFC 9110 8.8.3)") {
  CHECK(strong_etag(" \"xyzzy\" ") == "\"xyzzy\"");
  CHECK(is_strong_etag("\"\""));
  CHECK(is_strong_etag("\"a\xE9\""));
  for (const auto* text : {"", "W/\"xyzzy\"", "w/\"x\"", "xyzzy", "\"", "\"a", "a\"", "\"a\"b\"", "\"a b\"",
                           "\"a\rb\"", "'a'"}) {
    CAPTURE(text);
    CHECK_FALSE(is_strong_etag(text));
    CHECK(strong_etag(text).empty());
  }
}
