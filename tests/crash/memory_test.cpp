// Memory does not grow with the size of a file, the number of POs or the length of a list.
#include "coupa-sim/simulator.hpp"
#include "support/temp_dir.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

/// Peak resident memory (KiB) of the program with these arguments; -1 if it did not end well. Its output is
/// left out.
long peak_of(std::vector<std::string> words) {
  words.insert(words.begin(), POFETCH_PROGRAM);
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execv(POFETCH_PROGRAM, arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  ::wait4(child, &status, 0, &used);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? used.ru_maxrss : -1;
}

long peak_of(const coupa_sim::options& wanted) {
  pofetch::test::temp_dir dir;
  coupa_sim::options options = wanted;
  options.dir = dir.path() / "site";
  options.count_paths = false;
  coupa_sim::simulator sim(options);
  sim.start();
  return peak_of({"run", (dir.path() / "site/orders.csv").string(), "--out", (dir.path() / "out").string(),
                  "--base-url", sim.base_url(), "--cookies", (dir.path() / "site/cookies.txt").string(),
                  "--cacert", (dir.path() / "site/ca.pem").string(), "--max-file-size", "8G", "--progress",
                  "none", "-q"});
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

/// A workbook whose rows each have a text of their own among the shared strings.
long peak_of_workbook(std::size_t rows) {
  const pofetch::test::temp_dir dir;
  std::string cells = R"(<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>)";
  std::string strings = "<si><t>PO</t></si><si><t>Supplier</t></si>";
  for (std::size_t i = 2; i < rows + 2; ++i) {
    cells += fmt::format(R"(<row r="{0}"><c r="A{0}"><v>{1}</v></c><c r="B{0}" t="s"><v>{0}</v></c></row>)",
                         i, 7'000'000 + i);
    strings += fmt::format("<si><t>Supplier number {} of some place</t></si>", i);
  }
  const auto file = dir.path() / "list.xlsx";
  pofetch::test::workbook_builder().sheet("Orders", std::move(cells)).strings(std::move(strings)).write(file);
  return peak_of({"plan", file.string()});
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

TEST_CASE("memory: a workbook of 200,000 rows needs hardly more than one of 2,000") {
  const long few = peak_of_workbook(sanitized ? 100 : 2000);
  const long many = peak_of_workbook(sanitized ? 1000 : 200'000);
  MESSAGE("peak memory: 2,000 rows " << few << " KiB, 200,000 rows " << many << " KiB");
  REQUIRE(few > 0);
  REQUIRE(many > 0);
  // What the ledger of the plan keeps of its rows in memory, bounded.
  if (!sanitized) CHECK(many < few + 16384);
}
