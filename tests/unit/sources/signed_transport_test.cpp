#include "sources/coupa_api/token/signed_transport.hpp"

#include "api_helpers.hpp"
#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace pofetch::sources {
namespace {

using namespace std::chrono_literals;
using test::api_base;
using test::authorization_of;
using test::json_answer;
using test::scripted_answer;

const std::string token_base = api_base;
const std::string token_url = token_base + "/oauth2/token";
const std::string api_url = token_base + "/api/purchase_orders";
const client_credentials signing_client{token_base, "me", "s3cr3t", "core.purchase_order.read"};

struct answer_sink final : body_sink {
  int status = 0;
  std::string text;
  result<void> begin(const http_response& head) override {
    status = head.status;
    return {};
  }
  result<void> write(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

/// An instance whose tokens are t1, t2, ... and whose API takes the newest only, while `alive`.
struct token_fixture {
  explicit token_fixture(std::chrono::seconds rest = 0s) : token(rest) {
    http.respond(token_url, [this](const http_request&) {
      if (token_answer) return *token_answer;
      auto answer = json_answer(R"({"access_token":"t)" + std::to_string(++issued) +
                                R"(","token_type":"bearer","expires_in":86399})");
      answer.delay = 200ms;
      return answer;
    });
    http.otherwise([this](const http_request& asked) {
      if (asked.url.rfind(token_base + "/", 0) != 0) return json_answer("elsewhere");
      const bool good = alive && authorization_of(asked) == "Bearer t" + std::to_string(issued);
      auto answer = good ? json_answer("[1]") : json_answer(R"({"errors":{}})", 401);
      answer.delay = 50ms;
      return answer;
    });
  }

  awaitable<> ask(std::string url, std::vector<int>& statuses) {
    signed_transport& sent = *signed_http;
    http_request request;
    request.url = std::move(url);
    answer_sink sink;
    auto answer = co_await sent.exchange(request, sink);
    statuses.push_back(answer ? answer->status : 0);
    if (!answer) failures.push_back(answer.error());
  }

  std::vector<int> ask_all(std::size_t count, const std::string& url = api_url) {
    std::vector<int> statuses;
    std::vector<awaitable<>> work;
    for (std::size_t i = 0; i < count; ++i) work.push_back(ask(url, statuses));
    test::run_coros(context, time, std::move(work));
    return statuses;
  }

  boost::asio::io_context context;
  test::fake_clock time{context};
  test::scripted_transport http{time};
  progress events;
  shared_token token;
  int issued = 0;
  bool alive = true;
  std::optional<scripted_answer> token_answer;
  std::vector<failure> failures;
  std::unique_ptr<signed_transport> signed_http =
      std::make_unique<signed_transport>(http, time, token, signing_client, core::retry_options{}, events);
};

}  // namespace

TEST_CASE("signed transport: many requests at once, one token, and nobody goes without it") {
  token_fixture f;
  CHECK(f.ask_all(20) == std::vector<int>(20, 200));
  CHECK(f.http.count(token_url) == 1);
  CHECK(f.http.count(api_url) == 20);
}

TEST_CASE("signed transport: a new token rests before its first use") {
  token_fixture f(5s);
  CHECK(f.ask_all(2) == std::vector<int>(2, 200));
  CHECK(f.time.elapsed() >= 5s + 200ms);
  CHECK(f.time.elapsed() < 6s);
}

TEST_CASE("signed transport: a token that ends in mid-run is renewed once for all, and all succeed") {
  token_fixture f;
  CHECK(f.ask_all(1) == std::vector<int>{200});
  ++f.issued;  // the server forgets t1
  CHECK(f.ask_all(20) == std::vector<int>(20, 200));
  CHECK(f.http.count(token_url) == 2);
}

TEST_CASE("signed transport: renewed before it runs out") {
  token_fixture f;
  CHECK(f.ask_all(1) == std::vector<int>{200});
  f.time.advance(20h);
  CHECK(f.ask_all(5) == std::vector<int>(5, 200));
  CHECK(f.http.count(token_url) == 2);
  for (const auto& asked : f.http.seen())
    if (asked.url == api_url) CHECK(authorization_of(asked).rfind("Bearer t", 0) == 0);
}

TEST_CASE("signed transport: a fresh token that is refused too, session_expired, two tokens and no more") {
  token_fixture f;
  f.alive = false;
  CHECK(f.ask_all(1) == std::vector<int>{0});
  REQUIRE(f.failures.size() == 1);
  CHECK(f.failures[0].code == errc::session_expired);
  CHECK(f.http.count(token_url) == 2);
  CHECK(f.http.count(api_url) == 2);
}

TEST_CASE("signed transport: 401 of an address that is not the API's is passed on, and costs no token") {
  token_fixture f;
  f.http.respond(token_base + "/files/1", [](const http_request&) { return json_answer("no", 401); });
  CHECK(f.ask_all(1, token_base + "/files/1") == std::vector<int>{401});
  CHECK(f.http.count(token_url) == 1);
  CHECK(authorization_of(f.http.seen().back()) == "Bearer t1");
}

TEST_CASE("signed transport: other origins get no token, and none is fetched for them") {
  token_fixture f;
  for (const char* url :
       {"https://storage.example/x", "http://acme.coupahost.com/api/x",
        "https://acme.coupahost.com:8443/api/x", "https://acme.coupahost.com.evil.example/api/x"}) {
    CHECK(f.ask_all(1, url) == std::vector<int>{200});
    CHECK(authorization_of(f.http.seen().back()).empty());
  }
  CHECK(f.http.count(token_url) == 0);
}

TEST_CASE("signed transport: no first token, the reason reaches everybody, and it is asked for once") {
  token_fixture f;
  f.token_answer = json_answer(R"({"error":"invalid_client"})", 400);
  CHECK(f.ask_all(10) == std::vector<int>(10, 0));
  CHECK(f.http.count(token_url) == 1);
  CHECK(f.http.count(api_url) == 0);
  for (const auto& why : f.failures) {
    CHECK(why.code == errc::session_expired);
    CHECK(why.message.find("invalid_client") != std::string::npos);
  }
}

TEST_CASE("signed transport: a token endpoint that is ill for a while is asked again") {
  token_fixture f;
  int sick = 2;
  f.http.respond(token_url, [&](const http_request&) {
    if (sick-- > 0) return json_answer("{}", 503);
    ++f.issued;
    return json_answer(R"({"access_token":"t1"})");
  });
  CHECK(f.ask_all(3) == std::vector<int>(3, 200));
  CHECK(f.http.count(token_url) == 3);
}

TEST_CASE("signed transport: a token endpoint that stays ill is no failure of what was asked for") {
  for (const int status : {429, 500, 503}) {
    CAPTURE(status);
    token_fixture f;
    f.token_answer = json_answer("{}", status);
    CHECK(f.ask_all(3) == std::vector<int>(3, 0));
    CHECK(f.http.count(token_url) == 3);  // the first, and two more tries
    for (const auto& why : f.failures) {
      CHECK(why.code == errc::session_expired);
      CHECK(why.message.find(std::to_string(status)) != std::string::npos);
    }
  }
}

TEST_CASE(
    "signed transport: a renewal that fails for good in mid-run is an end of the session, not of a PO") {
  token_fixture f;
  CHECK(f.ask_all(1) == std::vector<int>{200});
  f.alive = false;
  f.token_answer = json_answer("<html>", 500);
  CHECK(f.ask_all(4) == std::vector<int>(4, 0));
  for (const auto& why : f.failures) CHECK(why.code == errc::session_expired);
}

}  // namespace pofetch::sources
