// kill -9 at the renames of `--folder-status`.
#include "crash/site.hpp"
#include "support/faults.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <random>

using namespace pofetch;
namespace fs = std::filesystem;

TEST_CASE("kill -9 while folders get the status of their order, each followed by a rerun: nothing is lost") {
  constexpr int rounds = test::sanitized ? 10 : 80;
  coupa_sim::options options;
  options.pos = 20;
  options.attachments = {1, 2};
  options.size = {100, 60 * 1024};
  // A killed run cannot store its newest cookie; after many of them the one in the file would be too old.
  options.slide_every = 0;
  test::site s(options);
  const test::files everything = s.everything();
  CHECK(s.run(s.out()).status == 0);
  std::mt19937 random(20261126);
  s.sim.reset_statistics();
  int killed = 0;
  for (int round = 0; round < rounds; ++round) {
    // To and fro: a run with the option, a run without it. All that there is to do is to rename.
    const std::vector<std::string> option =
        round % 2 == 0 ? std::vector<std::string>{"--folder-status"} : std::vector<std::string>{};
    const auto setup = s.command(s.out(), option);
    test::fault at_rename{.root = s.out(),
                          .what = round % 3 == 0 ? "kill_before" : "kill_after",
                          .at = 1 + random() % 12,
                          .kinds = "rename"};
    if (test::ended(test::with(setup, at_rename)).signal == SIGKILL) ++killed;
    const std::string broken = test::broken_promise(s.out(), everything);
    CHECK_MESSAGE(broken.empty(), broken);
    CHECK(test::difference(test::tree(s.out()), everything) == "");
  }
  CHECK(killed >= rounds / 4);
  for (const auto& asked : s.sim.requests_by_path())
    CHECK_MESSAGE(asked.first.find("attachment") == std::string::npos, asked.first);
  CHECK(s.run(s.out(), {"--folder-status"}).status == 0);
  for (const auto& entry : fs::directory_iterator(s.out()))
    if (entry.is_directory() && entry.path().filename() != ".pofetch")
      CHECK_MESSAGE(entry.path().string().ends_with("_COMPLETED"), entry.path().string());
  CHECK(verify_batch(s.out(), [](const damage&) {})->wrong == 0);
}
