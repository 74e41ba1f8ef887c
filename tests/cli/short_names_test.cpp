// An output folder on a file system whose names have 143 bytes at most (eCryptfs, encrypted folders of a
// NAS).
#include "cli/program.hpp"
#include "support/faults.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest = 143;

/// The paths of the files in the folder, without pofetch's own.
std::vector<std::string> files_of(const fs::path& out) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string path = fs::relative(entry.path(), out).string();
    CHECK(entry.path().filename().string().size() <= longest);
    if (entry.is_regular_file() && path.rfind(".pofetch", 0) != 0 && path != "report.csv")
      paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

TEST_CASE("short names: names of files and folders are cut to what the file system takes, endings kept") {
  const origin server([](const origin_request& request, origin_peer& peer) {
    origin_peer::fields fields;
    if (request.target == "/field")
      fields.emplace_back("Content-Disposition", "attachment; filename=" + std::string(200, 'f') + ".tar.gz");
    peer.reply(200, "of " + request.target, fields);
  });
  const program pofetch;
  const std::string name = std::string(200, 'n') + ".pdf";
  const std::string team = std::string(200, 't');
  std::string list = "po,url,filename,<|>,Team\n";
  for (const std::string target : {"/one", "/two", "/field"})
    list += "7," + server.base_url() + target + "," + name + ",," + team + "\n";
  list += "8," + server.base_url() + "/wide,";
  for (int i = 0; i < 100; ++i) list += "\u6F22";
  list += ".xlsx,," + team + "\n";
  pofetch.write("list.csv", list);
  const words line{"run",      "list.csv", "--out",           "out", "--cacert", server.ca_file().string(),
                   "--source", "manifest", "--folder-status", "-q"};
  fault narrow{.root = pofetch / "out"};
  narrow.longest_name = longest;
  std::string wide;
  for (int i = 0; i < 46; ++i) wide += "\u6F22";
  const std::string level = std::string(longest, 't') + "/";
  const std::vector<std::string> expected{level + "7_COMPLETED/" + std::string(136, 'f') + ".tar.gz",
                                          level + "7_COMPLETED/" + std::string(135, 'n') + " (2).pdf",
                                          level + "7_COMPLETED/" + std::string(139, 'n') + ".pdf",
                                          level + "8_COMPLETED/" + wide + ".xlsx"};
  for (int run = 0; run < 2; ++run) {
    CAPTURE(run);
    process running(with(pofetch.setup(line), narrow));
    const ended done = ended_well(running);
    CHECK_MESSAGE(done.status == 0, done.err);
    CHECK(files_of(pofetch / "out") == expected);
    CHECK(server.log().size() == 4);
  }
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}
