#include "http/cookie_date.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using std::chrono::system_clock;

TEST_CASE("cookie date: forms that servers send") {
  struct row {
    std::string_view text;
    long long seconds;
  };
  const std::vector<row> rows{
      {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},   // RFC 9110
      {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},  // RFC 850
      {"Sun Nov  6 08:49:37 1994", 784111777},        // asctime
      {"Thu, 01-Jan-1970 00:00:00 GMT", 0},
      {"Wed, 09 Jun 2021 10:18:14 GMT", 1623233894},
      {"1994 6 november 8:49:37", 784111777},  // any order
      {"06 Nov 69 00:00:00", 3150921600},      // 0 to 69 are of this century
      {"06 Nov 70 00:00:00", 26697600},        // 70 to 99 of the last
      {"Sun, 06 Nov 1994 08:49:37.123 +0000", 784111777},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto parsed = parse_cookie_date(r.text);
    REQUIRE(parsed);
    CHECK(std::chrono::duration_cast<std::chrono::seconds>(parsed->time_since_epoch()).count() == r.seconds);
  }
}

TEST_CASE("cookie date: nothing for what is no date") {
  for (const std::string_view text :
       {"", "tomorrow", "Sun, 06 Nov 1994", "08:49:37", "32 Jan 2024 00:00:00", "30 Feb 2024 00:00:00",
        "01 Jan 2024 24:00:00", "01 Jan 2024 00:60:00", "01 Jan 2024 00:00:61", "01 Jan 1600 00:00:00",
        "01 Jan 2024 0:0", "0 Jan 2024 00:00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_cookie_date(text));
  }
}

TEST_CASE("cookie date: beyond the clock's range counts as its end") {
  CHECK(parse_cookie_date("31 Dec 9999 23:59:59") ==
        system_clock::time_point(std::chrono::seconds(9'000'000'000)));
  CHECK(parse_cookie_date("01 Jan 1650 00:00:00") ==
        system_clock::time_point(std::chrono::seconds(-9'000'000'000)));
}

TEST_CASE("cookie end: numbers, dates and words; what is none of them is told") {
  struct row {
    std::string_view text;
    long long seconds;  // -1: the session
  };
  const row rows[] = {
      {"1900000000", 1'900'000'000},
      {" 1900000000.75 ", 1'900'000'000},
      {"1.9e9", 1'900'000'000},
      {"1900000000000", 1'900'000'000},
      {"1900000000000000", 1'900'000'000},
      {"13544473600000000", 1'900'000'000},
      {"253402300799", 9'000'000'000},
      {"Infinity", 9'000'000'000},
      {"1e999", 9'000'000'000},
      {"0.5", 1},
      {"7328-03-17T17:46:40Z", 9'000'000'000},
      {"9999-12-31T23:59:59-12:00", 9'000'000'000},
      {"1969-07-20T20:17:40Z", 1},
      {"1650-01-01", 1},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 1},
      {"2030-03-17", 1'899'936'000},
      {"2030-03-17T17:46:40Z", 1'900'000'000},
      {"2030-03-17t17:46:40.123z", 1'900'000'000},
      {"2030-03-17 17:46:40", 1'900'000'000},
      {"2030-03-17T19:46:40+02:00", 1'900'000'000},
      {"2030-03-17T19:16:40+0130", 1'900'000'000},
      {"2030-03-17T12:46:40-05", 1'900'000'000},
      {"2030-03-17T17:46", 1'899'999'960},
      {"Sun, 17 Mar 2030 17:46:40 GMT", 1'900'000'000},
      {"Sun Mar 17 2030 17:46:40 GMT+0000 (UTC)", 1'900'000'000},
      {"", -1},
      {"0", -1},
      {"-1", -1},
      {"Session", -1},
      {"null", -1},
      {"NaN", -1},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    std::optional<system_clock::time_point> end;
    CHECK(take_cookie_end(r.text, end));
    CHECK((end ? std::chrono::duration_cast<std::chrono::seconds>(end->time_since_epoch()).count() : -1) ==
          r.seconds);
  }
  for (const std::string_view text :
       {"soon", "12x", "2030-13-01", "2030-03-17T", "2030-03-17T17:46:40 noon", "17.03.2030"}) {
    CAPTURE(text);
    std::optional<system_clock::time_point> end;
    CHECK_FALSE(take_cookie_end(text, end));
  }
}

TEST_CASE("cookie end: back into the unit in which it was written") {
  for (const double like : {0.0, 1.8e9, 1.8e12, 1.8e15, 1.34e16})
    CHECK(cookie_expiry(static_cast<double>(cookie_number(1'900'000'000, like))) ==
          system_clock::time_point(std::chrono::seconds(1'900'000'000)));
}

}  // namespace
}  // namespace pofetch::http
