#include "sources/coupa_web/session_probe.hpp"

#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>

namespace pofetch::sources {

using test::failed_answer;
using test::html_answer;
using test::redirect_answer;

namespace {

const std::string probe_base = "https://acme.coupahost.com";

result<session_state> probe(test::scripted_answer answer) {
  boost::asio::io_context context;
  test::fake_clock time(context);
  test::scripted_transport http(time);
  http.on(probe_base + "/order_headers", std::move(answer));
  http.on(probe_base + "/orders", html_answer("<h1>Orders</h1>"));
  return test::run_coro(context, time, probe_session(http, probe_base + "/order_headers/1?x#y"));
}

}  // namespace

TEST_CASE("probe_session: alive, expired or unknown") {
  const struct {
    const char* what;
    test::scripted_answer answer;
    session_state state;
  } rows[] = {
      {"200", html_answer("<h1>Orders</h1>"), session_state::alive},
      {"redirect within", redirect_answer("/orders"), session_state::alive},
      {"a list longer than is looked at", html_answer(std::string(1U << 20, 'x'), 200, 4096),
       session_state::alive},
      {"sign-in form", html_answer("<input id=user_email><input id=user_password>"), session_state::expired},
      {"403 of a firewall", html_answer("<h2>The request is blocked.</h2>", 403), session_state::unknown},
      {"401", html_answer("", 401), session_state::expired},
      {"403", html_answer("", 403), session_state::expired},
      {"sign-in page", redirect_answer("/sessions/new"), session_state::expired},
      {"another host", redirect_answer("https://idp.example/x"), session_state::expired},
      {"500", html_answer("", 500), session_state::unknown},
      {"503 with a form", html_answer("<input id=user_email><input id=user_password>", 503),
       session_state::unknown},
      {"429", html_answer("", 429), session_state::unknown},
      {"404", html_answer("", 404), session_state::unknown},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto state = probe(row.answer);
    REQUIRE(state.has_value());
    CHECK(*state == row.state);
  }
}

TEST_CASE("probe_session: no answer at all, a failure") {
  for (const errc code :
       {errc::tls, errc::protocol, errc::blocked_redirect, errc::connection, errc::timeout}) {
    const auto state = probe(failed_answer(code));
    REQUIRE_FALSE(state.has_value());
    CHECK(state.error().code == code);
  }
}

}  // namespace pofetch::sources
