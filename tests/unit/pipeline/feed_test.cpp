#include "pipeline/feed.hpp"

#include "pipeline_fixture.hpp"

using namespace pofetch;
using namespace pofetch::test;

namespace {

struct feed_fixture : pipeline_fixture {
  lane where{context.get_executor(), http, source, time, 0, 1};
  shared_parts parts{records, files, events, context.get_executor(), context.get_executor()};
  bool stopping = false;
  pipeline::feed pos{where, parts, 3, stopping};

  feed_fixture() {
    std::vector<po_entry> entries;
    for (const std::string number : {"1", "2", "3", "4"}) {
      po_entry entry;
      entry.key = entry.number = entry.folder = number;
      entries.push_back(entry);
    }
    REQUIRE(ok(records.begin_run({})));
    REQUIRE(ok(records.add(entries)));
    REQUIRE(ok(records.end_intake()));
  }

  std::optional<po_lease> next() { return run_coro(context, time, pos.next()).value(); }

  std::string leased() {
    std::string all;
    for (const std::string number : {"1", "2", "3", "4"})
      if (records.is_leased(number)) all += number;
    return all;
  }
};

}  // namespace

TEST_CASE("feed: what is not handed out in the end is given back, what is under way stays leased") {
  feed_fixture f;
  CHECK(f.next()->po.number == "1");
  CHECK(f.leased() == "123");
  run_coro(f.context, f.time, f.pos.give_back());
  CHECK(f.leased() == "1");
  CHECK_FALSE(f.next());
}

TEST_CASE("feed: what is put back is given back with the next visit to the ledger") {
  feed_fixture f;
  f.pos.put_back(*f.next());
  f.next();
  f.next();
  CHECK(f.leased() == "123");
  CHECK(f.next()->po.number == "4");
  CHECK(f.leased() == "234");
  CHECK_FALSE(f.next());
}

TEST_CASE("feed: while others hold orders that may come back, it asks again; not once a stop is wanted") {
  feed_fixture f;
  for (int i = 0; i < 4; ++i) f.next();
  f.records.let_others_hold(3);
  const auto before = f.time.now();
  CHECK_FALSE(f.next());
  CHECK(f.time.now() - before >= std::chrono::milliseconds(750));

  feed_fixture stopped;
  for (int i = 0; i < 4; ++i) stopped.next();
  stopped.records.let_others_hold(1'000'000);
  stopped.stopping = true;
  CHECK_FALSE(stopped.next());
}
