#include "engine/batch/session_watch.hpp"

#include "support/fake_clock.hpp"
#include "support/results.hpp"
#include "support/run_coro.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::engine;
using namespace std::chrono_literals;
using sources::session_state;

namespace {

const core::origin acme{"https", "acme.coupahost.com", 443};

std::string cookies(const std::string& value) {
  return "acme.coupahost.com\tFALSE\t/\tTRUE\t0\t_coupa_session\t" + value + "\n";
}

class listener final : public progress {
 public:
  std::vector<std::string> told;
  void on(const progress_event& event) override {
    std::visit(overloaded{
                   [this](const event::notice& one) { told.push_back(one.text); },
                   [this](const event::sign_in_needed& one) { told.push_back("needed: " + one.advice); },
                   [this](const event::signed_in& one) {
                     told.push_back("signed in after " + std::to_string(one.waited.count() / 1000) + " s");
                   },
                   [](const auto&) {},
               },
               event);
  }
};

/// A lane whose instance accepts one cookie value.
struct watched {
  watched() {
    test::write_file(dir / "cookies.txt", cookies("old"));
    std::filesystem::permissions(dir / "cookies.txt", static_cast<std::filesystem::perms>(0600));
    options.base_url = "https://acme.coupahost.com";
    options.cookie_file = dir / "cookies.txt";
    REQUIRE(sign_in.load(events));
  }

  awaitable<result<session_state>> probe() {
    ++probes;
    if (silent-- > 0) co_return make_failure(errc::timeout, "no answer");
    co_return sent() == "_coupa_session=" + good ? session_state::alive : session_state::expired;
  }
  std::string sent() const { return jar.header_for(acme, "/"); }

  /// The user saves a file at this time (from the start), as browsers do.
  void save_at(std::chrono::seconds when, std::string text) { saves.emplace(when, std::move(text)); }

  awaitable<> user() {
    for (const auto& [when, text] : saves) {
      co_await time.sleep_until(start + when);
      test::write_file(dir / "fresh", text);
      std::filesystem::rename(dir / "fresh", dir / "cookies.txt");
    }
  }

  result<session_news> renew() {
    session_watch watch({time, context.get_executor(), sign_in, options, events, [this] { return probe(); }});
    boost::asio::co_spawn(context, user(), [](std::exception_ptr) {});
    const failure why = make_failure(errc::session_expired, "a page asks to sign in");
    return test::run_coro(context, time, watch.renew(why));
  }

  test::temp_dir dir;
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  test::fake_clock::time_point start = time.now();
  batch_options options;
  http::cookie_jar jar;
  sign_in_state sign_in{options, jar};
  listener events;
  std::string good = "new";
  int silent = 0;
  int probes = 0;
  std::map<std::chrono::seconds, std::string> saves;
};

awaitable<result<std::string>> given(result<std::string> answer) { co_return answer; }

awaitable<> fall_silent(watched& here) {
  co_await here.time.sleep_until(here.start + 30s);
  here.silent = 4;
}

using pofetch::test::has;

}  // namespace

TEST_CASE("session watch: the session holds after all, nobody is bothered") {
  for (const auto action : {expiry_action::exit, expiry_action::wait}) {
    watched w;
    w.good = "old";
    w.options.on_expiry = action;
    w.silent = 2;
    CHECK(w.renew().value() == session_news::holds);
    CHECK(w.probes == 3);
    CHECK(w.events.told.empty());
  }
}

TEST_CASE("session watch: exit fails with what was seen") {
  watched w;
  const auto renewed = w.renew();
  REQUIRE_FALSE(renewed);
  CHECK(renewed.error().code == errc::session_expired);
  CHECK(renewed.error().message == "a page asks to sign in");
  CHECK(w.events.told.empty());
}

TEST_CASE("session watch: wait says once what to do, and goes on with the new file") {
  watched w;
  w.options.on_expiry = expiry_action::wait;
  w.save_at(7200s, cookies("new"));
  CHECK(w.renew().value() == session_news::renewed);
  CHECK(w.sent() == "_coupa_session=new");
  REQUIRE(w.events.told.size() == 2);
  CHECK(has(w.events.told[0], "needed: The session has expired. Sign in to https://acme.coupahost.com"));
  CHECK(has(w.events.told[0], (w.dir / "cookies.txt").string()));
  CHECK(has(w.events.told[1], "signed in after 720"));
  CHECK_FALSE(w.sign_in.file_replaced());
}

