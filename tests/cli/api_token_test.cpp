// The source `api` when its sign-in is refused, ends in mid-run, or is answered by something that is no API.
#include "cli/program.hpp"
#include "cli/rest_instance.hpp"
#include "coupa-sim/simulator.hpp"
#include "coupa-sim/token_book.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

namespace {

const std::string token_secret = "cl1entS3cret+a/b=Qx";

using pofetch::test::count;

/// A folder with a list of orders, and the options for an instance in this process.
struct desk {
  explicit desk(unsigned orders = 3) {
    std::string list = "po_number\n";
    for (unsigned i = 1; i <= orders; ++i) list += std::to_string(i) + "\n";
    pofetch.write("orders.csv", list);
  }

  [[nodiscard]] words line(const rest_instance& there, const words& more = {}) const {
    pofetch.write("ca.pem", there.server().ca_pem());
    words all{"run",
              "orders.csv",
              "--out",
              "out",
              "--source",
              "api",
              "--base-url",
              there.server().base_url(),
              "--cacert",
              "ca.pem",
              "--token-wait",
              "0s",
              "--retries",
              "1",
              "--log-file",
              "log.txt",
              "--requests-per-second",
              "1000"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] ended run_by_token(const rest_instance& there, const words& more = {}) const {
    words all = line(there, {"--client-id", "me"});
    all.insert(all.end(), more.begin(), more.end());
    return pofetch.run(all, {{"POFETCH_CLIENT_SECRET", token_secret}});
  }
  [[nodiscard]] ended run_by_key(const rest_instance& there, const words& more = {}) const {
    return pofetch.run(line(there, more), {{"POFETCH_API_KEY", token_secret}});
  }
  [[nodiscard]] std::string report() const { return read_file(pofetch / "out/report.csv"); }

  program pofetch;
};

}  // namespace

TEST_CASE("api token: whatever comes from the token endpoint, exit 2 or 3, one sentence, no secret") {
  using reply = std::function<void(const origin_request&, origin_peer&)>;
  const auto json = [](int status, std::string body) -> reply {
    return [=](const origin_request&, origin_peer& peer) { rest_instance::reply_json(peer, status, body); };
  };
  const auto page = [](int status, const origin_peer::fields& more = {}) -> reply {
    return [=](const origin_request& request, origin_peer& peer) {
      origin_peer::fields all = more;
      all.emplace_back("Content-Type", "text/html");
      peer.reply(status, "<html><body>Sign in, " + request.body + "</body></html>", all);
    };
  };
  struct row {
    const char* what;
    reply answer;
    int status;
    std::vector<const char*> parts;
  };
  const std::string echo = R"({"error":"invalid_client","error_description":")" + token_secret + "\"}";
  const std::vector<row> rows = {
      {"HTML", page(200), 2, {"an access token was expected", "an HTML page", "--base-url"}},
      {"HTML, not found", page(404), 2, {"404", "--base-url"}},
      {"HTML, refused", page(401), 3, {"refuses to give an access token (401)", "--client-id"}},
      {"redirect", page(302, {{"Location", "/sessions/new"}}), 2, {"a redirect (status 302)"}},
      {"redirect of the body", page(307, {{"Location", "https://localhost:1/oauth2/token"}}), 2, {"307"}},
      {"client, 400", json(400, echo), 3, {"invalid_client", "the client secret"}},
      {"client, 401", json(401, echo), 3, {"invalid_client", "the client secret"}},
      {"scope", json(400, R"({"error":"invalid_scope"})"), 3, {"invalid_scope", "--scope"}},
      {"grant", json(400, R"({"error":"unauthorized_client"})"), 3, {"client_credentials"}},
      {"secret as error", json(400, R"({"error":")" + token_secret + "\"}"), 3, {"(400)"}},
      {"too many", json(429, "{}"), 3, {"429"}},
      {"ill", json(500, "{}"), 3, {"500"}},
      {"busy", json(503, "{}"), 3, {"503"}},
      {"no token in it", json(200, R"({"token_type":"bearer"})"), 2, {"JSON without one"}},
      {"a list", json(200, "[]"), 2, {"something else than the JSON"}},
      {"broken", json(200, "{\"access_token\":"), 2, {"something else than the JSON"}},
      {"of another type", json(200, R"({"access_token":"x","token_type":"mac"})"), 2, {"another type"}},
      {"not for a field", json(200, R"({"access_token":"x\r\nX-Evil: 1"})"), 2, {"cannot be sent"}},
      {"without an end", json(200, "[\"" + std::string(3U << 20, 'x') + "\"]"), 2, {"larger"}},
      {"cut", [](const origin_request&, origin_peer& peer) { peer.cut(); }, 2, {"localhost"}},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    const desk at;
    const rest_instance there([&](const origin_request& request, origin_peer& peer) {
      if (!rest_instance::is_token_request(request)) return false;
      each.answer(request, peer);
      return true;
    });
    const ended done = at.run_by_token(there, {"--retries", "0"});
    CHECK_MESSAGE(done.status == each.status, done.err);
    for (const char* part : each.parts) CHECK_MESSAGE(has(done.err, part), done.err);
    CHECK_MESSAGE(!has(done.err, "***"), done.err);  // the sentence itself was taken for a secret
    CHECK(fs::exists(at.pofetch / "out") == (each.status == 3));
    std::string all = done.out + done.err + read_file(at.pofetch / "log.txt");
    if (each.status == 3) {
      CHECK_MESSAGE(has(done.err, "3 purchase orders are still PENDING"), done.err);
      CHECK(count(at.report(), ",PENDING,") == 3);
      all += at.report() + read_file(at.pofetch / "out/.pofetch/ledger.db");
    }
    for (const char* part : {"cl1entS3cret", "X-Evil"}) CHECK_FALSE(has(all, part));
    // Nobody but the token endpoint was asked.
    for (const origin_request& asked : there.server().log()) CHECK(asked.target == "/oauth2/token");
  }
}

