// pofetch doctor beside a file system that does not answer: a pipe that nobody writes to blocks whoever opens
// it in the kernel, as a file on a network folder does whose server is gone.
#include "cli/doctor_fixture.hpp"
#include "support/faults.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

namespace {

constexpr auto at_once = 10s;

/// doctor with an output folder all of whose files hang once they are opened.
process_setup stuck_folder(const program& pofetch, const words& line) {
  fs::create_directory(pofetch / "dead");
  fault dead{pofetch / "dead"};
  dead.what = "stall";
  dead.at = 1;
  return with(pofetch.setup(line), dead);
}

}  // namespace

TEST_CASE("doctor: a disk that does not answer is a FAIL that names it and the limit, and the end") {
  const coupa site({"--pos", "1", "--api-rate", "0"});
  struct row {
    words options;
    const char* check;
    std::string named;
  };
  const words there{"--base-url", site.base_url()};
  const words trusted = with(there, {"--cacert", site.file("ca.pem")});
  const row rows[] = {
      {{"--out", "dead"}, "folder", "dead"},
      {with(there, {"--cacert", "pipe"}), "config", "pipe"},
      {with(trusted, {"--cookies", "pipe"}), "sign_in", "pipe"},
      {with(trusted, {"--source", "api", "--client-id", "me", "--client-secret-file", "pipe"}), "sign_in",
       "pipe"},
  };
  const program pofetch;
  REQUIRE(::mkfifo((pofetch / "pipe").c_str(), 0600) == 0);
  const auto begun = steady::now();
  std::vector<std::unique_ptr<process>> running;
  for (const row& each : rows) {
    const words line = doctor_line(each.options);
    running.push_back(
        std::make_unique<process>(&each == rows ? stuck_folder(pofetch, line) : pofetch.setup(line)));
  }
  for (std::size_t i = 0; i < running.size(); ++i) {
    const row& each = rows[i];
    CAPTURE(each.options.back());
    const ended done = ended_well(*running[i]);
    CHECK_MESSAGE(done.status == 4, (done.out + done.err));
    const found seen(done);
    CHECK_MESSAGE(seen.level(each.check) == "FAIL", done.out);
    CHECK_MESSAGE(has(seen.of(each.check, "text"), each.named + " did not answer within 15 s"), done.out);
    CHECK(has(seen.of(each.check, "next_step"), "bring that folder back"));
    // Nothing that comes after it.
    CHECK(seen.level("latency") == "");
  }
  const auto took = steady::now() - begun;
  CHECK(took >= 15s);
  CHECK(took < 50s);
}

TEST_CASE("doctor: Ctrl-C is heard while a disk does not answer") {
  const program pofetch;
  process running(stuck_folder(pofetch, {"doctor", "--out", "dead"}));
  REQUIRE(running.wait_for("OK    config"));
  const auto asked = steady::now();
  running.send(SIGINT);
  const ended done = ended_well(running);
  CHECK(done.status == 130);
  CHECK(steady::now() - asked < at_once);
}
