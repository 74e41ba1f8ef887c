// What finished POs go through when something else than the disk or the ledger fails: a bug, or the end of
// the grace.
#include "pipeline/committer.hpp"

#include "async/task_group.hpp"
#include "pipeline_fixture.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::pipeline;
using pipeline::committer;
using pipeline::finished_po;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using namespace std::chrono_literals;

namespace {

/// A receiver of events with a bug in it.
class broken_receiver final : public progress {
 public:
  void on(const progress_event& event) override {
    if (std::holds_alternative<event::po_finished>(event)) throw std::runtime_error("a bug");
  }
};

std::vector<std::string> numbers(int count) {
  std::vector<std::string> all;
  for (int i = 1; i <= count; ++i) all.push_back(std::to_string(i));
  return all;
}

/// A run in which `receiver` hears of everything; why it stopped.
std::optional<failure> run_with(pipeline_fixture& f, progress& receiver,
                                const std::vector<std::string>& list) {
  const auto executor = f.context.get_executor();
  shared_parts parts{f.records, f.files, receiver, executor, executor};
  processing_controller controller(
      parts, {lane{executor, f.http, f.source, f.time, 0, f.config.workers, nullptr}}, f.config);
  fake_list rows(list);
  REQUIRE(ok(controller.take_in(rows, {})));
  auto running = controller.run_lane(0);
  test::run_coro(f.context, f.time, std::move(running));
  f.stopped = controller.stopped_by();
  return controller.stop_failure();
}

finished_po finished(std::int64_t id) {
  finished_po done;
  done.read = true;
  done.outcome.po.id = id;
  done.outcome.po.number = std::to_string(id);
  return done;
}

/// One with the file `a.txt`, which is whole.
finished_po with_file(pipeline_fixture& f, std::int64_t id) {
  finished_po done = finished(id);
  done.outcome.po.folder = std::to_string(id);
  attachment_record record;
  record.key = "a";
  record.name = "a.txt";
  record.status = attachment_status::committing;
  done.outcome.attachments.push_back(record);
  auto body = f.files.create();
  REQUIRE(ok(body));
  done.parts.push_back({std::move(*body), {}});
  return done;
}

void take_in(pipeline_fixture& f, int count) {
  std::vector<po_entry> entries;
  for (const auto& number : numbers(count)) {
    po_entry entry;
    entry.key = entry.number = entry.folder = number;
    entries.push_back(entry);
  }
  REQUIRE(ok(f.records.begin_run({})));
  REQUIRE(ok(f.records.add(entries)));
  REQUIRE(ok(f.records.end_intake()));
  REQUIRE(ok(f.records.lease(static_cast<std::size_t>(count))));
}

awaitable<> hand_over_file(pipeline_fixture& f, committer& to, std::int64_t id) {
  auto done = with_file(f, id);
  co_await to.hand_over(std::move(done));
}

/// A committer of one lane at which nothing goes wrong.
struct calm_lane {
  explicit calm_lane(pipeline_fixture& of) : f(of) { working.spawn(to.run()); }

  void hand_over(std::int64_t id) { working.spawn(hand_over_file(f, to, id)); }

  void end() {
    to.close();
    test::run_coro(f.context, f.time,
                   [](async::task_group& all) -> awaitable<> { co_await all.join(); }(working));
  }

  pipeline_fixture& f;
  boost::asio::any_io_executor executor{f.context.get_executor()};
  shared_parts parts{f.records, f.files, f.events, executor, executor};
  lane where{executor, f.http, f.source, f.time, 0, 1, nullptr};
  committer to{where, parts, false, f.files.room,
               [](stop_reason, const failure&) { FAIL("nothing is wrong"); }};
  async::task_group working{executor};
};

awaitable<> hand_over(committer& to, std::int64_t id) {
  auto done = finished(id);
  co_await to.hand_over(std::move(done));
}

}  // namespace

TEST_CASE("committer: a bug while POs are recorded ends the run, and no worker waits for ever") {
  pipeline_fixture f;
  broken_receiver receiver;
  // More than are queued for the committer.
  const auto why = run_with(f, receiver, numbers(3 * committer::most_waiting));
  CHECK(f.stopped == stop_reason::machine);
  REQUIRE(why);
  CHECK(why->code == errc::internal);
  CHECK(why->message.find("a bug") != std::string::npos);
}

