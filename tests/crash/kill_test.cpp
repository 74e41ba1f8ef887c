// kill -9 at random moments of a batch, each followed by the same command again.
#include "coupa-sim/simulator.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace pofetch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct site {
  test::temp_dir dir;
  coupa_sim::simulator sim;

  site() : sim(wanted(dir)) { sim.start(); }

  static coupa_sim::options wanted(const test::temp_dir& dir) {
    coupa_sim::options options;
    options.dir = dir.path() / "site";
    options.pos = 120;
    options.attachments = {1, 5};
    options.size = {100, 60 * 1024};
    options.latency = 4ms;
    options.jitter = 8ms;
    options.requisition_percent = 10;
    return options;
  }

  [[nodiscard]] fs::path out() const { return dir.path() / "out"; }

  [[nodiscard]] test::process_setup command(const fs::path& to) const {
    test::process_setup setup;
    setup.program = POFETCH_PROGRAM;
    setup.arguments = {"run",        (dir.path() / "site/orders.csv").string(),
                       "--out",      to.string(),
                       "--base-url", sim.base_url(),
                       "--cookies",  (dir.path() / "site/cookies.txt").string(),
                       "--cacert",   (dir.path() / "site/ca.pem").string(),
                       "--progress", "none",
                       "-q"};
    return setup;
  }

  /// Is that a file of the site, byte for byte?
  [[nodiscard]] bool is_whole(const std::string& path, const std::string& content) const {
    const auto slash = path.find('/');
    const auto order = sim.data().order(std::stoull(path.substr(0, slash)));
    for (const auto& file : coupa_sim::expected_files(order)) {
      if (file.name != path.substr(slash + 1)) continue;
      std::string expected;
      coupa_sim::for_each_piece(sim.data().content_of(file.facts),
                                [&expected](std::string_view piece) { expected += piece; });
      return content == expected;
    }
    return false;
  }

  /// Paths (on the server) of the files that the ledger calls completed.
  [[nodiscard]] std::set<std::string> completed() const {
    std::set<std::string> paths;
    const fs::path report = dir.path() / "now.json";
    if (!fs::exists(out() / ".pofetch/ledger.db") || !write_batch_report(out(), report)) return paths;
    const std::string text = test::read_file(report);
    // An attachment's object is flat: name, path, url, status, ... in this order.
    for (auto at = text.find("\"url\":"); at != std::string::npos; at = text.find("\"url\":", at + 1)) {
      const auto begin = text.find('"', at + 6) + 1;
      const std::string url = text.substr(begin, text.find('"', begin) - begin);
      const auto end = text.find('}', at);
      if (text.substr(at, end - at).find("\"status\":\"COMPLETED\",\"bytes\"") == std::string::npos) continue;
      paths.insert(url.substr(url.find('/', 8)));
    }
    return paths;
  }
};

std::map<std::string, std::string> tree(const fs::path& out) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string path = fs::relative(entry.path(), out).string();
    if (entry.is_regular_file() && path.rfind(".pofetch/", 0) != 0 && path != "report.csv")
      files[path] = test::read_file(entry.path());
  }
  return files;
}

/// The report without the column that tells when.
std::string timeless(const fs::path& report) {
  std::string text = test::read_file(report);
  for (auto at = text.find("Z,"); at != std::string::npos; at = text.find("Z,", at + 1))
    if (at >= 19 && text[at - 9] == 'T') text.replace(at - 19, 19, "....-..-..T..:..:..");
  return text;
}

}  // namespace

TEST_CASE(
    "kill -9 at 20 random moments, each followed by a rerun: in the end all is as if nothing had happened") {
  site s;
  std::mt19937 random(20261123);
  std::uniform_int_distribution<int> moment(5, 260);
  int killed = 0;
  for (int round = 0; round < 20; ++round) {
    const std::set<std::string> before = s.completed();
    s.sim.reset_statistics();
    test::process run(s.command(s.out()));
    const bool ended = run.wait(std::chrono::milliseconds(moment(random)));
    if (!ended) {
      run.send(SIGKILL);
      REQUIRE(run.wait(10s));
      ++killed;
    }
    // No file that the ledger called complete was asked for again.
    for (const auto& asked : s.sim.requests_by_path())
      CHECK_MESSAGE(before.count(asked.first) == 0, asked.first);
    // Whatever stands under a final name is whole, at any moment.
    const auto files = fs::exists(s.out()) ? tree(s.out()) : std::map<std::string, std::string>();
    for (const auto& file : files) CHECK_MESSAGE(s.is_whole(file.first, file.second), file.first);
  }
  CHECK(killed >= 5);
  test::process last(s.command(s.out()));
  REQUIRE(last.wait(120s));
  CHECK_MESSAGE(last.status() == 0, last.err());

  test::process undisturbed(s.command(s.dir.path() / "undisturbed"));
  REQUIRE(undisturbed.wait(120s));
  CHECK(undisturbed.status() == 0);
  CHECK(tree(s.out()) == tree(s.dir.path() / "undisturbed"));
  CHECK(timeless(s.out() / "report.csv") == timeless(s.dir.path() / "undisturbed" / "report.csv"));
  CHECK(fs::is_empty(s.out() / ".pofetch/partial"));
  CHECK(verify_batch(s.out(), [](const damage&) {})->wrong == 0);
}
