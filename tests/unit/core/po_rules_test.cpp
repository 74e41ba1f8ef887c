#include "core/po_rules.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <string>

using namespace pofetch;
using namespace pofetch::core;

namespace {

enum class next_run { leaves_it, takes_it_up, takes_it_up_if_asked };

struct status_row {
  po_status status;
  next_run then;
  bool is_done;
  bool is_bad;
};

// MANUAL.md, "Statuses": the column of the next run.
constexpr status_row statuses[] = {
    {po_status::pending, next_run::takes_it_up, false, false},
    {po_status::completed, next_run::leaves_it, true, false},
    {po_status::partial, next_run::takes_it_up, false, true},
    {po_status::failed, next_run::takes_it_up, false, true},
    {po_status::no_attachments, next_run::leaves_it, true, false},
    {po_status::not_found, next_run::takes_it_up, false, false},
    {po_status::invalid, next_run::leaves_it, false, false},
    {po_status::skipped, next_run::takes_it_up_if_asked, false, false},
};

}  // namespace

TEST_CASE("po rules: what each status means for the next run, and for the person") {
  REQUIRE(std::size(statuses) == po_status_count);
  for (const status_row& row : statuses) {
    CAPTURE(to_string(row.status));
    CHECK(is_taken_up(row.status, false) == (row.then == next_run::takes_it_up));
    CHECK(is_taken_up(row.status, true) == (row.then != next_run::leaves_it));
    CHECK(is_done(row.status) == row.is_done);
    CHECK(is_bad(row.status) == row.is_bad);
  }
}

TEST_CASE("po rules: counts go by the same rules") {
  // Powers of two: each status shows in the sum.
  const status_counts counts{1, 2, 4, 8, 16, 32, 64, 128};
  CHECK(count_done(counts) == 2 + 16);
  CHECK(count_bad(counts) == 4 + 8);
  CHECK(count_taken_up(counts, false) == 1 + 4 + 8 + 32);
  CHECK(count_taken_up(counts, true) == 1 + 4 + 8 + 32 + 128);
  CHECK(count_taken_up({}, true) == 0);
}

TEST_CASE("po rules: as a list of the numbers on disk") { CHECK(numbers_done() == "1, 4"); }
