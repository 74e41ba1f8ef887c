// Memory does not grow with the size of a file nor with the number of POs.
#include "coupa-sim/simulator.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

/// Peak resident memory (KiB) of one run of the program on that site; -1 if it did not end well.
long peak_of(const coupa_sim::options& wanted) {
  pofetch::test::temp_dir dir;
  coupa_sim::options options = wanted;
  options.dir = dir.path() / "site";
  options.count_paths = false;
  coupa_sim::simulator sim(options);
  sim.start();
  std::vector<std::string> words = {POFETCH_PROGRAM,
                                    "run",
                                    (dir.path() / "site/orders.csv").string(),
                                    "--out",
                                    (dir.path() / "out").string(),
                                    "--base-url",
                                    sim.base_url(),
                                    "--cookies",
                                    (dir.path() / "site/cookies.txt").string(),
                                    "--cacert",
                                    (dir.path() / "site/ca.pem").string(),
                                    "--max-file-size",
                                    "8G",
                                    "--progress",
                                    "none",
                                    "-q"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execv(POFETCH_PROGRAM, arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? used.ru_maxrss : -1;
}

long peak_of_one_file(std::uint64_t size) {
  coupa_sim::options site;
  site.pos = 1;
  site.attachments = {1, 1};
  site.size = {size, size};
  return peak_of(site);
}

long peak_of_empty_orders(std::uint64_t count) {
  coupa_sim::options site;
  site.pos = count;
  site.empty_percent = 100;
  return peak_of(site);
}

constexpr bool sanitized = POFETCH_SANITIZED != 0;

}  // namespace

// Under a sanitizer memory says nothing about the program: the sizes are small there, so that only the code
// runs.
TEST_CASE("memory: a 4 GiB body needs no more than a 4 KiB one") {
  const long small = peak_of_one_file(4096);
  const long large = peak_of_one_file(sanitized ? 8ULL << 20U : 4ULL << 30U);
  MESSAGE("peak memory: 4 KiB body " << small << " KiB, large body " << large << " KiB");
  REQUIRE(small > 0);
  REQUIRE(large > 0);
  if (!sanitized) CHECK(large < small + 2048);
}

TEST_CASE("memory: 100,000 POs without attachments need hardly more than 2,000") {
  const long few = peak_of_empty_orders(sanitized ? 100 : 2000);
  const long many = peak_of_empty_orders(sanitized ? 500 : 100000);
  MESSAGE("peak memory: 2,000 POs " << few << " KiB, 100,000 POs " << many << " KiB");
  REQUIRE(few > 0);
  REQUIRE(many > 0);
  if (!sanitized) CHECK(many < few + 8192);
}
