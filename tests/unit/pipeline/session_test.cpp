// The session ends in mid-run, and somebody may bring a new one.
#include "pipeline/session_gate.hpp"
#include "pipeline_fixture.hpp"

#include <pofetch/session_keeper.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace pofetch;
using namespace pofetch::pipeline;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using namespace std::chrono_literals;

namespace {

failure expired() { return make_failure(errc::session_expired, "the page asks to sign in"); }

/// Somebody who signs in after a while, or does not.
class fake_keeper final : public session_keeper {
 public:
  explicit fake_keeper(pofetch::clock& time) : time_(time) {}

  std::function<result<session_news>()> then = [] { return session_news::renewed; };
  pofetch::clock::duration after{};
  int calls = 0;
  int at_once = 0;

  awaitable<result<session_news>> renew(const failure& why) override {
    CHECK(why.code == errc::session_expired);
    ++calls;
    CHECK(++at_once == 1);
    if (after > 0s) co_await time_.sleep_for(after);
    --at_once;
    co_return then();
  }

 private:
  pofetch::clock& time_;
};

/// A site whose session ends after so many pages, until `alive` is set again.
struct site {
  explicit site(int pages) : left(pages) {
    for (int i = 1; i <= 30; ++i) numbers.push_back(std::to_string(i));
    for (const auto& number : numbers) f.source.has(number, {"a.txt", "b.txt"});
    f.serve_everything(10ms);
    f.source.decide = [this](const purchase_order& po) -> result<discovery> {
      if (left-- <= 0) return expired();
      return f.source.answers.at(po.number);
    };
    f.keeper = &keeper;
  }
  void check_all_completed() {
    for (const auto& number : numbers) CHECK(f.status(number) == po_status::completed);
    CHECK(f.events.finished.size() == numbers.size());
    CHECK(f.files.partials == 0);
  }
  std::vector<std::string> numbers;
  int left;
  pipeline_fixture f;
  fake_keeper keeper{f.time};
};

}  // namespace

TEST_CASE("session: it ends, one is told of it, all wait, and nothing is lost when there is a new one") {
  site s(10);
  s.keeper.after = 3h;
  s.keeper.then = [&s] {
    s.left = 1000;
    return session_news::renewed;
  };
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::none);
  CHECK(s.keeper.calls == 1);
  s.check_all_completed();
  // Nobody asks for anything while there is no session: each worker ran into its end once at most, with the
  // PO at hand and the next one.
  CHECK(s.f.source.asked.size() <= s.numbers.size() + std::size_t{2} * s.f.config.workers);
}

TEST_CASE("session: it ends again and again, and the run comes to its end all the same") {
  site s(3);
  s.keeper.then = [&s] {
    s.left = 3;
    return session_news::renewed;
  };
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::none);
  CHECK(s.keeper.calls >= 9);
  s.check_all_completed();
}

TEST_CASE(
    "session: every new one ends before anything is gained, the run ends instead of asking without end") {
  site s(0);
  int least = 3;
  int most = 3;
  SUBCASE("at the page") {}
  SUBCASE("at the file") {
    s.left = 1'000'000;
    // Every page that is new is worth one more session, but only once.
    most += 2 * static_cast<int>(s.f.config.workers);
    s.f.http.otherwise([](const http_request&) {
      test::scripted_answer refused;
      refused.status = 401;
      return refused;
    });
  }
  SUBCASE("at the page, but for one") {
    s.left = 1;
    least = most = 4;
    s.keeper.then = [&s] {
      if (s.keeper.calls == 1) s.left = 1;
      return session_news::renewed;
    };
  }
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::session_expired);
  CHECK(s.keeper.calls >= least);
  CHECK(s.keeper.calls <= most);
  REQUIRE(s.f.stopped_because);
  CHECK(s.f.stopped_because->code == errc::session_expired);
  for (const char* part : {"signing in does not last: 3 new sessions", "the same command again"})
    CHECK_MESSAGE(s.f.stopped_because->message.find(part) != std::string::npos, s.f.stopped_because->message);
  for (const auto& number : s.numbers) {
    const po_status status = s.f.status(number);
    CHECK((status == po_status::pending || status == po_status::completed));
  }
  CHECK(s.f.status("30") == po_status::pending);
  CHECK(s.f.files.partials == 0);
}

TEST_CASE("session: two lanes, one of them renews it, the other goes on") {
  site s(10);
  s.keeper.after = 1h;
  s.keeper.then = [&s] {
    s.left = 1000;
    return session_news::renewed;
  };
  auto& f = s.f;
  const auto executor = f.context.get_executor();
  shared_parts parts{f.records, f.files, f.events, executor, executor};
  processing_controller controller(parts,
                                   {lane{executor, f.http, f.source, f.time, 0, 4, &s.keeper},
                                    lane{executor, f.http, f.source, f.time, 4, 4, &s.keeper}},
                                   f.config);
  fake_list list(s.numbers);
  REQUIRE(ok(controller.take_in(list, {})));
  std::vector<awaitable<>> lanes;
  lanes.push_back(controller.run_lane(0));
  lanes.push_back(controller.run_lane(1));
  test::run_coros(f.context, f.time, std::move(lanes));
  REQUIRE(ok(controller.finish(0)));
  CHECK(s.keeper.calls == 1);
  s.check_all_completed();
}