TEST_CASE(
    "api token: ends twice in mid-run with many workers, renewed once each time, nothing fails for it") {
  const program pofetch;
  temp_dir folder;
  coupa_sim::options options;
  options.dir = folder.path();
  options.pos = 120;
  options.attachments = {1, 2};
  options.size = {1024, 2048};
  options.latency = std::chrono::milliseconds(10);
  options.api_rate = 0;
  coupa_sim::simulator sim(options);
  sim.start();
  process running(pofetch.setup({"run",
                                 (folder / "orders.csv").string(),
                                 "--out",
                                 "out",
                                 "--source",
                                 "api",
                                 "--base-url",
                                 sim.base_url(),
                                 "--cacert",
                                 (folder / "ca.pem").string(),
                                 "--client-id",
                                 std::string(coupa_sim::token_book::client_id),
                                 "--client-secret-file",
                                 (folder / "client-secret").string(),
                                 "--token-wait",
                                 "0s",
                                 "--requests-per-second",
                                 "2000",
                                 "--workers",
                                 "16",
                                 "--io-threads",
                                 "2",
                                 "--log-file",
                                 "log.txt"}));
  const auto until = steady::now() + std::chrono::seconds(120);
  for (const std::uint64_t files : {20U, 80U}) {
    while (sim.statistics().downloads < files && steady::now() < until)
      static_cast<void>(running.wait_for("never said", std::chrono::milliseconds(5)));
    sim.expire_tokens();
  }
  const ended done = ended_well(running);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(sim.statistics().tokens == 3);
  CHECK(sim.statistics().unauthorized >= 2);
  CHECK(count(read_file(pofetch / "log.txt"), "the access token was renewed") == 2);
  CHECK(count(read_file(pofetch / "out/report.csv"), ",COMPLETED,") == 120);
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}

