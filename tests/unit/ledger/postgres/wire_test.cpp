#include "ledger/postgres/wire.hpp"

#include <doctest/doctest.h>

using namespace pofetch;

TEST_CASE("wire: any bytes come back, and what goes is UTF-8 without a zero") {
  struct row {
    std::string text;
    std::string wire;
  };
  const row rows[] = {
      {"", ""},
      {"plain, é 漢 🎉", "plain, é 漢 🎉"},
      {std::string("a\0b", 3),
       "a\x1a"
       "00b"},
      {"\xff\xfe",
       "\x1a"
       "ff\x1a"
       "fe"},
      {"\x1a"
       "41",
       "\x1a"
       "1a41"},
      {"\xc3",
       "\x1a"
       "c3"},  // ends too early
      {"\xc0\x80",
       "\x1a"
       "c0\x1a"
       "80"},  // longer than need be
      {"\xed\xa0\x80",
       "\x1a"
       "ed\x1a"
       "a0\x1a"
       "80"},  // half of a pair
      {"\xf4\x90\x80\x80",
       "\x1a"
       "f4\x1a"
       "90\x1a"
       "80\x1a"
       "80"},  // beyond the last character
      {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
      {"\x1f #2", "\x1f #2"},
  };
  for (const row& each : rows) {
    CAPTURE(each.wire);
    CHECK(postgres::to_wire(each.text) == each.wire);
    CHECK(postgres::from_wire(each.wire) == each.text);
  }
}

TEST_CASE("wire: a column, quotes and backslashes are texts, NULL is none") {
  postgres::column many;
  CHECK(many.literal() == "{}");
  many.add(std::string_view("a,b"));
  many.add(std::string_view(R"(q"\{})"));
  many.add(std::string_view("NULL"));
  many.add_null();
  many.add(std::optional<std::int64_t>());
  many.add(7);
  CHECK(many.literal() == R"({"a,b","q\"\\{}","NULL",NULL,NULL,7})");
}

TEST_CASE("wire: numbers that the server cannot hold, are its largest") {
  const postgres::command one("", ~std::uint64_t{0}, true, std::nullopt, "x", 1.5);
  REQUIRE(one.values().size() == 5);
  CHECK(one.values()[0] == "9223372036854775807");
  CHECK(one.values()[1] == "t");
  CHECK_FALSE(one.values()[2]);
  CHECK(one.values()[3] == "x");
  CHECK(one.values()[4] == "1.5");
}
