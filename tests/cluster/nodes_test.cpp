// Several nodes on one batch: the same as one machine, and what happens to nodes on the way changes nothing.
#include "cluster/fleet.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <thread>

using namespace pofetch;
using namespace pofetch::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

coupa_sim::options wide_site(std::uint64_t orders, std::chrono::milliseconds latency = 10ms) {
  coupa_sim::options options;
  options.pos = orders;
  options.attachments = {1, 4};
  options.size = {100, 30 * 1024};
  options.latency = latency;
  options.slide_every = 0;
  return options;
}

std::string why_broken(const fleet& f) {
  const std::string wrong = f.broken();
  return wrong.empty() ? wrong : wrong + "\n" + f.query("SELECT name, state, working FROM pofetch.nodes");
}

/// The report of one machine with a ledger of its own.
std::string difference_to_one_machine(const fleet& f) {
  const fs::path alone = f.from.dir / "alone";
  CHECK(f.from.run(alone).status == 0);
  return difference(tree(f.out()), tree(alone)) +
         line_difference(timeless(f.out() / "report.csv"), timeless(alone / "report.csv"));
}

const std::string holds =
    "SELECT count(*) > 0 FROM pofetch.work AS w JOIN pofetch.nodes AS n ON n.id = w.node WHERE n.name = ";

}  // namespace

TEST_CASE("one node with the ledger in a database: the same files and report as with a ledger of its own") {
  fleet f(wide_site(20));
  const outcome done = ended(f.node("one", {"--report", (f.from.dir / "more.json").string()}));
  CHECK_MESSAGE(done.status == 0, done.err);
  // A report where it was asked for, and where all nodes find it.
  CHECK(fs::exists(f.from.dir / "more.json"));
  CHECK(fs::remove(f.out() / "more.json"));
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
  CHECK(f.fetched_again() == 0);
  const std::string other = difference_to_one_machine(f);
  CHECK_MESSAGE(other.empty(), other);
  // Again: nothing is left to do.
  f.from.sim.reset_statistics();
  process_setup again = f.node("one");
  again.arguments.front() = "run";
  CHECK(ended(again).status == 0);
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
  CHECK(f.from.sim.statistics().downloads == 0);
  // The folder is the batch's.
  const outcome alone = f.from.run(f.out());
  CHECK(alone.status == 2);
  CHECK_MESSAGE(alone.says("database"), alone.err);
}

TEST_CASE("three nodes, one of them without the list: the same as one machine") {
  fleet f(wide_site(60, 30ms));
  auto first = f.start("first");
  f.await("SELECT state FROM pofetch.batches", "ready");
  auto second = f.start("second");
  process_setup listless = f.node("third");
  listless.arguments.erase(listless.arguments.begin() + 1);
  process third(listless);
  for (process* each : {first.get(), second.get(), &third}) {
    REQUIRE_MESSAGE(each->wait(60s), each->err());
    CHECK_MESSAGE(each->status() == 0, each->err());
  }
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
  CHECK(f.fetched_again() == 0);
  const std::string other = difference_to_one_machine(f);
  CHECK_MESSAGE(other.empty(), other);
  CHECK(f.query("SELECT count(*) FROM pofetch.nodes WHERE state <> 'gone'") == "0");
}

TEST_CASE("a node is killed and another one frozen for longer than a lease: nothing is lost, nothing twice" *
          doctest::test_suite("chaos")) {
  fleet f(wide_site(150, 30ms));
  const std::vector<std::string> lease{"--lease", "2s"};
  auto steady = f.start("steady", lease);
  f.await("SELECT state FROM pofetch.batches", "ready");
  auto killed = f.start("killed", lease);
  auto frozen = f.start("frozen", lease);
  f.await(holds + "'killed'", "t");
  killed->send(SIGKILL);
  REQUIRE(killed->wait(10s));
  f.await(holds + "'frozen'", "t");
  frozen->send(SIGSTOP);
  f.await("SELECT state FROM pofetch.nodes WHERE name = 'frozen'", "dead");
  f.await(
      "SELECT count(*) FROM pofetch.work AS w JOIN pofetch.nodes AS n ON n.id = w.node WHERE n.state = "
      "'dead'",
      "0");
  frozen->send(SIGCONT);
  REQUIRE_MESSAGE(steady->wait(60s), steady->err());
  REQUIRE_MESSAGE(frozen->wait(60s), frozen->err());
  CHECK_MESSAGE(steady->status() == 0, steady->err());
  CHECK_MESSAGE(frozen->status() == 0, frozen->err());
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
  // What was in flight or not yet recorded of two nodes.
  CHECK(f.fetched_again() <= 2 * (16 + 64 + 4 * 8));
  const std::string other = difference_to_one_machine(f);
  CHECK_MESSAGE(other.empty(), other);
}

