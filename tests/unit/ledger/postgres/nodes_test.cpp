#include "ledger/postgres/nodes.hpp"

#include "postgres_back_end.hpp"

#include <atomic>
#include <set>
#include <thread>

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

/// A batch on which two nodes work; `ledger` is the first one.
struct two_nodes : ledger_fixture {
  const postgres_back_end& here = static_cast<const postgres_back_end&>(*kept_in);
  std::unique_ptr<postgres::postgres_ledger> second{};

  /// The list is taken in by the first, and the second joins.
  void begin(const texts& numbers) {
    take_in(entries_of(numbers));
    must(ledger->lease(0));
    second = here.open_node("second");
    must(second->join());
  }

  std::string rows_of(const std::string& table, const std::string& columns) {
    return query("SELECT " + columns + " FROM pofetch." + table +
                 " WHERE batch = (SELECT id FROM pofetch.batches WHERE "
                 "name = '" +
                 here.batch() + "') ORDER BY 1");
  }
  void take_for_dead(const std::string& node) {
    query("UPDATE pofetch.nodes SET state = 'dead' WHERE name = '" + node +
          "' AND batch = (SELECT id FROM "
          "pofetch.batches WHERE name = '" +
          here.batch() + "')");
  }
};

po_outcome done_of(const po_lease& lease) {
  return outcome_of(lease.po, po_status::completed, {attachment_of("a", attachment_status::completed)});
}

/// Ends every connection of others, as a server that restarts does.
void cut_all() {
  query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
      "pg_backend_pid()");
}

}  // namespace

TEST_CASE("nodes: two work on one list, and nobody gets an order that the other one has") {
  two_nodes f;
  f.begin(count_up(1, 200));
  std::multiset<std::string> got;
  std::size_t of_second = 0;
  for (bool more = true; more;) {
    more = false;
    for (const bool first : {true, false}) {
      ledger& node = first ? *f.ledger : *f.second;
      for (const po_lease& each : must(node.lease(8))) {
        more = true;
        got.insert(each.po.number);
        of_second += first ? 0U : 1U;
        CHECK(must(node.record(std::vector{done_of(each)})).empty());
      }
    }
  }
  CHECK(got.size() == 200);
  CHECK(std::set<std::string>(got.begin(), got.end()).size() == 200);
  CHECK(of_second > 50);
  CHECK(must(f.ledger->totals()).by_status[1] == 200);
  CHECK(f.rows_of("work", "po_id").empty());
}

TEST_CASE("nodes: what one gives back, another one gets") {
  two_nodes f;
  f.begin(count_up(1, 4));
  const auto mine = must(f.ledger->lease(1));
  REQUIRE(numbers_of(mine) == texts{"1"});
  must(f.ledger->give_back(std::vector{mine[0].po.id}));
  CHECK(numbers_of(must(f.second->lease(1))) == texts{"1"});
}

TEST_CASE("nodes: one that leaves gives its orders back at once") {
  two_nodes f;
  f.begin(count_up(1, 3));
  CHECK(must(f.second->lease(1)).size() == 1);
  f.second.reset();
  CHECK(numbers_of(f.lease_all()).size() == 3);
  CHECK(f.rows_of("nodes", "name, state") == "case|alive;second|gone");
}

TEST_CASE("nodes: one that was taken for dead writes nothing more, whatever it has in hand") {
  two_nodes f;
  f.begin(count_up(1, 6));
  const auto leases = must(f.second->lease(1));
  REQUIRE(leases.size() == 1);
  const auto intent =
      outcome_of(leases[0].po, po_status::pending, {attachment_of("a", attachment_status::committing)});
  f.take_for_dead("second");
  CHECK(must(f.second->intend(std::vector{intent})) == po_ids{leases[0].po.id});
  CHECK(must(f.second->record(std::vector{done_of(leases[0])})) == po_ids{leases[0].po.id});
  const po_lease late{leases[0].po, {attachment_of("a", attachment_status::completed)}};
  CHECK(must(f.second->amend(std::vector{late})) == po_ids{late.po.id});
  CHECK_FALSE(f.second->lease(1));
  CHECK_FALSE(f.second->end_run({}));
  CHECK(f.with(attachment_status::committing).empty());
  CHECK(f.with(attachment_status::completed).empty());
  CHECK(must(f.ledger->totals()).by_status[0] == 6);
}