TEST_CASE(
    "session: what is whole when it ends is placed and recorded before the waiting, and not fetched again") {
  pipeline_fixture f;
  fake_keeper keeper(f.time);
  f.keeper = &keeper;
  f.config.workers = 1;
  f.config.max_concurrent = 1;
  f.source.has("1", {"a.txt", "b.txt", "c.txt"});
  f.serve_everything();
  test::scripted_answer refused;
  refused.status = 401;
  test::scripted_answer late;
  late.body = "b";
  f.http.on("https://files/1/1", refused).on("https://files/1/1", late);
  bool seen = false;
  keeper.then = [&] {
    seen = true;
    CHECK(f.content("1/a.txt") == "content of https://files/1/0");
    const auto known = f.records.find("1");
    REQUIRE(known);
    CHECK(known->status == po_status::pending);
    CHECK(known->attachments.at(0).status == attachment_status::completed);
    CHECK(f.events.finished.empty());
    return session_news::renewed;
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(seen);
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.events.finished == std::vector<std::string>{"1 COMPLETED"});
  CHECK(f.http.count("https://files/1/0") == 1);
  CHECK(f.content("1/b.txt") == "b");
  CHECK(f.content("1/c.txt") == "content of https://files/1/2");
  CHECK(f.files.files.size() == 3);
}

TEST_CASE("session: nobody brings a new one, the run ends once, nothing is FAILED") {
  site s(10);
  s.keeper.after = 5s;
  s.keeper.then = [] { return make_failure(errc::session_expired, "it stays ended"); };
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::session_expired);
  CHECK(s.keeper.calls == 1);
  for (const auto& number : s.numbers) {
    const po_status status = s.f.status(number);
    CHECK((status == po_status::pending || status == po_status::completed));
  }
  CHECK(s.f.status("30") == po_status::pending);
}

TEST_CASE(
    "session: a PO that asks to sign in although the session holds stays PENDING, the others are done") {
  pipeline_fixture f;
  fake_keeper keeper(f.time);
  keeper.then = [] { return session_news::holds; };
  f.keeper = &keeper;
  f.config.workers = 2;
  for (const char* number : {"1", "2", "3"}) f.source.has(number, {"a.txt"});
  f.serve_everything();
  SUBCASE("its page") { f.source.fails("2", expired()); }
  SUBCASE("its file") {
    test::scripted_answer refused;
    refused.status = 401;
    for (int i = 0; i < 10; ++i) f.http.on("https://files/2/0", refused);
  }
  REQUIRE(ok(f.run(fake_list({"1", "2", "3"}))));
  CHECK(f.stopped == stop_reason::none);
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.status("2") == po_status::pending);
  CHECK(f.status("3") == po_status::completed);
  CHECK(keeper.calls == 3);
  const auto known = f.records.find("2");
  REQUIRE((known && known->error));
  CHECK(known->error->code == errc::session_expired);
  REQUIRE(f.events.notices.size() == 1);
  CHECK(f.events.notices[0].find("PO 2 asks to sign in again and again") != std::string::npos);
}

TEST_CASE("session: while it is waited for the run can be stopped") {
  site s(10);
  s.keeper.after = 1000h;
  processing_controller* running = nullptr;
  s.f.meanwhile = [&](processing_controller& c) { running = &c; };
  bool asked = false;
  s.f.source.decide = [&](const purchase_order& po) -> result<discovery> {
    if (s.left-- > 0) return s.f.source.answers.at(po.number);
    if (!std::exchange(asked, true))
      boost::asio::post(s.f.context, [&] { running->request_stop(stop_reason::interrupted); });
    return expired();
  };
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::interrupted);
  CHECK(s.f.time.elapsed() < 5s);
  CHECK(s.f.status("30") == po_status::pending);
  CHECK(s.f.files.partials == 0);
}

TEST_CASE("session: a setting that the network refuses ends the run, nothing is FAILED") {
  site s(1000);
  test::scripted_answer refused;
  refused.error = make_failure(errc::config, "the proxy wants a password");
  s.f.http.on("https://files/7/0", refused);
  REQUIRE(ok(s.f.run(fake_list(s.numbers))));
  CHECK(s.f.stopped == stop_reason::machine);
  CHECK(s.f.status("7") == po_status::pending);
  for (const auto& number : s.numbers) CHECK(s.f.status(number) != po_status::failed);
}

TEST_CASE("gate: one is in charge, whoever asked in an older round is not") {
  boost::asio::io_context context{1};
  pipeline::session_gate gate;
  const auto opened = gate.enter(context.get_executor());
  CHECK(gate.now() == 0);
  CHECK(gate.take_charge(0));
  CHECK(gate.closed());
  CHECK_FALSE(gate.take_charge(0));
  gate.open(true);
  CHECK_FALSE(gate.closed());
  CHECK(gate.now() == 1);
  CHECK(gate.renewals() == 1);
  CHECK_FALSE(gate.take_charge(0));
  CHECK(gate.take_charge(1));
  gate.open(false);
  CHECK(gate.now() == 2);
  CHECK(gate.renewals() == 1);
}
