#include "http/cookie_date.hpp"

#include <doctest/doctest.h>

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
  CHECK(parse_cookie_date("31 Dec 9999 23:59:59") == system_clock::time_point::max());
  CHECK(parse_cookie_date("01 Jan 1650 00:00:00") == system_clock::time_point::min());
}

}  // namespace
}  // namespace pofetch::http
