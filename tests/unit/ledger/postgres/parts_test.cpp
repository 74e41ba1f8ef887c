#include "postgres_back_end.hpp"

using namespace pofetch;
using namespace pofetch::test;
using part = postgres::postgres_ledger::part;
using ending = postgres::postgres_ledger::ending;

namespace {

/// Nodes of one batch as they come; the first one is there.
struct coming : ledger_fixture {
  const postgres_back_end& here = static_cast<const postgres_back_end&>(*kept_in);
  postgres::postgres_ledger& first = static_cast<postgres::postgres_ledger&>(*ledger);
  std::unique_ptr<postgres::postgres_ledger> second = here.open_node("second");

  void begin(const std::vector<std::string>& numbers) {
    REQUIRE(must(first.enter("list")) == part::take_in);
    take_in(entries_of(numbers));
    must(first.lease(0));
  }
  void kill(const std::string& node) {
    query("UPDATE pofetch.nodes SET state = 'dead' WHERE name = '" + node +
          "' AND batch = (SELECT id FROM pofetch.batches WHERE name = '" + here.batch() + "')");
  }
  static po_outcome done(const po_lease& lease) { return outcome_of(lease.po, po_status::no_attachments); }
};

}  // namespace

TEST_CASE("parts: the first takes the list in, the second waits for it and joins") {
  coming f;
  CHECK(must(f.first.enter("list")) == part::take_in);
  CHECK(must(f.second->enter("list")) == part::wait);
  CHECK(must(f.second->enter("")) == part::wait);
  CHECK(must(f.second->enter("another")) == part::other_list);
  f.take_in(entries_of({"1", "2"}));
  must(f.first.lease(0));
  CHECK(must(f.second->enter("")) == part::join);
  CHECK(must(f.second->enter("another")) == part::other_list);
}

TEST_CASE("parts: whoever has no list and finds none is told; one that was read is gone on with") {
  coming f;
  CHECK(must(f.second->enter("")) == part::no_list);
  f.begin({"1"});
  CHECK(must(f.first.stop_working()));
  f.ledger.reset();
  CHECK(must(f.second->enter("")) == part::go_on);
}

TEST_CASE("parts: a dead node's place in the intake is taken, and its orders are waited for") {
  coming f;
  CHECK(must(f.first.enter("list")) == part::take_in);
  f.kill("case");
  CHECK(must(f.second->enter("list")) == part::take_in);

  coming g;
  g.begin({"1", "2"});
  CHECK(must(g.first.lease(1)).size() == 1);
  g.kill("case");
  CHECK(must(g.second->enter("list")) == part::wait);
}

TEST_CASE("parts: one ends the run, once nobody holds an order, and the others hear of it") {
  coming f;
  f.begin({"1", "2"});
  CHECK(must(f.second->enter("list")) == part::join);
  must(f.second->join());
  const auto mine = must(f.first.lease(1));
  const auto theirs = must(f.second->lease(1));
  REQUIRE(theirs.size() == 1);
  CHECK(must(f.first.record(std::vector{f.done(mine.at(0))})).empty());
  CHECK(must(f.first.awaits_others()));
  CHECK(must(f.first.begin_finish()) == ending::wait);
  CHECK(must(f.second->record(std::vector{f.done(theirs[0])})).empty());
  CHECK(must(f.second->begin_finish()) == ending::wait);
  CHECK(must(f.first.begin_finish()) == ending::finish);
  must(f.second->count_work(5, 2));
  run_record run;
  run.requests = 10;
  must(f.first.end_run(run));
  CHECK(must(f.second->begin_finish()) == ending::ended);
  CHECK(must(f.second->last_run()).requests == 15);
  CHECK(must(f.second->last_run()).retries == 2);
}

TEST_CASE("parts: a node that dies while it ends the run is followed by another one") {
  coming f;
  f.begin({"1"});
  CHECK(must(f.second->enter("list")) == part::join);
  must(f.second->join());
  CHECK(must(f.first.record(std::vector{f.done(must(f.first.lease(1)).at(0))})).empty());
  CHECK(must(f.first.begin_finish()) == ending::finish);
  CHECK(must(f.second->begin_finish()) == ending::wait);
  f.kill("case");
  CHECK(must(f.second->begin_finish()) == ending::finish);
  CHECK_FALSE(f.first.begin_finish());
}

TEST_CASE("parts: while a pause is wanted, or the run is being ended, nobody gets an order") {
  coming f;
  f.begin({"1", "2"});
  const auto want = [&f](const std::string& what) {
    query("UPDATE pofetch.batches SET wanted = '" + what + "' WHERE name = '" + f.here.batch() + "'");
  };
  want("pause");
  CHECK(must(f.first.lease(1)).empty());
  want("run");
  CHECK(must(f.first.begin_finish()) == ending::finish);
  CHECK(must(f.first.lease(1)).empty());
}

TEST_CASE("parts: settings are those of the first") {
  coming f;
  CHECK(must(f.first.settle_settings("a")) == "a");
  CHECK(must(f.second->settle_settings("b")) == "a");
  CHECK(must(f.second->facts()).settings == "a");
  CHECK(must(f.first.facts()).token == must(f.second->facts()).token);
  CHECK(must(f.second->is_alive()));
  f.kill("second");
  CHECK_FALSE(must(f.second->is_alive()));
}
