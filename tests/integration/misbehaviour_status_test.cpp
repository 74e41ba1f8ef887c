// The whole engine against an origin whose answers are HTTP, but not the file: statuses, redirects, waits.
#include "integration/misbehaviour_fixture.hpp"

#include <atomic>
#include <ctime>

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

namespace {

const std::string sign_in_page =
    "<!DOCTYPE html><form><input id='user_email' name='user[login]'><input id='user_password'></form>";

misbehaviour_script redirect(int status, std::string to) {
  return reply(status, "moved", {{"Location", std::move(to)}});
}

/// Leads from /x to /x1, /x2, ... so many times, then to the file.
misbehaviour_script hops(unsigned count) {
  return [count](const visit& v) {
    if (v.turn > count)
      v.peer.reply(200, "hello");
    else
      v.peer.reply(302, "", {{"Location", "x" + std::to_string(v.turn)}});
  };
}

std::string http_date_in(std::chrono::seconds span) {
  const std::time_t when = std::time(nullptr) + span.count();
  std::tm parts{};
  gmtime_r(&when, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// A row that waits for its neighbours, so that what ends the run finds them finished.
misbehaviour last_of_three(misbehaviour_run& run, misbehaviour_script then) {
  misbehaviour row{"last", [&run, then = std::move(then)](const visit& v) {
                     if (v.turn == 1) run.events.wait_for_finished(2, v.peer);
                     then(v);
                   }};
  row.pending = true;
  return row;
}

}  // namespace

TEST_CASE("misbehaviour: statuses that may pass are tried again, then told; the others are asked once") {
  std::vector<misbehaviour> rows;
  for (const int status : {408, 425, 500, 502, 503, 504}) {
    const std::string number = std::to_string(status);
    rows.push_back(
        given_up(number, reply(status, "<html>busy</html>"), "http_" + number, "answered " + number));
    rows.push_back(healed(reply(status, "busy"), "healed-" + number));
  }
  for (const int status : {400, 401, 402, 403, 404, 405, 406, 409, 410, 416, 418, 451, 501, 505, 599}) {
    const std::string number = std::to_string(status);
    rows.push_back(refused(number, reply(status, "no"), "http_" + number, "answered " + number));
  }
  for (const int status : {201, 202, 206, 207}) {
    const bool part = status == 206;
    rows.push_back(refused(std::to_string(status), reply(status, "hello"), part ? "protocol" : "not_a_file",
                           "answered " + std::to_string(status)));
  }
  rows.push_back(refused("204", raw("HTTP/1.1 204 No Content\r\n\r\n"), "not_a_file", "204 No Content"));
  rows.push_back(refused("205", reply(205, ""), "not_a_file", "205 Reset Content"));
  rows.push_back(
      refused("304", raw("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"), "protocol", "without condition"));
  rows.push_back(fine("203", reply(203, "hello")));
  misbehaviour_run run(std::move(rows));
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: 429 that does not pass is rate_limited, one that passes costs a second") {
  misbehaviour_run run({given_up("always", reply(429, "slow down"), "rate_limited", "429 Too Many Requests"),
                        healed(reply(429, "slow down"), "once")});
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: redirects of every kind lead to the file") {
  std::vector<misbehaviour> rows;
  misbehaviour_run run({});
  for (const int status : {301, 302, 303, 307, 308}) {
    const std::string number = std::to_string(status);
    const std::string path = "/relative-" + number + "/x2";
    rows.push_back(
        fine("relative-" + number, turns({redirect(status, path), reply(200, "hello")}), "hello", 2));
    rows.push_back(fine(
        "absolute-" + number,
        turns({redirect(status, run.server.base_url() + "/absolute-" + number + "/x2"), reply(200, "hello")}),
        "hello", 2));
    rows.push_back(refused("nowhere-" + number, reply(status, "moved"), "http_" + number, number));
  }
  rows.push_back(refused("300", redirect(300, "/300/x2"), "http_300", "300 Multiple Choices"));
  rows.push_back(fine("ten-hops", hops(10), "hello", 11));
  misbehaviour eleven = refused("eleven-hops", hops(11), "too_many_redirects", "more than 10");
  eleven.requests = 11;
  rows.push_back(eleven);
  misbehaviour loop = refused("loop", redirect(302, "/loop/x"), "too_many_redirects", "more than 10");
  loop.requests = 11;
  rows.push_back(loop);
  misbehaviour missing =
      refused("missing", turns({redirect(302, "x2"), reply(404, "no")}), "http_404", "404");
  missing.requests = 2;
  rows.push_back(missing);
  rows.push_back(refused("other-scheme", redirect(302, "ftp://localhost/x"), "protocol", "cannot be used"));
  rows.push_back(refused("plain", redirect(302, "http://localhost/x"), "blocked_redirect", "plain HTTP"));
  rows.push_back(refused("private", redirect(302, "https://10.0.0.1/x"), "blocked_redirect", "10.0.0.1"));
  rows.push_back(
      refused("metadata", redirect(307, "https://169.254.169.254/x"), "blocked_redirect", "link-local"));
  rows.push_back(
      refused("private-v6", redirect(302, "https://[::ffff:10.0.0.1]/x"), "blocked_redirect", "refused"));
  run.rows = std::move(rows);
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a redirect to another host is followed without credentials") {
  origin storage([](const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); });
  const std::string away = "https://127.0.0.1:" + std::to_string(storage.port()) + "/signed?signature=abc";
  misbehaviour_run run({fine("away", redirect(302, away))});
  test::write_file(run.dir / "trust.pem", run.server.ca_pem() + storage.ca_pem());
  run.options.pool.ca_file = (run.dir / "trust.pem").string();
  run.options.base_url = run.server.base_url();
  run.options.source = source_kind::manifest;
  run.options.cookie_header = "_session=SECRET";
  run.options.headers = {"X-Key: SECRET", "Authorization: Bearer SECRET"};
  run.run_and_check(exit_state::ok);
  for (const auto& own : run.server.log()) {
    CHECK(own.header("cookie") == "_session=SECRET");
    CHECK(own.header("x-key") == "SECRET");
    CHECK(own.header("authorization") == "Bearer SECRET");
  }
  REQUIRE(storage.log().size() == 1);
  CHECK_FALSE(has(storage.log().front().raw_head, "SECRET"));
}

TEST_CASE("misbehaviour: a session that expires beneath a file ends the run, and the next one completes it") {
  struct way {
    std::string what;
    misbehaviour_script answer;
    std::string name;
  };
  const way ways[] = {
      {"redirect", redirect(302, "/sessions/new"), "x.pdf"},
      {"401", reply(401, "sign in"), "x.pdf"},
      {"form as pdf", reply(200, sign_in_page, {{"Content-Type", "text/html"}}), "x.pdf"},
      {"form without a type", reply(200, sign_in_page), "x.docx"},
      {"form as html", reply(200, sign_in_page, {{"Content-Type", "text/html"}}), "x.html"},
  };
  for (const auto& way : ways) {
    CAPTURE(way.what);
    misbehaviour_run run({});
    run.rows = {last_of_three(run, turns({way.answer, reply(200, "%PDF-1.7")}))};
    auto& row = run.rows.front();
    row.code = "session_expired";
    row.words = "session has expired";
    row.name = way.name;
    run.options.base_url = run.server.base_url();
    run.options.source = source_kind::manifest;
    run.run_and_check(exit_state::sign_in);
    row.pending = false;
    row.code = way.name == "x.docx" ? "unexpected_content" : "";
    row.words = "";
    row.file = "%PDF-1.7";
    row.requests = row.attempts = 2;
    run.run_and_check(exit_state::ok);
    CHECK(run.requests("/last/before") == 1);
  }
}

TEST_CASE("misbehaviour: what a server asks to wait is planned as asked, and never beyond five minutes") {
  struct ask {
    int status;
    std::string value;
    std::chrono::milliseconds least;
    std::chrono::milliseconds most;
  };
  const ask asks[] = {
      {429, "120", 120s, 132s},
      {503, "120", 120s, 132s},
      {429, http_date_in(200s), 150s, 220s},
      {503, http_date_in(200s), 150s, 220s},
      {429, "86400", 300s, 330s},
      {503, http_date_in(24h), 300s, 330s},
      {503, "99999999999999999999", 300s, 330s},
  };
  for (const auto& ask : asks) {
    CAPTURE(ask.status);
    CAPTURE(ask.value);
    misbehaviour_run run({});
    run.rows = {last_of_three(
        run, turns({reply(ask.status, "later", {{"Retry-After", ask.value}}), reply(200, "hello")}))};
    auto& row = run.rows.front();
    row.code = "cancelled";
    // Nobody waits for so long here: the plan is what counts.
    run.options.pool.stop_grace = 0ms;
    run.before_run = [&run](batch& job) {
      run.events.on_retry = [&job] { job.request_stop(stop_reason::interrupted); };
    };
    run.run_and_check(exit_state::interrupted);
    const auto retries = run.events.retries();
    REQUIRE(retries.size() == 1);
    CHECK(retries.front().first.http_status == ask.status);
    CHECK(retries.front().second >= ask.least);
    CHECK(retries.front().second <= ask.most);
    // The next run knows nothing of the pause, and fetches what is missing only.
    run.before_run = {};
    row.pending = false;
    row.code = "";
    row.file = "hello";
    row.requests = row.attempts = 2;
    run.run_and_check(exit_state::ok);
    CHECK(run.requests("/last/after") == 1);
  }
}

TEST_CASE("misbehaviour: a server that asks for a pause is left alone by everybody") {
  using clock = std::chrono::steady_clock;
  std::atomic<clock::rep> asked{0};
  std::atomic<int> disturbed{0};
  std::vector<misbehaviour> rows;
  rows.push_back(healed(
      [&asked](const visit& v) {
        v.peer.reply(503, "later", {{"Retry-After", "2"}});
        asked = clock::now().time_since_epoch().count();
      },
      "first"));
  // Work for longer than the pause, if nobody kept it.
  for (int i = 0; i < 40; ++i)
    rows.push_back(fine("other-" + std::to_string(i), [&](const visit& v) {
      const auto since = clock::now().time_since_epoch() - clock::duration(asked.load());
      if (asked != 0 && since > 400ms && since < 1900ms) ++disturbed;
      v.peer.stall(20ms);
      v.peer.reply(200, "hello");
    }));
  misbehaviour_run run(std::move(rows));
  run.options.pool.workers = 2;
  run.options.pool.max_concurrent = 1;
  run.run_and_check(exit_state::ok);
  // Who had been let go before the answer came may arrive late.
  CHECK(disturbed <= 2);
}
