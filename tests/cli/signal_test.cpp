#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>

using namespace pofetch::test;
using std::chrono::seconds;

namespace {

/// A run that takes long enough to be stopped, with downloads under way.
struct long_run {
  program pofetch;
  coupa site{{"--pos", "300", "--attachments", "3", "--size", "20k-200k", "--latency", "80"}};
  process running{pofetch.setup(site.run_line("out", {"--progress", "json", "--workers", "8"}))};

  long_run() { REQUIRE(running.wait_for("attachment_finished")); }
};

}  // namespace

TEST_CASE("signals: SIGINT ends with 130 within 5 s, SIGTERM with 143, and the next run finishes") {
  struct row {
    int signal;
    int status;
  };
  for (const row& each : {row{SIGINT, 130}, row{SIGTERM, 143}, row{SIGHUP, 143}}) {
    CAPTURE(each.signal);
    long_run stopped;
    const auto asked = std::chrono::steady_clock::now();
    stopped.running.send(each.signal);
    const ended done = ended_well(stopped.running);
    CHECK(std::chrono::steady_clock::now() - asked < seconds{8});
    CHECK(done.status == each.status);
    CHECK(has(done.err, "Stopping: finishing what is under way"));
    CHECK(has(done.err, "To go on:"));
    const ended status = stopped.pofetch.run({"status", "out"});
    CHECK_MESSAGE(has(status.out, "stopped before its end"), status.out);
    CHECK(has(status.out, "PENDING"));
    CHECK(stopped.pofetch.run({"verify", "out"}).status == 0);
  }
}

TEST_CASE("signals: after a stop the same command finishes the work") {
  const program pofetch;
  const coupa site({"--pos", "40", "--attachments", "2", "--size", "1k-8k", "--latency", "40"});
  const words line = site.run_line("out", {"--progress", "json"});
  process first(pofetch.setup(line));
  REQUIRE(first.wait_for("po_finished"));
  first.send(SIGINT);
  CHECK(ended_well(first).status == 130);
  const ended second = pofetch.run(line);
  CHECK_MESSAGE(second.status == 0, second.err);
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}

TEST_CASE("signals: a second one ends at once") {
  long_run stopped;
  stopped.running.send(SIGINT);
  REQUIRE(stopped.running.wait_for("Stopping"));
  const auto asked = std::chrono::steady_clock::now();
  stopped.running.send(SIGINT);
  REQUIRE(stopped.running.wait());
  CHECK(std::chrono::steady_clock::now() - asked < seconds{2});
  CHECK(stopped.running.status() == 130);
}

TEST_CASE("signals: while the address does not answer, the run can be stopped") {
  const program pofetch;
  const coupa site({"--pos", "3", "--latency", "60000"});
  process running(pofetch.setup(site.run_line("out", {"--progress", "json"})));
  REQUIRE(running.wait_for("batch_started"));
  running.send(SIGINT);
  const auto asked = std::chrono::steady_clock::now();
  CHECK(ended_well(running).status == 130);
  CHECK(std::chrono::steady_clock::now() - asked < seconds{8});
}
