// --durability file: every file of a PO is placed and recorded before its slot takes the next one.
#include "pipeline_fixture.hpp"

#include <pofetch/session_keeper.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

using namespace pofetch;
using test::answer_of;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using test::scripted_answer;
using namespace std::chrono_literals;

namespace {

std::string file_of(std::size_t index) { return "https://files/1/" + std::to_string(index); }

/// PO 1 with so many files, each called `name`.
struct one_order : pipeline_fixture {
  explicit one_order(std::size_t count, const std::string& name = "same.txt") {
    config.sync = durability::file;
    source.has("1", std::vector<std::string>(count, name));
  }

  [[nodiscard]] std::size_t completed() const {
    const auto known = records.find("1");
    if (!known) return 0;
    return static_cast<std::size_t>(
        std::count_if(known->attachments.begin(), known->attachments.end(),
                      [](const auto& one) { return one.status == attachment_status::completed; }));
  }

  /// Files that the server was asked for and that the ledger does not have, whenever one more is asked for:
  /// what a kill at that moment costs.
  void watch_requests(std::function<scripted_answer(std::size_t)> answer) {
    http.otherwise([this, answer = std::move(answer)](const http_request& request) {
      const auto index = std::stoul(request.url.substr(request.url.rfind('/') + 1));
      most_open = std::max(most_open, ++asked - completed());
      return answer(index);
    });
  }

  /// Name on the disk to content.
  [[nodiscard]] std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> all;
    for (const auto& [path, file] : files.files) all[path] = file.content;
    return all;
  }

  std::size_t asked = 0;
  std::size_t most_open = 0;
};

/// The later in the list, the quicker; every third one comes at the second try only.
scripted_answer the_last_first(std::size_t index, std::size_t count, std::map<std::size_t, int>& tries) {
  scripted_answer made = answer_of(200, "content " + std::to_string(index));
  if (index % 3 == 1 && tries[index]++ == 0) made = answer_of(503);
  made.delay = 10ms * static_cast<int>(count - index);
  return made;
}

/// A new session whenever one is needed.
class obliging final : public session_keeper {
 public:
  std::function<void()> then;
  awaitable<result<session_news>> renew(const failure&) override {
    then();
    co_return session_news::renewed;
  }
};

}  // namespace

TEST_CASE("one by one: what a kill costs is never more than the slots, and never more than the connections") {
  struct row {
    unsigned slots;
    unsigned connections;
    std::size_t most;
  };
  for (const row& each : {row{4, 16, 4}, row{1, 16, 1}, row{8, 3, 3}, row{4, 1, 1}}) {
    CAPTURE(each.slots);
    CAPTURE(each.connections);
    one_order f(40);
    f.config.workers = 1;
    f.config.max_concurrent = each.slots;
    f.config.max_connections = each.connections;
    f.watch_requests([](std::size_t index) {
      scripted_answer made = answer_of(200, "content");
      made.delay = 1ms * static_cast<int>(1 + index % 5);
      return made;
    });
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.files.files.size() == 40);
    CHECK(f.most_open == each.most);
    CHECK(f.files.partials == 0);
  }
}

TEST_CASE("one by one: the names are those of the list, whoever comes first") {
  constexpr std::size_t count = 12;
  std::map<std::string, std::string> as_a_group;
  std::vector<std::string> recorded;
  for (const durability how : {durability::batch, durability::file}) {
    one_order f(count);
    f.config.sync = how;
    f.config.max_concurrent = 4;
    f.files.files["1/same (3).txt"].content = "somebody else's";
    std::map<std::size_t, int> tries;
    f.watch_requests([&tries](std::size_t index) { return the_last_first(index, count, tries); });
    REQUIRE(ok(f.run(fake_list({"1"}))));
    std::vector<std::string> names;
    const auto order = f.records.find("1");
    for (const auto& record : order->attachments) names.push_back(record.name);
    if (how == durability::batch) {
      as_a_group = f.contents();
      recorded = names;
      CHECK(names[2] == "same (4).txt");
      CHECK(f.content("1/same (4).txt") == "content 2");
    }
    CHECK(f.contents() == as_a_group);
    CHECK(names == recorded);
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.events.finished == std::vector<std::string>{"1 COMPLETED"});
  }
}

TEST_CASE("one by one: a file waits for the name of the one before it, not for its body") {
  one_order f(2);
  scripted_answer large = answer_of(200, "a large one");
  large.chunk = 1;
  large.chunk_delay = 1min;
  f.http.on(file_of(0), large).on(file_of(1), answer_of(200, "a small one"));
  bool early = false;
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call == "place 1/same (2).txt") early = f.files.files.empty();
    return std::nullopt;
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(early);
  CHECK(f.content("1/same.txt") == "a large one");
  CHECK(f.content("1/same (2).txt") == "a small one");
}

