#include "settings/units.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::settings;
using std::chrono::milliseconds;

TEST_CASE("units: a duration is read, with every unit") {
  struct row {
    const char* text;
    std::int64_t wanted;
  };
  const row rows[] = {{"10s", 10'000}, {"500ms", 500},     {"2m", 120'000}, {"1.5h", 5'400'000},
                      {"10", 10'000},  {"0.5", 500},       {"none", 0},     {"0", 0},
                      {" 3 s ", 3000}, {"1d", 86'400'000}, {"NONE", 0},     {"1min", 60'000}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto span = parse_duration(each.text);
    REQUIRE(span.has_value());
    CHECK(span->count() == each.wanted);
  }
}

TEST_CASE("units: what is no duration, refused with the text in the message") {
  for (const char* text :
       {"", "s", "-1s", "+1s", "10x", "1e3", "inf", "nan", "1..5s", "0x10", "10 s s", "99999999d"}) {
    CAPTURE(text);
    const auto span = parse_duration(text);
    REQUIRE_FALSE(span.has_value());
    CHECK(span.error().code == errc::config);
    CHECK(span.error().message.find(std::string("'") + text + "'") != std::string::npos);
  }
}

TEST_CASE("units: an age has a unit, and is above nothing") {
  struct row {
    const char* text;
    std::int64_t wanted;
  };
  const row rows[] = {{"7d", 604'800'000}, {"12h", 43'200'000},   {"90m", 5'400'000},   {"2w", 1'209'600'000},
                      {"30s", 30'000},     {"1.5d", 129'600'000}, {" 1 D ", 86'400'000}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto span = parse_age(each.text);
    REQUIRE(span.has_value());
    CHECK(span->count() == each.wanted);
    const auto again = parse_age(format_duration(*span));
    REQUIRE(again.has_value());
    CHECK(*again == *span);
  }
  for (const char* text :
       {"", "7", "d", "0d", "-1d", "none", "all", "7x", "7d7h", "orders.csv", "7d.csv", "9999999d"})
    CHECK_FALSE(parse_age(text).has_value());
}

TEST_CASE("units: bytes are read, 1024-based") {
  struct row {
    const char* text;
    std::uint64_t wanted;
  };
  const row rows[] = {{"0", 0},
                      {"none", 0},
                      {"1", 1},
                      {"500k", 512'000},
                      {"1.5M", 1'572'864},
                      {"2G", 2ULL << 30},
                      {"2GiB", 2ULL << 30},
                      {"2 gb", 2ULL << 30},
                      {"1T", 1ULL << 40},
                      {"64B", 64},
                      {"0.5k", 512}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto bytes = parse_bytes(each.text);
    REQUIRE(bytes.has_value());
    CHECK(*bytes == each.wanted);
  }
}

TEST_CASE("units: what is no number of bytes, refused") {
  for (const char* text : {"", "k", "-1", "2X", "1e9", "1,5M", "99999999999999999999G", "2G extra"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_bytes(text).has_value());
  }
}

TEST_CASE("units: rates, counts and booleans") {
  CHECK(*parse_rate("25") == doctest::Approx(25));
  CHECK(*parse_rate("0.5/s") == doctest::Approx(0.5));
  CHECK(*parse_rate("none") == 0);
  CHECK_FALSE(parse_rate("fast").has_value());
  CHECK_FALSE(parse_rate("-2").has_value());

  CHECK(*parse_count("18446744073709551615") == 18'446'744'073'709'551'615ULL);
  for (const char* text : {"", "-1", "+1", "1.5", "18446744073709551616", "eight", "0x8"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_count(text).has_value());
  }
  for (const char* text : {"true", "YES", "on", "1"}) CHECK(*parse_boolean(text));
  for (const char* text : {"false", "No", "off", "0"}) CHECK_FALSE(*parse_boolean(text));
  for (const char* text : {"", "2", "maybe"}) CHECK_FALSE(parse_boolean(text).has_value());
}

TEST_CASE("units: what is formatted reads back the same") {
  for (const std::int64_t count : {0LL, 1LL, 999LL, 1000LL, 90'000LL, 120'000LL, 3'600'000LL, 1'234'567LL}) {
    CAPTURE(count);
    CHECK(*parse_duration(format_duration(milliseconds{count})) == milliseconds{count});
  }
  for (const std::uint64_t bytes : {0ULL, 1ULL, 1023ULL, 1024ULL, 1536ULL, 2ULL << 30, (1ULL << 30) + 1}) {
    CAPTURE(bytes);
    CHECK(*parse_bytes(format_bytes(bytes)) == bytes);
  }
  for (const double rate : {0.0, 0.1, 25.0, 1234.5, 1e-9, 1e9}) {
    CAPTURE(rate);
    CHECK(*parse_rate(format_rate(rate)) == rate);
  }
}
