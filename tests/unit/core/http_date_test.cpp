#include "core/http_date.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono;
using pofetch::core::parse_http_date;

namespace {
constexpr system_clock::time_point now = sys_days(year(2025) / 6 / 1);

long long seconds_of(const char* text) {
  const auto parsed = parse_http_date(text, now);
  return parsed ? duration_cast<seconds>(parsed->time_since_epoch()).count() : -1;
}
}  // namespace

TEST_CASE("http_date: the three forms of RFC 9110 5.6.7, one moment") {
  CHECK(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(seconds_of("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777);
  CHECK(seconds_of("Sun Nov  6 08:49:37 1994") == 784111777);
  CHECK(seconds_of("  Sun, 06 Nov 1994 08:49:37 GMT ") == 784111777);
  CHECK(seconds_of("Sun Nov 16 08:49:37 1994") == 784975777);
}

TEST_CASE("http_date: two-digit years, at most 50 years ahead") {
  CHECK(seconds_of("Friday, 01-Jan-75 00:00:00 GMT") == 3313526400);  // 2075
  CHECK(seconds_of("Friday, 01-Jan-76 00:00:00 GMT") == 189302400);   // 1976
  CHECK(seconds_of("Friday, 01-Jan-26 00:00:00 GMT") == 1767225600);
}

TEST_CASE("http_date: leap days and seconds") {
  CHECK(seconds_of("Thu, 29 Feb 2024 00:00:00 GMT") == 1709164800);
  CHECK(seconds_of("Sat, 31 Dec 2016 23:59:60 GMT") == 1483228800);
  CHECK(seconds_of("Thu, 29 Feb 2023 00:00:00 GMT") == -1);
}

TEST_CASE("http_date: far dates, held at what the clock can say") {
  CHECK(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT", now) == system_clock::time_point::max());
  CHECK(parse_http_date("Mon, 01 Jan 1601 00:00:00 GMT", now) == system_clock::time_point::min());
}

TEST_CASE("http_date: no date, nothing") {
  for (const auto* text :
       {"", "tomorrow", "Sun, 06 Nov 1994", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Jan 2024 00:00:00 GMT", "Sun, 00 Jan 2024 00:00:00 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 0000 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT x", "Sun, -6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text, now).has_value());
  }
}
