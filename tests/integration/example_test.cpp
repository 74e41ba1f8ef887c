#include "coupa-sim/simulator.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t orders = 5;
constexpr std::uint64_t files_each = 2;

coupa_sim::options example_site(const fs::path& dir) {
  coupa_sim::options wanted;
  wanted.dir = dir;
  wanted.pos = orders;
  wanted.attachments = {files_each, files_each};
  wanted.size = {1024, 4096};
  return wanted;
}

process_setup example(std::vector<std::string> arguments) {
  process_setup made;
  made.program = EXAMPLE_PROGRAM;
  made.arguments = std::move(arguments);
  return made;
}

/// Attachments in the output folder: everything but what pofetch keeps for itself.
std::uint64_t count_files(const fs::path& out) {
  std::uint64_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const fs::path inner = fs::relative(entry.path(), out);
    if (entry.is_regular_file() && inner != "report.csv" && *inner.begin() != ".pofetch") ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("fetch_list: a site that answers, all files are there, a line each PO, state 0") {
  const temp_dir folder;
  const fs::path site = folder / "site";
  coupa_sim::simulator coupa(example_site(site));
  coupa.start();
  process running(example(
      {site / "orders.csv", folder / "out", coupa.base_url(), site / "cookies.txt", site / "ca.pem"}));
  REQUIRE(running.wait());
  CHECK_MESSAGE(running.status() == 0, running.err());
  const std::string& lines = running.out();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == orders);
  CHECK_MESSAGE(lines.find("PO 7000001: COMPLETED, 2 attachments\n") != std::string::npos, lines);
  CHECK(count_files(folder / "out") == orders * files_each);
}

TEST_CASE("fetch_list: a list that is not there, state 2, the message names it") {
  const temp_dir folder;
  process running(example({folder / "none.csv", folder / "out", "https://localhost:1", ""}));
  REQUIRE(running.wait());
  CHECK(running.status() == 2);
  CHECK_MESSAGE(running.err().find("none.csv") != std::string::npos, running.err());
}
