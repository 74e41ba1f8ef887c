#include "ledger/postgres/watch.hpp"

#include "postgres_back_end.hpp"

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

/// The first node watches, by a clock that the test turns; the second one falls silent, or does not.
struct watching : ledger_fixture {
  const postgres_back_end& here = static_cast<const postgres_back_end&>(*kept_in);
  std::unique_ptr<postgres::postgres_ledger> second = here.open_node("second");
  std::chrono::nanoseconds now{0};
  postgres::watch eye = watch_of(static_cast<const postgres::postgres_ledger&>(*ledger));

  postgres::watch watch_of(const postgres::postgres_ledger& node) {
    return must(postgres::watch::open(session_at(here.url()), node.batch_id(), node.node_id(),
                                      std::chrono::milliseconds(15'000), [this] { return now; }));
  }

  /// The second node holds the first orders of the list and is about to place a file of the first one.
  std::vector<po_lease> begin() {
    take_in(entries_of({"1", "2", "3", "4"}));
    must(ledger->lease(0));
    must(second->join());
    auto leases = must(second->lease(1));
    REQUIRE(numbers_of(leases) == texts{"1"});
    intended = outcome_of(
        leases[0].po, po_status::pending,
        {attachment_of("a", attachment_status::committing), attachment_of("b", attachment_status::failed)});
    CHECK(must(second->intend(std::vector{intended})).empty());
    return leases;
  }
  po_outcome intended{};

  texts look_after(std::chrono::seconds time) {
    now += time;
    texts names;
    last = must(eye.look());
    for (const auto& each : last) names.push_back(each.name);
    return names;
  }
  std::vector<postgres::dead_node> last{};
};

/// All that is free: beside others a node gets a few at a time.
std::vector<po_lease> rest_of(ledger& node) {
  std::vector<po_lease> all;
  for (auto some = must(node.lease(9)); !some.empty(); some = must(node.lease(9)))
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace

TEST_CASE("watch: dead is who gives no sign of life for a whole lease, as the watcher sees it") {
  watching f;
  f.begin();
  CHECK(f.look_after(std::chrono::seconds(0)).empty());
  CHECK(f.look_after(std::chrono::seconds(14)).empty());
  must(f.second->renew());
  CHECK(f.look_after(std::chrono::seconds(14)).empty());
  CHECK(f.look_after(std::chrono::seconds(14)).empty());
  CHECK(f.look_after(std::chrono::seconds(1)) == texts{"second"});
  // It is told to every watcher, until its orders are free.
  CHECK(f.look_after(std::chrono::seconds(0)) == texts{"second"});
}

TEST_CASE("watch: a result is a sign of life, and so is a lease; an outage kills nobody") {
  watching f;
  const auto leases = f.begin();
  CHECK(f.look_after(std::chrono::seconds(0)).empty());
  f.now += std::chrono::seconds(14);
  CHECK(must(f.second->record(std::vector{outcome_of(leases[0].po, po_status::pending)})).empty());
  CHECK(f.look_after(std::chrono::seconds(0)).empty());
  f.now += std::chrono::seconds(14);
  CHECK(must(f.second->lease(1)).size() == 1);
  CHECK(f.look_after(std::chrono::seconds(0)).empty());
  // The watcher saw nothing for an hour, neither did the other one reach the server: it looks for a lease
  // first.
  must(f.second->renew());
  CHECK(f.look_after(std::chrono::hours(1)).empty());
  CHECK(f.look_after(std::chrono::seconds(14)).empty());
}

TEST_CASE("rescue: what the dead node was about to place is settled before its orders are free") {
  watching f;
  f.begin();
  f.look_after(std::chrono::seconds(0));
  REQUIRE(f.look_after(std::chrono::seconds(15)) == texts{"second"});
  const auto dead = f.last[0];
  // Dead, but not free.
  CHECK(numbers_of(rest_of(*f.ledger)) == texts{"2", "3", "4"});
  CHECK_FALSE(f.eye.release(dead));
  CHECK(rest_of(*f.ledger).empty());

  std::vector<po_lease> left;
  must(f.eye.each_left(dead, [&left](const po_lease& one) -> result<void> {
    left.push_back(one);
    return {};
  }));
  REQUIRE(left.size() == 1);
  REQUIRE(left[0].known.size() == 1);
  CHECK(left[0].po.number == "1");
  CHECK(left[0].known[0].name == "a.pdf");
  left[0].known[0].status = attachment_status::completed;
  must(f.eye.settle(dead, left));
  must(f.eye.release(dead));
  must(f.eye.release(dead));  // as a second rescuer would
  CHECK(f.look_after(std::chrono::seconds(0)).empty());

  const auto got = rest_of(*f.ledger);
  REQUIRE(numbers_of(got) == texts{"1"});
  CHECK(got[0].known[0].status == attachment_status::completed);
  // Whatever the dead node still has in hand when it wakes up.
  CHECK(must(f.second->record(std::vector{f.intended})) == po_ids{got[0].po.id});
  CHECK_FALSE(must(f.watch_of(*f.second).beat()));
}

TEST_CASE("rescue: begun by one that died, is ended by another one") {
  watching f;
  f.begin();
  auto third = f.here.open_node("third");
  auto other_eye = f.watch_of(*third);
  f.look_after(std::chrono::seconds(0));
  must(third->renew());
  REQUIRE(f.look_after(std::chrono::seconds(15)) == texts{"second"});
  const auto seen = must(other_eye.look());
  REQUIRE(seen.size() == 1);
  must(other_eye.each_left(seen[0], [&](const po_lease& one) -> result<void> {
    po_lease gone = one;
    gone.known[0].status = attachment_status::pending;
    return other_eye.settle(seen[0], std::vector{gone});
  }));
  must(other_eye.release(seen[0]));
  CHECK(numbers_of(rest_of(*f.ledger)) == texts{"1", "2", "3", "4"});
}

TEST_CASE("rescue: one that is late settles nothing of what others have placed by then") {
  watching f;
  f.begin();
  f.look_after(std::chrono::seconds(0));
  REQUIRE(f.look_after(std::chrono::seconds(15)) == texts{"second"});
  std::vector<po_lease> left;
  must(f.eye.each_left(f.last[0], [&left](const po_lease& one) -> result<void> {
    left.push_back(one);
    return {};
  }));
  left.at(0).known.at(0).status = attachment_status::pending;
  must(f.eye.settle(f.last[0], left));
  must(f.eye.release(f.last[0]));
  const auto again = rest_of(*f.ledger);
  CHECK(must(f.ledger->record(std::vector{outcome_of(again.at(0).po, po_status::completed,
                                                     {attachment_of("a", attachment_status::completed)})}))
            .empty());
  // Another rescuer looked when the file was not there yet, and wakes up now.
  must(f.eye.settle(f.last[0], left));
  CHECK(f.rows()[0].outcome.status == po_status::completed);
  CHECK(f.rows()[0].outcome.attachments[0].status == attachment_status::completed);
}

TEST_CASE("rescue: who was taken for dead rescues nobody") {
  watching f;
  f.begin();
  const auto first = static_cast<const postgres::postgres_ledger&>(*f.ledger).node_id();
  query("UPDATE pofetch.nodes SET state = 'dead' WHERE id = " + std::to_string(first));
  CHECK_FALSE(must(f.eye.beat()));
  CHECK_FALSE(f.eye.release({f.second->node_id(), "second"}));
}
