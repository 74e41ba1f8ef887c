// kill -9 at random moments of a batch, each followed by the same command again.
#include "crash/site.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <random>

using namespace pofetch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

coupa_sim::options slow_site() {
  coupa_sim::options options;
  options.pos = 120;
  options.attachments = {1, 5};
  options.size = {100, 60 * 1024};
  options.latency = 4ms;
  options.jitter = 8ms;
  options.requisition_percent = 10;
  // A killed run cannot store its newest cookie; after hundreds of them the one in the file would be too old.
  options.slide_every = 0;
  return options;
}

/// Kills it after that time; false if it ended before.
bool killed_after(const test::process_setup& setup, std::chrono::milliseconds moment) {
  test::process run(setup);
  if (run.wait(moment)) return false;
  run.send(SIGKILL);
  REQUIRE(run.wait(30s));
  return true;
}

std::uint64_t requests(const test::site& s) {
  std::uint64_t sum = 0;
  for (const auto& each : s.sim.requests_by_path()) sum += each.second;
  return sum;
}

/// Kills it after so many requests, however busy the machine is; false if it ended before.
bool killed_at_work(const test::site& s, const test::process_setup& setup, std::uint64_t wanted) {
  const std::uint64_t before = requests(s);
  test::process run(setup);
  while (requests(s) < before + wanted)
    if (run.wait(1ms)) return false;
  run.send(SIGKILL);
  REQUIRE(run.wait(30s));
  return true;
}

}  // namespace

TEST_CASE(
    "kill -9 at random moments, each followed by a rerun: in the end all is as if nothing had happened") {
  constexpr int rounds = test::sanitized ? 20 : 200;
  test::site s(slow_site());
  const test::files everything = s.everything();
  std::mt19937 random(20261123);
  std::uniform_int_distribution<int> moment(5, 260);
  int killed = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::set<std::string> before = s.completed(s.out());
    s.sim.reset_statistics();
    if (killed_after(s.command(s.out()), std::chrono::milliseconds(moment(random)))) ++killed;
    // No file that the ledger called complete was asked for again.
    for (const auto& asked : s.sim.requests_by_path())
      CHECK_MESSAGE(before.count(asked.first) == 0, asked.first);
    CHECK_MESSAGE(test::broken_promise(s.out(), everything).empty(),
                  test::broken_promise(s.out(), everything));
    // Once all is there, the next rounds begin anew.
    if (test::tree(s.out()).size() == everything.size()) {
      CHECK(test::tree(s.out()) == everything);
      if (round + 10 < rounds) fs::remove_all(s.out());
    }
  }
  CHECK(killed >= rounds / 4);
  const test::outcome last = s.run(s.out());
  CHECK_MESSAGE(last.status == 0, last.err);

  const fs::path undisturbed = s.dir / "undisturbed";
  CHECK(s.run(undisturbed).status == 0);
  CHECK(test::difference(test::tree(s.out()), everything).empty());
  CHECK(test::tree(undisturbed) == everything);
  const std::string difference = test::line_difference(test::timeless(s.out() / "report.csv"),
                                                       test::timeless(undisturbed / "report.csv"));
  CHECK_MESSAGE(difference.empty(), difference);
  CHECK(fs::is_empty(s.out() / ".pofetch/partial"));
  CHECK(verify_batch(s.out(), [](const damage&) {})->wrong == 0);
}

TEST_CASE("durability file: killed at any moment, no more is fetched again than was under way") {
  constexpr unsigned connections = 8;
  constexpr int kills = test::sanitized ? 8 : 30;
  coupa_sim::options options = slow_site();
  options.pos = test::sanitized ? 60 : 240;
  options.latency = 1ms;
  options.jitter = 2ms;
  test::site s(options);
  const std::vector<std::string> how{"--durability", "file", "--max-connections",
                                     std::to_string(connections)};
  const test::files everything = s.everything();
  int killed = 0;
  int gains = 0;  // kills before which something had come
  // What is there already makes each run begin further on.
  for (int kill = 0; kill < kills; ++kill) {
    const std::size_t before = test::tree(s.out()).size();
    if (killed_at_work(s, s.command(s.out(), how), 1 + 7 * (static_cast<std::uint64_t>(kill) % 10))) ++killed;
    if (test::tree(s.out()).size() > before) ++gains;
    CHECK_MESSAGE(test::broken_promise(s.out(), everything).empty(),
                  test::broken_promise(s.out(), everything));
  }
  CHECK(s.run(s.out(), how).status == 0);
  CHECK(test::tree(s.out()) == everything);
  std::uint64_t again = 0;
  const auto files = s.completed(s.out());
  // Pages are read again: an order is done only when all its files are.
  for (const auto& [path, asked] : s.sim.requests_by_path())
    if (files.count(path) != 0 && path.find("_headers/") == std::string::npos) again += asked - 1;
  MESSAGE(killed << " kills, " << everything.size() << " files, " << again << " fetched again");
  CHECK(killed > 0);
  CHECK(gains > 1);
  CHECK(again <= static_cast<std::uint64_t>(killed) * connections);

  const fs::path undisturbed = s.dir / "undisturbed";
  CHECK(s.run(undisturbed).status == 0);
  const std::string difference = test::line_difference(test::timeless(s.out() / "report.csv"),
                                                       test::timeless(undisturbed / "report.csv"));
  CHECK_MESSAGE(difference.empty(), difference);
}