TEST_CASE(
    "api key: revoked in mid-run, seen on whatever is asked next: exit 3 once, nothing FAILED, it goes on") {
  struct row {
    const char* what;
    bool (*shows)(const origin_request&);  ///< the requests that are refused
  };
  const row rows[] = {
      {"orders",
       [](const origin_request& asked) {
         return !rest_instance::is_file_request(asked) && !rest_instance::is_list_request(asked);
       }},
      {"lists", rest_instance::is_list_request},
      {"files", rest_instance::is_file_request},
      {"all", [](const origin_request&) { return true; }},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    const desk at(40);
    std::atomic<bool> revoked{false};
    std::atomic<bool> restored{false};
    std::atomic<int> files{0};
    const rest_instance there([&](const origin_request& request, origin_peer& peer) {
      if (rest_instance::is_file_request(request) && ++files == 10) revoked = true;
      // The first request of a run, and the question whether the sign-in holds, are refused as well.
      const bool question = has(request.target, "limit=1&");
      if (!revoked || restored || !(question || each.shows(request))) return false;
      rest_instance::reply_json(peer, 401, R"({"errors":"no such key: )" + token_secret + "\"}");
      return true;
    });
    const ended done = at.run_by_key(there, {"--workers", "8"});
    CHECK_MESSAGE(done.status == 3, done.err);
    CHECK_MESSAGE(has(done.err, "Check POFETCH_API_KEY"), done.err);
    CHECK(count(done.err, "Signing in is needed") == 1);
    CHECK_MESSAGE(has(done.err, "To go on:"), done.err);
    const std::string report = at.report();
    CHECK(count(report, ",COMPLETED,") > 0);
    CHECK(count(report, ",PENDING,") > 0);
    CHECK_MESSAGE(count(report, ",COMPLETED,") + count(report, ",PENDING,") == 40, report);
    CHECK_FALSE(has(report + done.err + read_file(at.pofetch / "log.txt"), token_secret));
    const ended again = at.run_by_key(there);
    CHECK_MESSAGE(again.status == 3, again.err);
    restored = true;
    const ended last = at.run_by_key(there);
    CHECK_MESSAGE(last.status == 0, last.err);
    CHECK(count(at.report(), ",COMPLETED,") == 40);
  }
}

TEST_CASE("api token: one order that is refused while the sign-in holds stays PENDING, the others come") {
  const desk at(12);
  const rest_instance there([](const origin_request& request, origin_peer& peer) {
    if (!has(request.target, "/purchase_orders/5/")) return false;
    rest_instance::reply_json(peer, 401, "{}");
    return true;
  });
  for (const bool by_token : {true, false}) {
    CAPTURE(by_token);
    fs::remove_all(at.pofetch / "out");
    const ended done = by_token ? at.run_by_token(there) : at.run_by_key(there);
    CHECK_MESSAGE(done.status == 1, done.err);
    CHECK_MESSAGE(has(done.err, "PO 5 asks to sign in again and again"), done.err);
    CHECK(count(at.report(), ",COMPLETED,") == 11);
    CHECK(count(at.report(), ",PENDING,") == 1);
  }
}

TEST_CASE("api rate: 429 with Retry-After holds back every worker for as long as it says") {
  const desk at(30);
  std::mutex mutex;
  int files = 0;
  steady::time_point told{};
  steady::time_point next{};
  const rest_instance there([&](const origin_request& request, origin_peer& peer) {
    if (!rest_instance::is_file_request(request)) return false;
    bool refuse = false;
    {
      const std::lock_guard lock(mutex);
      refuse = ++files == 5;
      if (refuse) told = steady::now();
      // What was under way by then does not count.
      const bool later =
          told != steady::time_point{} && steady::now() - told > std::chrono::milliseconds(1500);
      if (later && next == steady::time_point{}) next = steady::now();
    }
    if (!refuse) return false;
    peer.reply(429, "{}", {{"Retry-After", "3"}, {"Content-Type", "application/json"}});
    return true;
  });
  const ended done = at.run_by_token(there, {"--workers", "8"});
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(count(at.report(), ",COMPLETED,") == 30);
  REQUIRE(next != steady::time_point{});
  CHECK(next - told >= std::chrono::milliseconds(2900));
}

TEST_CASE("api rate: 25 a second without a word, burst at most 20, not one 429") {
  const program pofetch;
  temp_dir folder;
  coupa_sim::options options;
  options.dir = folder.path();
  options.pos = 40;
  options.attachments = {1, 1};
  options.size = {100, 200};
  options.api_rate = 25;
  coupa_sim::simulator sim(options);
  sim.start();
  const auto begun = steady::now();
  const ended done =
      pofetch.run({"run", (folder / "orders.csv").string(), "--out", "out", "--source", "api", "--base-url",
                   sim.base_url(), "--cacert", (folder / "ca.pem").string(), "--client-id",
                   std::string(coupa_sim::token_book::client_id), "--client-secret-file",
                   (folder / "client-secret").string(), "--token-wait", "0s"});
  const std::chrono::duration<double> took = steady::now() - begun;
  CHECK_MESSAGE(done.status == 0, done.err);
  const auto seen = sim.statistics();
  CHECK(seen.throttled == 0);
  CHECK(seen.requests >= 4 * 40);
  CHECK(static_cast<double>(seen.requests) <= 25 * took.count() + 20);
}
