// The REST API of coupa-sim itself, seen by a client that is not pofetch's.
#include "coupa-sim/simulator.hpp"
#include "coupa-sim/token_book.hpp"
#include "integration/https_client.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace {

namespace json = boost::json;
using coupa_sim::options;
using coupa_sim::simulator;
using pofetch::testing::https_client;

options api_site_options() {
  options wanted;
  wanted.pos = 120;
  wanted.size = {1, 2000};
  wanted.requisition_percent = 40;
  wanted.api_rate = 0;
  return wanted;
}

struct api_started {
  explicit api_started(const options& wanted) : site(wanted), client(start(site), site.ca_pem()) {}

  static std::uint16_t start(simulator& one) {
    one.start();
    return one.port();
  }

  https_client::answer ask_token(const std::string& secret, const std::string& scope) {
    return client.request(
        "POST", "/oauth2/token", {{"Content-Type", "application/x-www-form-urlencoded"}},
        "grant_type=client_credentials&client_id=coupa-sim&client_secret=" + secret + "&scope=" + scope);
  }
  void sign_in(const std::string& scope = "core.purchase_order.read+core.requisition.read") {
    token = json::parse(ask_token(site.client_secret(), scope).body()).at("access_token").as_string().c_str();
  }
  https_client::answer get(const std::string& target, const std::string& accept = "application/json") {
    return client.get(target, {{"Authorization", "Bearer " + token}, {"Accept", accept}});
  }

  simulator site;
  https_client client;
  std::string token;
};

}  // namespace

TEST_CASE("simulator: tokens for the right client with known scopes only, and what a scope allows") {
  api_started sim(api_site_options());
  for (const auto& [secret, scope, error] :
       {std::tuple("wrong", "core.purchase_order.read", "invalid_client"),
        std::tuple("", "core.purchase_order.read", "invalid_client"),
        std::tuple("right", "core.all", "invalid_scope"), std::tuple("right", "", "invalid_scope")}) {
    const auto answer =
        sim.ask_token(std::string(secret) == "right" ? sim.site.client_secret() : secret, scope);
    CHECK(answer.result_int() == 400);
    CHECK(json::parse(answer.body()).at("error").as_string() == error);
  }
  CHECK(sim.get("/api/purchase_orders").result_int() == 401);
  sim.sign_in("core.requisition.read");
  CHECK(sim.get("/api/purchase_orders").result_int() == 403);
  sim.sign_in();
  CHECK(sim.get("/api/purchase_orders").result_int() == 200);
  CHECK(sim.get("/api/purchase_orders", "application/xml").result_int() == 406);
  sim.site.expire_tokens();
  CHECK(sim.get("/api/purchase_orders").result_int() == 401);
  CHECK(sim.client
            .get("/api/purchase_orders",
                 {{"X-COUPA-API-KEY", sim.site.api_key()}, {"Accept", "application/json"}})
            .result_int() == 200);
  CHECK(sim.site.statistics().tokens == 2);
  CHECK(sim.site.statistics().unauthorized == 2);
}

TEST_CASE("simulator: a token ends after its requests") {
  options wanted = api_site_options();
  wanted.token_requests = 3;
  api_started sim(wanted);
  sim.sign_in();
  for (int i = 0; i < 3; ++i) CHECK(sim.get("/api/purchase_orders?limit=1").result_int() == 200);
  CHECK(sim.get("/api/purchase_orders?limit=1").result_int() == 401);
}

TEST_CASE("simulator: orders page by page until an empty one, by number, cut down to fields") {
  api_started sim(api_site_options());
  sim.sign_in();
  std::set<std::string> numbers;
  for (const auto& [offset, size] :
       {std::pair(0, 50), std::pair(50, 50), std::pair(100, 20), std::pair(120, 0)}) {
    const auto page =
        json::parse(sim.get("/api/purchase_orders?limit=99&offset=" + std::to_string(offset)).body());
    CHECK(page.as_array().size() == static_cast<std::size_t>(size));
    for (const auto& order : page.as_array()) numbers.insert(order.at("po-number").as_string().c_str());
  }
  CHECK(numbers.size() == 120);
  const auto one = json::parse(
      sim.get("/api/purchase_orders?po-number=7000005&fields=%5B%22id%22%2C%22po-number%22%5D").body());
  REQUIRE(one.as_array().size() == 1);
  CHECK(one.as_array()[0].as_object().size() == 2);
  CHECK(one.as_array()[0].at("po-number").as_string() == "7000005");
  CHECK(one.as_array()[0].at("id").to_number<std::uint64_t>() != 7000005);
  CHECK(json::parse(sim.get("/api/purchase_orders?po-number=1").body()).as_array().empty());
}

TEST_CASE("simulator: every file is served by its attachment's address, byte for byte, notes are no files") {
  api_started sim(api_site_options());
  sim.sign_in();
  std::size_t notes = 0;
  for (std::uint64_t number = 7000001; number < 7000021; ++number) {
    const auto order = sim.site.data().order(number);
    const auto found = json::parse(sim.get("/api/purchase_orders?po-number=" + std::to_string(number)).body())
                           .as_array()
                           .at(0);
    const std::string path =
        "/api/purchase_orders/" + std::to_string(found.at("id").to_number<std::uint64_t>()) + "/attachments";
    const auto listed = json::parse(sim.get(path).body());
    for (const auto& each : listed.as_array()) {
      const std::string id = std::to_string(each.at("id").to_number<std::uint64_t>());
      if (each.at("type").as_string() == "file") continue;
      ++notes;
      CHECK(sim.get(path + "/" + id, "*/*").result_int() == 404);
    }
    for (const auto& file : order.files) {
      const auto answer = sim.get("/api/attachments/" + std::to_string(file.id), "*/*");
      REQUIRE(answer.result_int() == 200);
      std::string bytes;
      coupa_sim::for_each_piece(sim.site.data().content_of(file),
                                [&](std::string_view piece) { bytes += piece; });
      CHECK(answer.body() == bytes);
      CHECK(json::parse(sim.get("/api/attachments/" + std::to_string(file.id)).body())
                .at("file-file-size")
                .as_string() == std::to_string(file.size));
    }
  }
  CHECK(notes > 0);
}

TEST_CASE("simulator: beyond 25 API requests a second it answers 429, with the pages untouched") {
  options wanted = api_site_options();
  wanted.api_rate = 25;
  api_started sim(wanted);
  sim.sign_in();
  unsigned refused = 0;
  for (int i = 0; i < 200 && refused == 0; ++i) {
    const auto answer = sim.get("/api/purchase_orders?limit=1");
    if (answer.result_int() != 429) continue;
    ++refused;
    CHECK(answer["Retry-After"] == "1");
  }
  CHECK(refused == 1);
  CHECK(sim.client.get("/sessions/new").result_int() == 200);
}