TEST_CASE("nodes: an order that another one holds is not amended, and others are") {
  two_nodes f;
  f.begin({"1", "2"});
  const auto theirs = must(f.second->lease(1)).at(0).po;
  const auto mine = must(f.ledger->lease(1)).at(0).po;
  const auto file_of = [](const purchase_order& po) {
    return po_lease{po, {attachment_of("a", attachment_status::completed)}};
  };
  CHECK(must(f.ledger->amend(std::vector{file_of(theirs), file_of(mine)})) == po_ids{theirs.id});
  CHECK(numbers_of(f.with(attachment_status::completed)) == texts{mine.number});
}

TEST_CASE("nodes: a lease that the server has lost is found out before anything is placed") {
  two_nodes f;
  f.begin(count_up(1, 2));
  const auto leases = must(f.second->lease(1));
  // As after a crash of a server on which the lease had not reached the disk.
  query("UPDATE pofetch.work SET node = NULL WHERE po_id = " + std::to_string(leases.at(0).po.id));
  const auto intent =
      outcome_of(leases[0].po, po_status::pending, {attachment_of("a", attachment_status::committing)});
  CHECK(must(f.second->intend(std::vector{intent})) == po_ids{leases[0].po.id});
  CHECK(f.with(attachment_status::committing).empty());
}

TEST_CASE("nodes: every connection breaks, and nothing is lost or done twice") {
  two_nodes f;
  f.begin(count_up(1, 20));
  std::multiset<std::string> got;
  for (;;) {
    cut_all();
    const auto leases = must(f.second->lease(3));
    if (leases.empty()) break;
    cut_all();
    std::vector<po_outcome> done;
    for (const po_lease& each : leases) {
      got.insert(each.po.number);
      done.push_back(done_of(each));
    }
    CHECK(must(f.second->record(done)).empty());
  }
  CHECK(got.size() == 20);
  CHECK(must(f.ledger->totals()).by_status[1] == 20);
  CHECK(f.rows_of("nodes", "name, state") == "case|alive;second|alive");
}

TEST_CASE("nodes: a server that goes and comes back is waited for") {
  two_nodes f;
  f.begin(count_up(1, 3));
  const auto leases = must(f.second->lease(1));
  server().crash_for(std::chrono::seconds(1));
  const auto refused = f.second->record(std::vector{done_of(leases.at(0))});
  // Its lease was on its way to the disk when the server went: then another one gets the order.
  REQUIRE(refused);
  const bool kept = refused->empty();
  CHECK(must(f.ledger->totals()).by_status[1] == (kept ? 1U : 0U));
}

TEST_CASE("nodes: an attachment is what stands in its row, and over it what is about to be placed") {
  two_nodes f;
  f.begin({"1"});
  const auto po = must(f.ledger->lease(1)).at(0).po;
  f.intend(outcome_of(po, po_status::pending,
                      {attachment_of("a", attachment_status::committing),
                       attachment_of("b", attachment_status::committing)}));
  CHECK(query("SELECT count(*) FROM pofetch.attachments WHERE po_id = " + std::to_string(po.id)) == "0");
  CHECK(must(f.ledger->amend(std::vector{po_lease{po, {attachment_of("a", attachment_status::completed)}}}))
            .empty());
  CHECK(f.with(attachment_status::committing).size() == 1);
  CHECK(query("SELECT key FROM pofetch.attachments WHERE po_id = " + std::to_string(po.id)) == "a");
  // While another node lives, what it is about to place is its own matter.
  std::size_t seen = 0;
  must(f.second->each_with(attachment_status::committing, [&seen](const po_lease&) -> result<void> {
    ++seen;
    return {};
  }));
  CHECK(seen == 0);
}

TEST_CASE("a lease lasts as it was asked for, and a reader makes nothing") {
  two_nodes f;
  CHECK(f.ledger->lease_time() == std::chrono::milliseconds(15000));
  const auto missing =
      postgres::postgres_ledger::open({session_at(server().url("cases"), false), "no such batch", {}});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == errc::input);
  const auto empty = postgres::postgres_ledger::open({session_at(server().url("empty"), false), "any", {}});
  REQUIRE_FALSE(empty);
  CHECK(empty.error().code == errc::input);
}

TEST_CASE("a server that never lets this client in, is told at once and not waited for") {
  const auto begun = std::chrono::steady_clock::now();
  auto url = server().url("cases");
  url.replace(url.find("/cases"), 6, "/no_such_database");
  const auto opened = postgres::postgres_ledger::open({session_at(url), "any", {}});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::config);
  CHECK(opened.error().message.find("no_such_database") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}

TEST_CASE("several programs that begin at once make one schema") {
  const auto url = server().url("fresh");
  std::vector<std::thread> all;
  std::atomic<int> opened{0};
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&] {
      auto one = postgres::postgres_ledger::open({session_at(url), "same", {}});
      if (one) ++opened;
    });
  for (auto& each : all) each.join();
  CHECK(opened == 4);
}