TEST_CASE("session watch: a file that was replaced before anybody noticed is taken without a word") {
  watched w;
  w.options.on_expiry = expiry_action::wait;
  w.saves.clear();
  test::write_file(w.dir / "fresh", cookies("new"));
  std::filesystem::rename(w.dir / "fresh", w.dir / "cookies.txt");
  CHECK(w.renew());
  CHECK(w.events.told.empty());
  CHECK(w.time.elapsed() < 5s);
}

TEST_CASE("session watch: a file that does not work, or cannot be read, is told, and the waiting goes on") {
  watched w;
  w.options.on_expiry = expiry_action::wait;
  w.save_at(60s, cookies("stale"));
  w.save_at(120s, "acme.coupahost.com\tFALSE\t/\tTR");
  w.save_at(180s, cookies("new"));
  CHECK(w.renew());
  REQUIRE(w.events.told.size() == 4);
  CHECK(has(w.events.told[1], "have changed, but the instance still asks to sign in; still waiting"));
  CHECK(has(w.events.told[2], "line 1: it breaks off after 4 of 7 fields"));
  CHECK(has(w.events.told[2], "still waiting"));
  CHECK(has(w.events.told[3], "signed in after 18"));
  for (const auto& each : w.events.told) CHECK_FALSE(has(each, "stale"));
}

TEST_CASE("session watch: an instance that does not answer just then is asked again") {
  watched w;
  w.options.on_expiry = expiry_action::wait;
  w.save_at(60s, cookies("new"));
  boost::asio::co_spawn(w.context, fall_silent(w), [](std::exception_ptr) {});
  CHECK(w.renew());
  REQUIRE(w.events.told.size() == 3);
  CHECK(has(w.events.told[1], "the instance does not answer; still waiting"));
}

TEST_CASE("session watch: the waiting ends at once when it is cancelled") {
  watched w;
  w.options.on_expiry = expiry_action::wait;
  session_watch watch(
      {w.time, w.context.get_executor(), w.sign_in, w.options, w.events, [&w] { return w.probe(); }});
  boost::asio::cancellation_signal stop;
  bool done = false;
  bool cancelled = false;
  const failure why = make_failure(errc::session_expired, "x");
  auto ended = [&](std::exception_ptr thrown, const result<session_news>&) {
    done = true;
    cancelled = thrown != nullptr;
  };
  boost::asio::co_spawn(w.context, watch.renew(why), boost::asio::bind_cancellation_slot(stop.slot(), ended));
  test::run_until(w.context, w.time, [&w] { return w.time.elapsed() > 1h; });
  stop.emit(boost::asio::cancellation_type::terminal);
  test::run_until(w.context, w.time, [&done] { return done; });
  CHECK(cancelled);
  CHECK(w.time.elapsed() < 1h + 5s);
}

TEST_CASE("session watch: login signs in, saves the cookies, and gives up after two tries") {
  watched w;
  w.options.on_expiry = expiry_action::login;
  int tries = 0;
  std::vector<result<std::string>> answers;
  w.options.sign_in = [&] { return given(answers.at(static_cast<std::size_t>(tries++))); };
  SUBCASE("it works") {
    answers = {cookies("new")};
    CHECK(w.renew());
    CHECK(w.events.told.size() == 2);
    CHECK(has(test::read_file(w.dir / "cookies.txt"), "\tnew\n"));
    CHECK(w.sent() == "_coupa_session=new");
  }
  SUBCASE("it works the second time") {
    answers = {make_failure(errc::timeout, "nobody typed"), cookies("new")};
    CHECK(w.renew());
  }
  SUBCASE("there is no browser, which a second try does not change") {
    answers = {make_failure(errc::config, "no driver of a browser was found")};
    const auto renewed = w.renew();
    REQUIRE_FALSE(renewed);
    CHECK(renewed.error().code == errc::session_expired);
    CHECK(has(renewed.error().message, "no driver"));
  }
  SUBCASE("it does not work") {
    answers = {cookies("stale"), make_failure(errc::timeout, "nobody typed")};
    const auto renewed = w.renew();
    REQUIRE_FALSE(renewed);
    CHECK(renewed.error().code == errc::session_expired);
    CHECK(has(renewed.error().message, "nobody typed"));
  }
}
