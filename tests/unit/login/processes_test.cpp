#include "login/processes.hpp"

#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <vector>

using namespace pofetch;
using pids = std::vector<pid_t>;

TEST_CASE("processes: found by their command line or by where they put what is temporary, until they end") {
  const test::temp_dir folder;
  const auto processes = [&folder] { return login::processes_in(folder.path()); };
  CHECK(processes().empty());
  test::process_setup setup;
  setup.program = "/bin/sh";
  setup.arguments = {"-c", "echo up; kill -STOP $$", "sh"};
  SUBCASE("by the command line") { setup.arguments.push_back("--profile=" + (folder / "profile").string()); }
  SUBCASE("by the variable") { setup.environment = {{"TMPDIR", folder.path().string()}}; }
  test::process running(setup);
  REQUIRE(running.wait_for("up"));
  CHECK(processes() == pids{running.id()});
  running.send(SIGKILL);
  CHECK(running.wait());
  CHECK(processes().empty());
}
