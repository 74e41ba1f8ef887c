#include "login/webdriver.hpp"

#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace pofetch;
using namespace pofetch::login;

namespace {

const std::string address = "http://127.0.0.1:9515";

test::scripted_answer answer(std::string body, int status = 200) {
  test::scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

struct driven {
  template <class T>
  T run(awaitable<T> what) {
    return test::run_coro(context, time, std::move(what));
  }
  /// A session `s1`.
  void begin() {
    http.on(address + "/session", answer(R"({"value":{"sessionId":"s1","capabilities":{}}})"));
    REQUIRE(run(window.begin("{}")));
  }
  [[nodiscard]] static std::string at(std::string_view path) {
    return address + "/session/s1" + std::string(path);
  }

  boost::asio::io_context context{1};
  test::fake_clock time{context};
  test::scripted_transport http;
  webdriver window{http, address};
};

}  // namespace

TEST_CASE("webdriver: ready or not, and what is no driver") {
  const std::pair<std::string, std::string> rows[] = {
      {R"({"value":{"ready":true,"message":""}})", "ready"},
      {R"({"value":{"ready":false,"message":"busy"}})", "not ready"},
      {R"({"value":{"message":""}})", "no driver"},
      {R"({"value":[]})", "no driver"},
      {R"({"ready":true})", "no driver"},
      {R"(<html>hello</html>)", "no driver"},
      {"", "no driver"},
  };
  for (const auto& row : rows) {
    const auto& body = row.first;
    const auto& outcome = row.second;
    CAPTURE(body);
    driven d;
    d.http.on(address + "/status", answer(body));
    const auto ready = d.run(d.window.is_ready());
    CHECK(ready.has_value() == (outcome != "no driver"));
    if (ready)
      CHECK(*ready == (outcome == "ready"));
    else
      CHECK(ready.error().code == errc::protocol);
  }
}

TEST_CASE("webdriver: a session begins with the body given, and only under a plain name") {
  driven d;
  d.begin();
  CHECK(d.http.seen().at(0).method == "POST");
  CHECK(d.http.seen().at(0).body == "{}");
  for (const char* name : {"", "a/b", "a?b", "a#b", "a b", "a\\u0000b", "\\u00e9"}) {
    CAPTURE(name);
    driven other;
    other.http.on(address + "/session", answer(std::string(R"({"value":{"sessionId":")") + name + "\"}}"));
    CHECK_FALSE(other.run(other.window.begin("{}")));
  }
}

TEST_CASE("webdriver: the driver's own words come back when it refuses") {
  driven d;
  d.http.on(
      address + "/session",
      answer(R"({"value":{"error":"session not created","message":"no display","stacktrace":"x"}})", 500));
  const auto begun = d.run(d.window.begin("{}"));
  REQUIRE_FALSE(begun);
  CHECK(begun.error().code == errc::protocol);
  CHECK(begun.error().message == "session not created: no display");
}

TEST_CASE("webdriver: opening, looking where the window is, cookies, closing") {
  driven d;
  d.begin();
  d.http.on(d.at("/url"), answer(R"({"value":null})"))
      .on(d.at("/url"), answer(R"({"value":"https://acme.example/"})"))
      .on(d.at("/url"), answer(R"({"value":7})"))
      .on(d.at("/cookie"), answer(R"({"value":[{"name":"a","value":"b"}]})"))
      .on(d.at(""), answer(R"({"value":null})"));
  CHECK(d.run(d.window.open("https://acme.example")));
  CHECK(d.http.seen().back().body == R"({"url":"https://acme.example"})");
  CHECK(d.run(d.window.where()).value() == "https://acme.example/");
  CHECK_FALSE(d.run(d.window.where()));
  CHECK(d.run(d.window.cookies()).value() == R"([{"name":"a","value":"b"}])");
  CHECK(d.run(d.window.end()));
  CHECK(d.http.seen().back().method == "DELETE");
}

TEST_CASE("webdriver: when a window has gone it turns to another, if there is one") {
  driven d;
  d.begin();
  d.http.on(d.at("/window/handles"), answer(R"({"value":["one","two"]})"))
      .on(d.at("/window/handles"), answer(R"({"value":[]})"))
      .on(d.at("/window/handles"),
          answer(R"({"value":{"error":"invalid session id","message":"gone"}})", 404))
      .on(d.at("/window"), answer(R"({"value":null})"));
  CHECK(d.run(d.window.turn_to_open_window()));
  CHECK(d.http.seen().back().body == R"({"handle":"two"})");
  CHECK_FALSE(d.run(d.window.turn_to_open_window()));
  CHECK_FALSE(d.run(d.window.turn_to_open_window()));
}
