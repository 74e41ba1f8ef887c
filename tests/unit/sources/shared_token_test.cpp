#include "sources/coupa_api/token/shared_token.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {
namespace {

using namespace std::chrono_literals;
using action = shared_token::action;

constexpr shared_token::time_point start{1h};

access_token day_token(std::string value) { return {std::move(value), 86'399s}; }

}  // namespace

TEST_CASE("shared token: one is told to renew, all others wait until it is done") {
  shared_token token(5s);
  CHECK(token.next(start).what == action::renew);
  for (int i = 0; i < 3; ++i) {
    const auto told = token.next(start);
    CHECK(told.what == action::wait);
    CHECK(told.until > start);
  }
  token.put(day_token("one"), start + 1s);
  const auto rests = token.next(start + 2s);
  CHECK(rests.what == action::wait);
  CHECK(rests.until == start + 6s);
  const auto given = token.next(start + 6s);
  CHECK(given.what == action::use);
  CHECK(given.value == "one");
}

TEST_CASE(
    "shared token: one that lives shorter than it is to rest is used all the same, after half its life") {
  shared_token token(10min);
  CHECK_FALSE(token.told_lifetime());
  CHECK(token.next(start).what == action::renew);
  token.put({"short", 60s, true}, start);
  CHECK(token.told_lifetime() == 60s);
  CHECK(token.next(start + 29s).until == start + 30s);
  CHECK(token.next(start + 30s).value == "short");
  token.refuse(1);
  CHECK(token.next(start + 31s).what == action::renew);
  token.put({"unknown", 86'399s, false}, start + 31s);
  CHECK_FALSE(token.told_lifetime());
}

TEST_CASE("shared token: renewed after 20 of 24 hours, and by one only") {
  shared_token token(0s);
  CHECK(token.next(start).what == action::renew);
  token.put(day_token("one"), start);
  CHECK(token.next(start + 19h + 59min).what == action::use);
  CHECK(token.next(start + 20h).what == action::renew);
  CHECK(token.next(start + 20h).what == action::wait);
}

TEST_CASE("shared token: a renewal ahead of time that fails leaves the old token in use, while it lasts") {
  shared_token token(0s);
  CHECK(token.next(start).what == action::renew);
  token.put(day_token("one"), start);
  CHECK(token.next(start + 20h).what == action::renew);
  token.give_up(make_failure(errc::connection, "no"), start + 20h);
  CHECK(token.next(start + 20h + 59s).value == "one");
  CHECK(token.next(start + 20h + 60s).what == action::renew);
  token.give_up(make_failure(errc::connection, "no"), start + 23h + 59min + 58s);
  CHECK(token.next(start + 23h + 59min + 58s).what == action::use);
  CHECK(token.next(start + 24h).what == action::renew);
  token.give_up(make_failure(errc::connection, "no"), start + 24h);
  CHECK(token.next(start + 24h).what == action::fail);
}

TEST_CASE("shared token: a refused one is renewed once, however many were sent with it") {
  shared_token token(0s);
  CHECK(token.next(start).what == action::renew);
  token.put(day_token("one"), start);
  const auto used = token.next(start).generation;
  token.refuse(used);
  token.refuse(used);
  CHECK(token.next(start).what == action::renew);
  token.put(day_token("two"), start);
  token.refuse(used);  // an answer that was late
  CHECK(token.next(start).value == "two");
}

TEST_CASE("shared token: a failure reaches everybody who waits, and later there is another try") {
  shared_token token(0s);
  CHECK(token.next(start).what == action::renew);
  token.give_up(make_failure(errc::session_expired, "invalid_client"), start);
  for (int i = 0; i < 3; ++i) {
    const auto told = token.next(start + 1s);
    CHECK(told.what == action::fail);
    REQUIRE(told.why);
    CHECK(told.why->message == "invalid_client");
  }
  CHECK(token.next(start + shared_token::failure_holds).what == action::renew);
}

TEST_CASE("shared token: who is cancelled while renewing leaves the duty to the next") {
  shared_token token(0s);
  CHECK(token.next(start).what == action::renew);
  token.abandon();
  CHECK(token.next(start).what == action::renew);
}

}  // namespace pofetch::sources
