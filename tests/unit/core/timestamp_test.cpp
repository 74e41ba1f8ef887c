#include "core/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;

TEST_CASE("timestamp: the forms that are read, and what they mean") {
  const auto seconds = [](const char* text) -> long long {
    const auto read = core::parse_timestamp(text);
    return read ? std::chrono::duration_cast<std::chrono::seconds>(read->time_since_epoch()).count() : -1;
  };
  struct row {
    const char* text;
    long long expected;
  };
  const row rows[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-01-31T12:00:00Z", 1'769'860'800},
      {"2026-01-31t12:00:00z", 1'769'860'800},
      {"2026-01-31 12:00:00", 1'769'860'800},
      {"2026-01-31T12:00:00.999Z", 1'769'860'800},
      {"2026-01-31T12:00:00+00:00", 1'769'860'800},
      {"2026-01-31T13:30:00+01:30", 1'769'860'800},
      {"2026-01-31T04:00:00-0800", 1'769'860'800},
      {" 2026-01-31 ", 1'769'817'600},
      {"2026-01-31T23:59:60Z", 1'769'904'000},
      {"2026-02-30T00:00:00Z", -1},
      {"2026-13-01", -1},
      {"2026-01-31T24:00:00Z", -1},
      {"2026-01-31T12:60:00Z", -1},
      {"2026-01-31T12:00Z", -1},
      {"2026-01-31T12:00:00.Z", -1},
      {"2026-01-31T12:00:00+1", -1},
      {"2026-01-31T12:00:00+25:00", -1},
      {"2026-01-31T12:00:00 GMT", -1},
      {"26-01-31", -1},
      {"9999-01-01", -1},
      {"", -1},
      {"Sat, 31 Jan 2026 12:00:00 GMT", -1},
  };
  for (const row& r : rows) {
    CAPTURE(std::string(r.text));
    CHECK(seconds(r.text) == r.expected);
  }
}

TEST_CASE("rfc3339: times, UTC in whole seconds") {
  using std::chrono::system_clock;
  const auto at = [](std::int64_t milliseconds) {
    return system_clock::time_point(std::chrono::milliseconds(milliseconds));
  };
  CHECK(core::rfc3339(system_clock::time_point{}) == "");
  CHECK(core::rfc3339(at(1767323045000)) == "2026-01-02T03:04:05Z");
  CHECK(core::rfc3339(at(1767323045999)) == "2026-01-02T03:04:05Z");
  CHECK(core::rfc3339(at(951782400000)) == "2000-02-29T00:00:00Z");
  CHECK(core::rfc3339(at(-1)) == "1969-12-31T23:59:59Z");
}
