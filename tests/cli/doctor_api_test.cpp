// pofetch doctor --source api on the real program: against coupa-sim's REST API, and against what is none.
#include "cli/doctor_fixture.hpp"
#include "cli/rest_instance.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;

namespace {

const std::string secret = "cl1entS3cret+a/b=Qx";

using pofetch::test::first_line;

/// Options for the site's API, without credentials.
words api_of(const coupa& site, const words& more = {}) {
  return doctor_line(with({"--source", "api", "--base-url", site.base_url(), "--cacert", site.file("ca.pem"),
                           "--token-wait", "0s"},
                          more));
}

words client_of(const coupa& site) {
  return {"--client-id", "coupa-sim", "--client-secret-file", site.file("client-secret")};
}

/// The same for an instance in this process, by a client whose secret is in the environment.
words api_of(const program& at, const rest_instance& there, const words& more = {}) {
  at.write("ca.pem", there.server().ca_pem());
  return doctor_line(with({"--source", "api", "--base-url", there.server().base_url(), "--cacert", "ca.pem",
                           "--token-wait", "0s", "--retries", "0"},
                          more));
}

const variables by_secret{{"POFETCH_CLIENT_SECRET", secret}};

void check_fails(const ended& done, int status, const char* check, const std::vector<const char*>& parts) {
  CHECK_MESSAGE(done.status == status, (done.out + done.err));
  const found seen(done);
  CHECK_MESSAGE(seen.level(check) == "FAIL", done.out);
  for (const char* part : parts) CHECK_MESSAGE(has(seen.of(check, "text"), part), done.out);
  CHECK(seen.of(check, "next_step") != "");
  // The sentence itself was taken for a secret.
  CHECK_MESSAGE(!has(done.out, "***"), done.out);
}

}  // namespace

TEST_CASE("doctor api: by token, every line is OK, an order is found by itself, and the ceiling is kept") {
  const program pofetch;
  const coupa site({"--pos", "5", "--latency", "10", "--requisitions", "100"});
  for (const words& more : {words{}, words{"--order", "7000003"}}) {
    const ended done = pofetch.run(api_of(site, with(client_of(site), with({"--out", "out"}, more))));
    CHECK_MESSAGE(done.status == 0, (done.out + done.err));
    const found seen(done);
    for (const char* check : {"config", "folder", "tls", "sign_in", "purchase_order", "latency"})
      CHECK_MESSAGE(seen.level(check) == "OK", (std::string(check) + done.out));
    const std::string said = seen.of("sign_in", "text");
    for (const char* part : {"accepts the access token", "24 hours", "core.requisition.read"})
      CHECK_MESSAGE(has(said, part), said);
    CHECK_MESSAGE(has(seen.of("purchase_order", "text"), more.empty() ? "7000001: " : "7000003: "), done.out);
    // The site answers 429 above 25 a second with a burst of 20: the ladder never gets there.
    CHECK_MESSAGE(seen.level("parallel") == "OK", done.out);
    CHECK_MESSAGE(has(seen.of("parallel", "text"), "the ceiling of 24.9 requests a second"), done.out);
    CHECK(seen.whole.at("advice").is_null());
    for (const std::string& hidden : {first_line(site.file("client-secret")), std::string("sim-token-")})
      CHECK_FALSE(has(done.out + done.err, hidden));
  }
}

TEST_CASE("doctor api: by key, from a command, for people, without a bound on the rate") {
  const program pofetch;
  const coupa site({"--pos", "2", "--api-rate", "0"});
  const std::string key = first_line(site.file("api-key"));
  const words fast{"--requests-per-second", "1000"};
  const ended by_key = pofetch.run(api_of(site, fast), {{"POFETCH_API_KEY", key}});
  CHECK_MESSAGE(by_key.status == 0, (by_key.out + by_key.err));
  const found seen(by_key);
  CHECK_MESSAGE(has(seen.of("sign_in", "text"), "accepts the API key"), by_key.out);
  CHECK(seen.level("purchase_order") == "OK");
  CHECK_FALSE(has(by_key.out + by_key.err, key));
  words line = api_of(site, with(fast, {"--client-id", "coupa-sim", "--secret-command",
                                        "cat '" + site.file("client-secret") + "'"}));
  line.erase(line.begin() + 1);
  const ended by_command = pofetch.run(line);
  CHECK_MESSAGE(by_command.status == 0, (by_command.out + by_command.err));
  CHECK_MESSAGE(has(by_command.out, "OK    sign_in         the REST API of https://localhost:"),
                by_command.out);
  CHECK(has(by_command.out, "OK    purchase_order  7000001: "));
}