TEST_CASE("one by one: what has its place stays when the session ends, and is not asked for again") {
  one_order f(6, "a.txt");
  f.config.max_concurrent = 2;
  bool alive = false;
  obliging keeper;
  keeper.then = [&alive] { alive = true; };
  SUBCASE("somebody signs in again") { f.keeper = &keeper; }
  SUBCASE("the run ends, and the next one goes on") {}
  f.watch_requests([&alive](std::size_t index) {
    return index >= 3 && !alive ? answer_of(401) : answer_of(200, "content " + std::to_string(index));
  });
  REQUIRE(ok(f.run(fake_list({"1"}))));
  if (f.keeper == nullptr) {
    CHECK(f.status("1") == po_status::pending);
    CHECK(f.completed() == 3);
    alive = true;
    REQUIRE(ok(f.run(fake_list({"1"}))));
  }
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.files.files.size() == 6);
  for (std::size_t i = 0; i < 3; ++i) CHECK(f.http.count(file_of(i)) == 1);
  CHECK(f.content("1/a (6).txt") == "content 5");
}

TEST_CASE("one by one: a file that cannot be placed costs itself") {
  one_order f(3, "a.txt");
  f.files.fault = [](const std::string& call) -> std::optional<failure> {
    if (call != "place 1/a (2).txt") return std::nullopt;
    return make_failure(errc::permission, "no");
  };
  f.watch_requests([](std::size_t index) { return answer_of(200, "content " + std::to_string(index)); });
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::partial);
  CHECK(f.content("1/a.txt") == "content 0");
  CHECK(f.content("1/a (3).txt") == "content 2");
  CHECK(f.records.find("1")->attachments[1].error->code == errc::permission);
}

TEST_CASE(
    "one by one: a full disk ends the run, what has its place stays, and the next run fetches the rest") {
  one_order f(8, "a.txt");
  f.config.max_concurrent = 2;
  f.files.fault = [](const std::string& call) -> std::optional<failure> {
    if (call != "place 1/a (5).txt") return std::nullopt;
    return make_failure(errc::disk_full, "no space left");
  };
  f.watch_requests([](std::size_t index) { return answer_of(200, "content " + std::to_string(index)); });
  (void)f.run(fake_list({"1"}));
  CHECK(f.stopped == stop_reason::machine);
  CHECK(f.completed() >= 3);
  const std::size_t first = f.completed();
  f.files.fault = nullptr;
  f.asked = 0;
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.asked <= 8 - first);
  CHECK(f.content("1/a (8).txt") == "content 7");
  CHECK(f.files.partials == 0);
}

TEST_CASE("one by one: stopped in mid-order, what is whole has its place, and no slot waits for ever") {
  one_order f(30, "a.txt");
  f.config.workers = 1;
  f.config.stop_grace = 100ms;
  f.meanwhile = [&f](pipeline::processing_controller& controller) {
    f.watch_requests([&f, &controller](std::size_t index) {
      if (f.asked == 10) controller.request_stop(stop_reason::interrupted);
      scripted_answer made = answer_of(200, "content");
      made.delay = index < 12 ? 30ms : 24h;
      return made;
    });
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.stopped == stop_reason::interrupted);
  CHECK(f.status("1") == po_status::pending);
  CHECK(f.completed() == 12);
  CHECK(f.files.files.size() == 12);
  CHECK(f.files.partials == 0);
}

TEST_CASE("one by one: a refresh places the new version, and the ledger knows that the old one is not it") {
  for (const bool hash : {true, false}) {
    CAPTURE(hash);
    one_order f(3, "a.txt");
    f.config.hash = hash;
    std::string version = "old ";
    f.watch_requests([&version](std::size_t index) {
      return answer_of(200, (index == 1 ? version : std::string("old ")) + std::to_string(index));
    });
    REQUIRE(ok(f.run(fake_list({"1"}))));
    version = "new ";
    f.config.refresh = 0ms;
    f.time.advance(1h);
    REQUIRE(ok(f.run(fake_list({"1"}))));
    const auto known = f.records.find("1")->attachments;
    REQUIRE(known.size() == 4);
    CHECK(known[1].superseded);
    CHECK_FALSE(known[2].superseded);
    CHECK(f.content("1/" + known[2].name) == "new 1");
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.files.files.size() == 4);
  }
}
