// How many blocks of memory a request takes: a number that, unlike a time, is the same on every machine.
// Small pages and small files, so that nothing hides it.
#include "cli/program.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

using namespace pofetch::test;

namespace {

/// Reached, and how far above that the test fails: a fifth.
constexpr double blocks_reached = 218;
constexpr double bytes_reached = 54 * 1024;
constexpr double slack = 1.2;

constexpr unsigned files = 4;

struct cost {
  double blocks = 0;
  double bytes = 0;
};

cost of_a_run(unsigned orders) {
  const program pofetch;
  const coupa site({"--pos", std::to_string(orders), "--attachments", "4-4", "--size", "10k-10k",
                    "--page-padding", "3000"});
  const std::string counts = pofetch / "counts";
  const words line = site.run_line("out", {"--io-threads", "1", "--workers", "4"});
  const ended done =
      pofetch.run(line, {{"LD_PRELOAD", POFETCH_ALLOCATION_COUNTER}, {"POFETCH_ALLOCATIONS", counts}});
  REQUIRE_MESSAGE(done.status == 0, done.err);
  cost seen;
  REQUIRE(std::sscanf(read_file(counts).c_str(), "%lf %lf", &seen.blocks, &seen.bytes) == 2);
  return seen;
}

}  // namespace

TEST_CASE("allocations: what a request takes stays within its bound") {
  if (POFETCH_SANITIZED != 0) {
    MESSAGE("SKIPPED: a sanitizer has an allocator of its own, and optimised code is what counts");
    return;
  }
  // What the start costs is in both.
  constexpr unsigned fewer = 50;
  constexpr unsigned more = 150;
  const cost before = of_a_run(fewer);
  const cost after = of_a_run(more);
  constexpr double requests = (more - fewer) * (files + 1.0);
  const double blocks = (after.blocks - before.blocks) / requests;
  const double bytes = (after.bytes - before.bytes) / requests;
  MESSAGE("a request takes " << blocks << " blocks of memory, " << bytes << " bytes");
  CHECK(blocks <= blocks_reached * slack);
  CHECK(bytes <= bytes_reached * slack);
}