TEST_CASE("doctor api: credentials and scopes that are missing or refused, one sentence and the right end") {
  const program pofetch;
  const coupa site({"--pos", "2", "--api-rate", "0", "--requisitions", "100"});
  pofetch.write("wrong", "wr0ng-s3cret\n");
  pofetch.write("empty", "\n");
  struct row {
    words options;
    variables environment;
    int status;
    const char* check;
    std::vector<const char*> parts;
  };
  const words id{"--client-id", "coupa-sim"};
  const row rows[] = {
      {{}, {}, 2, "sign_in", {"needs credentials"}},
      {id, {}, 2, "sign_in", {"needs its secret"}},
      {{}, {{"POFETCH_CLIENT_SECRET", "wr0ng"}}, 2, "sign_in", {"--client-id is missing"}},
      {with(id, {"--client-secret-file", "empty"}), {}, 2, "sign_in", {"nothing in its first line"}},
      {with(id, {"--client-secret-file", "none"}), {}, 2, "config", {"none"}},
      {with(id, {"--secret-command", "false"}), {}, 2, "sign_in", {"failed with exit status 1"}},
      {with(id, {"--client-secret-file", "wrong"}), {}, 3, "sign_in", {"invalid_client", "/oauth2/token"}},
      {{}, {{"POFETCH_API_KEY", "wr0ng-s3cret"}}, 3, "sign_in", {"does not accept the sign-in", "401"}},
      {with(client_of(site), {"--scope", "core.everything"}), {}, 3, "sign_in", {"invalid_scope"}},
      {with(client_of(site), {"--scope", "core.requisition.read"}),
       {},
       3,
       "sign_in",
       {"403", "core.purchase_order.read"}},
      {with(client_of(site), {"--scope", "core.purchase_order.read"}),
       {},
       3,
       "purchase_order",
       {"7000001: ", "403", "core.requisition.read"}},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.parts.back()));
    const ended done = pofetch.run(api_of(site, each.options), each.environment);
    check_fails(done, each.status, each.check, each.parts);
    CHECK_FALSE(has(done.out + done.err, "wr0ng"));
  }
}

TEST_CASE("doctor api: what is no API, or in trouble, is told as what it is") {
  struct row {
    const char* what;
    bool (*at)(const origin_request&);
    int answer;
    const char* body;
    int status;
    std::vector<const char*> parts;
  };
  const auto everything = [](const origin_request&) { return true; };
  const auto behind = [](const origin_request& asked) { return !rest_instance::is_token_request(asked); };
  const char* const page = "<html><body>Welcome</body></html>";
  const row rows[] = {
      {"a web site",
       everything,
       200,
       page,
       2,
       {"an access token was expected", "an HTML page", "--base-url"}},
      {"not found", everything, 404, page, 2, {"404", "--base-url"}},
      {"the API is a page", behind, 200, page, 2, {"JSON of the REST API was expected", "an HTML page"}},
      {"the API is other JSON", behind, 200, "{}", 2, {"a list of purchase orders was expected"}},
      {"ill", everything, 503, "{}", 3, {"no access token to be had", "503"}},
      {"token refused", behind, 401, "{}", 3, {"refuses the access token", "just been renewed"}},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    const program pofetch;
    const rest_instance there([&](const origin_request& request, origin_peer& peer) {
      if (!each.at(request)) return false;
      peer.reply(each.answer, each.body,
                 {{"Content-Type", each.body == page ? "text/html" : "application/json"}});
      return true;
    });
    const ended done = pofetch.run(api_of(pofetch, there, {"--client-id", "me"}), by_secret);
    check_fails(done, each.status, "sign_in", each.parts);
    for (const char* part : {"cl1entS3cret", rest_instance::token_lead})
      CHECK_FALSE(has(done.out + done.err, part));
  }
}

TEST_CASE("doctor api: a 429 ends the ladder, an API that is busy is a WARN, one without orders too") {
  const program pofetch;
  const auto is_question = [](const origin_request& asked) { return has(asked.target, "limit=1&"); };
  std::atomic<int> questions{0};
  std::atomic<int> refusals{0};
  const rest_instance strict([&](const origin_request& request, origin_peer& peer) {
    if (!is_question(request) || ++questions <= 20) return false;
    ++refusals;
    peer.reply(429, "{}", {{"Content-Type", "application/json"}, {"Retry-After", "1"}});
    return true;
  });
  const words me{"--client-id", "me", "--requests-per-second", "500"};
  const ended slowed = pofetch.run(api_of(pofetch, strict, me), by_secret);
  CHECK_MESSAGE(slowed.status == 0, (slowed.out + slowed.err));
  const found seen(slowed);
  CHECK_MESSAGE(seen.level("parallel") == "WARN", slowed.out);
  CHECK_MESSAGE(has(seen.of("parallel", "next_step"), "--requests-per-second below 500"), slowed.out);
  CHECK(refusals >= 1);
  CHECK(refusals <= 16);

  const rest_instance busy([&](const origin_request& request, origin_peer& peer) {
    return is_question(request) && rest_instance::reply_json(peer, 503, "{}");
  });
  const ended ill = pofetch.run(api_of(pofetch, busy, me), by_secret);
  CHECK_MESSAGE(ill.status == 0, (ill.out + ill.err));
  CHECK_MESSAGE(found(ill).level("sign_in") == "WARN", ill.out);
  CHECK(found(ill).level("latency") == "");

  const rest_instance empty([&](const origin_request& request, origin_peer& peer) {
    return !rest_instance::is_token_request(request) && rest_instance::reply_json(peer, 200, "[]");
  });
  const ended none = pofetch.run(api_of(pofetch, empty, me), by_secret);
  CHECK_MESSAGE(none.status == 0, (none.out + none.err));
  CHECK_MESSAGE(found(none).level("purchase_order") == "WARN", none.out);
  CHECK(has(found(none).of("purchase_order", "text"), "lists no purchase order"));
}
