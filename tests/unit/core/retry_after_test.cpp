#include "core/retry_after.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono;
using pofetch::core::parse_retry_after;

TEST_CASE("retry_after: seconds, dates and nonsense") {
  const system_clock::time_point now =
      sys_days(year(1994) / 11 / 6) + hours(8) + minutes(49) + milliseconds(250);
  constexpr milliseconds ten_years = hours(24 * 3650);
  struct row {
    std::string value;
    std::optional<milliseconds> expected;
  };
  const row rows[] = {
      {"0", milliseconds(0)},
      {"120", seconds(120)},
      {" 7 ", seconds(7)},
      {"007", seconds(7)},
      {"99999999999999999999999999", ten_years},
      {"18446744073709551615", ten_years},
      {"Sun, 06 Nov 1994 08:49:37 GMT", milliseconds(36'750)},
      {"Sunday, 06-Nov-94 08:49:37 GMT", milliseconds(36'750)},
      {"Sun Nov  6 08:49:37 1994", milliseconds(36'750)},
      {"Sun, 06 Nov 1994 08:48:59 GMT", milliseconds(0)},
      {"Fri, 31 Dec 9999 23:59:59 GMT", ten_years},
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"1.5", std::nullopt},
      {"5 s", std::nullopt},
      {"soon", std::nullopt},
      {"1,2", std::nullopt},
  };
  for (const auto& r : rows) {
    CAPTURE(r.value);
    CHECK(parse_retry_after(r.value, now) == r.expected);
  }
}
