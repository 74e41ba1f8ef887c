#include "engine/batch/listed_time.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using engine::listed_time;

namespace {

constexpr auto noon = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + std::chrono::hours(12);

std::vector<sources::order_facts> changed_at(const std::vector<std::string>& times) {
  std::vector<sources::order_facts> orders;
  for (const std::string& time : times) orders.emplace_back().updated_at = time;
  return orders;
}

}  // namespace

TEST_CASE("listed time: up to the newest change that was seen, never past the beginning of the list") {
  struct row {
    const char* what;
    std::vector<std::string> seen;
    std::string before;
    std::string expected;
  };
  const row rows[] = {
      {"nothing seen", {}, "", ""},
      {"nothing new", {}, "2026-01-30T00:00:00Z", "2026-01-30T00:00:00Z"},
      {"the newest", {"2026-01-31T09:00:00Z", "2026-01-31T11:30:00+01:00"}, "", "2026-01-31T10:30:00Z"},
      {"changed while it was read", {"2026-01-31T12:00:05Z"}, "", "2026-01-31T12:00:00Z"},
      {"only what overlaps", {"2026-01-29T23:30:00Z"}, "2026-01-30T00:00:00Z", "2026-01-30T00:00:00Z"},
      {"no times", {"", "soon"}, "2026-01-30T00:00:00Z", "2026-01-30T00:00:00Z"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    listed_time time;
    time.begin(noon);
    time.begin(noon + std::chrono::hours(1));
    time.saw(changed_at(r.seen));
    CHECK(time.reach(r.before) == r.expected);
  }
  CHECK(engine::with_overlap(noon) == "2026-01-31T11:00:00Z");
}