TEST_CASE("committer: a bug in one worker ends the run, and the file that another has whole is kept") {
  pipeline_fixture f;
  f.config.workers = 2;
  f.source.has("1", {"a.txt", "b.txt"});
  test::scripted_answer slow;
  slow.delay = 1h;
  test::scripted_answer quick;
  quick.body = "quick";
  f.http.on("https://files/1/0", quick).on("https://files/1/1", slow);
  f.source.decide = [&f](const purchase_order& po) -> result<discovery> {
    if (po.number == "60") throw std::runtime_error("a bug");
    return f.source.answers.count(po.number) != 0 ? f.source.answers.at(po.number) : discovery{};
  };
  REQUIRE(ok(f.run(fake_list(numbers(60)))));
  CHECK(f.stopped == stop_reason::machine);
  CHECK(f.status("1") == po_status::pending);
  CHECK(f.content("1/a.txt") == "quick");
}

TEST_CASE("committer: whoever is cancelled while it waits for room does not lose the PO that is finished") {
  pipeline_fixture f;
  boost::asio::io_context ledger;
  constexpr int count = static_cast<int>(committer::most_waiting + committer::enough_files + 9);
  take_in(f, count);
  const auto executor = f.context.get_executor();
  const shared_parts parts{f.records, f.files, f.events, ledger.get_executor(), executor};
  const lane where{executor, f.http, f.source, f.time, 0, 1, nullptr};
  committer to(where, parts, true, f.files.room,
               [](stop_reason, const failure&) { FAIL("nothing is wrong"); });
  async::task_group committing(executor);
  async::task_group workers(executor);
  committing.spawn(to.run());
  // The first group is on its way to the ledger, which takes its time; then the queue fills up.
  workers.spawn(hand_over(to, 1));
  for (int i = 0; i < 100; ++i) {
    f.context.poll();
    f.time.advance_to_next();
  }
  for (int id = 2; id <= count; ++id) workers.spawn(hand_over(to, id));
  f.context.poll();
  CHECK(workers.size() > 0);
  workers.cancel();
  f.context.poll();
  CHECK(workers.size() == 0);
  to.close();
  while (committing.size() > 0) {
    ledger.restart();
    ledger.poll();
    if (f.context.poll() == 0) f.time.advance_to_next();
  }
  test::run_coro(f.context, f.time, [](async::task_group& a, async::task_group& b) -> awaitable<> {
    co_await a.join();
    co_await b.join();
  }(committing, workers));
  CHECK(f.records.recorded() == static_cast<std::size_t>(count));
  CHECK(f.status("1") == po_status::no_attachments);
  CHECK(f.status(std::to_string(count)) == po_status::no_attachments);
}

TEST_CASE("committer: one sync brings the names of a group and the bodies of the next one to the disk") {
  pipeline_fixture f;
  take_in(f, 2);
  std::vector<std::string> calls;
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call.rfind("sync", 0) == 0 || call.rfind("place", 0) == 0)
      calls.push_back(call + (f.status("1") == po_status::completed ? ", 1 is done" : ""));
    return std::nullopt;
  };
  calm_lane one(f);
  one.hand_over(1);
  test::run_until(f.context, f.time, [&f] { return f.files.files.size() == 1; });
  one.hand_over(2);
  test::run_until(f.context, f.time, [&f] { return f.files.files.size() == 2; });
  CHECK(f.status("2") == po_status::pending);
  one.end();
  CHECK(calls == std::vector<std::string>{"sync 1", "place 1/a.txt", "sync 1", "place 2/a.txt, 1 is done",
                                          "sync 0, 1 is done"});
  CHECK(f.status("2") == po_status::completed);
}

TEST_CASE("committer: a group that no other one follows is done without one") {
  pipeline_fixture f;
  take_in(f, 1);
  calm_lane one(f);
  one.hand_over(1);
  const auto begun = f.time.now();
  test::run_until(f.context, f.time, [&f] { return f.status("1") == po_status::completed; });
  CHECK(f.time.now() - begun <= 2 * committer::gather_time);
  one.end();
  CHECK(f.events.finished == std::vector<std::string>{"1 COMPLETED"});
}

TEST_CASE("commit: of a PO that another one works on by now nothing counts, its neighbour is whole") {
  pipeline_fixture f;
  f.config.workers = 1;
  f.source.has("1", {"a.txt"});
  f.source.has("2", {"b.txt"});
  f.http.otherwise([&f](const http_request& request) {
    if (request.url.find("/1/") != std::string::npos) f.records.lose_lease("1");
    return test::answer_of(200, "content");
  });
  REQUIRE(test::ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.stopped == stop_reason::none);
  CHECK(f.status("1") == po_status::pending);
  CHECK(f.records.find("1")->attachments.empty());
  CHECK(f.files.files.count("1/a.txt") == 0);
  CHECK(f.status("2") == po_status::completed);
  CHECK(f.events.finished == std::vector<std::string>{"2 COMPLETED"});
  REQUIRE(f.events.notices.size() == 1);
  CHECK(f.events.notices[0].find("others work on by now") != std::string::npos);
}