TEST_CASE("a node that is stopped gives its orders back at once, and the next one goes on") {
  fleet f(wide_site(80, 30ms));
  auto first = f.start("first", {"--lease", "60s"});
  f.await(holds + "'first'", "t");
  first->send(SIGTERM);
  REQUIRE(first->wait(10s));
  CHECK_MESSAGE(first->status() == 143, first->err());
  CHECK(f.query("SELECT count(*) FROM pofetch.work WHERE node IS NOT NULL") == "0");
  CHECK(f.query("SELECT count(*) > 0 FROM pofetch.work") == "t");
  CHECK(fs::exists(f.out() / "report.csv"));
  const outcome second = ended(f.node("second"));
  CHECK_MESSAGE(second.status == 0, second.err);
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
}

TEST_CASE("the database goes and comes back: the nodes wait, nobody is taken for dead" *
          doctest::test_suite("chaos")) {
  fleet f(wide_site(300, 60ms));
  auto first = f.start("first", {"--lease", "2s"});
  f.await("SELECT state FROM pofetch.batches", "ready");
  auto second = f.start("second", {"--lease", "2s"});
  f.await(holds + "'second'", "t");
  database().crash_for(4s);
  for (process* each : {first.get(), second.get()}) {
    REQUIRE_MESSAGE(each->wait(60s), each->err());
    CHECK_MESSAGE(each->status() == 0, each->err());
  }
  CHECK_MESSAGE(why_broken(f).empty(), why_broken(f));
  CHECK(f.query("SELECT count(*) FROM pofetch.nodes") == "2");
}

TEST_CASE("pause, resume and stop reach all nodes; status shows them") {
  fleet f(wide_site(250, 60ms));
  auto first = f.start("first");
  f.await("SELECT state FROM pofetch.batches", "ready");
  auto second = f.start("second");
  f.await(holds + "'second'", "t");
  CHECK(f.tell({"pause"}).status == 0);
  std::this_thread::sleep_for(3s);
  const auto requests = f.from.sim.statistics().requests;
  const outcome shown = f.tell({"status"});
  CHECK_MESSAGE(shown.status == 0, shown.err);
  f.await("SELECT count(*) FROM pofetch.work WHERE node IS NOT NULL", "0");
  CHECK(f.from.sim.statistics().requests == requests);
  CHECK(f.tell({"resume"}).status == 0);
  f.await(holds + "'first'", "t");
  CHECK(f.tell({"stop"}).status == 0);
  REQUIRE(first->wait(10s));
  REQUIRE(second->wait(10s));
  CHECK_MESSAGE(first->status() == 143, first->err());
  CHECK_MESSAGE(second->status() == 143, second->err());
  CHECK(f.query("SELECT count(*) FROM pofetch.work WHERE node IS NOT NULL") == "0");
  CHECK(f.query("SELECT count(*) FROM pofetch.nodes WHERE state <> 'gone'") == "0");
}

TEST_CASE(
    "what belongs to the batch is the same for all nodes, and a node that gives something else is told") {
  fleet f(wide_site(4));
  CHECK(ended(f.node("one", {"--include", "*.pdf"})).status == 0);
  const outcome other = ended(f.node("two", {"--include", "*.docx"}));
  CHECK(other.status == 2);
  CHECK_MESSAGE(other.says("--include: the batch has *.pdf, this node gives *.docx"), other.err);
  const outcome unknown = f.tell({"status", "--batch", "nobody"});
  CHECK(unknown.status == 2);
  CHECK_MESSAGE(unknown.says("there are: orders"), unknown.err);
}

TEST_CASE("a password is refused on the command line in every form, and no message has it") {
  fleet f(wide_site(1));
  for (const char* address :
       {"postgresql://u:s3cr3t@127.0.0.1/db", "postgresql://127.0.0.1/db?password=s3cr3t",
        "host=127.0.0.1 password=s3cr3t", "postgresql://u:s3cr3t@[::1/db",
        "postgresql://127.0.0.1/db?%70assword=s3cr3t"}) {
    CAPTURE(std::string(address));
    process_setup setup = f.node("one", {"--ledger", address});
    const outcome done = ended(setup);
    CHECK(done.status == 2);
    CHECK_FALSE(done.says("s3cr3t"));
    CHECK_MESSAGE(done.says("password"), done.err);
  }
  process_setup shown = f.node("one");
  shown.arguments.push_back("--print-config");
  std::erase(shown.arguments, "--ledger");
  std::erase(shown.arguments, f.url());
  shown.environment["POFETCH_LEDGER"] = "postgresql://u:s3cr3t@127.0.0.1:1/db";
  process config(shown);
  REQUIRE(config.wait(10s));
  CHECK(config.status() == 0);
  CHECK(config.out().find("127.0.0.1:1/db") != std::string::npos);
  CHECK(config.out().find("s3cr3t") == std::string::npos);
  // Nobody is there.
  shown.arguments.pop_back();
  shown.arguments.insert(shown.arguments.end(), {"--ledger-timeout", "1s"});
  const outcome away = ended(shown);
  CHECK_MESSAGE(away.status == 4, away.err);
  CHECK_FALSE(away.says("s3cr3t"));
}
