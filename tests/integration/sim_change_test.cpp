// Orders of coupa-sim that change while it is up, seen by a client that is not pofetch's.
#include "coupa-sim/simulator.hpp"
#include "coupa-sim/times.hpp"
#include "integration/https_client.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <array>
#include <ctime>
#include <string>
#include <utility>

namespace {

namespace json = boost::json;
using coupa_sim::file_facts;
using coupa_sim::options;
using coupa_sim::order_facts;
using coupa_sim::page_validators;
using coupa_sim::simulator;
using pofetch::testing::https_client;

constexpr std::uint64_t changing_po = 7000001;

options changing_site() {
  options wanted;
  wanted.pos = 60;
  wanted.size = {1, 3000};
  wanted.attachments = {2, 3};
  wanted.api_rate = 0;
  return wanted;
}

struct changing {
  explicit changing(const options& wanted) : site(wanted), client(start(site), site.ca_pem()) {}

  static std::uint16_t start(simulator& one) {
    one.start();
    return one.port();
  }
  https_client::answer get(const std::string& target, https_client::fields list = {}) {
    list.emplace_back("Cookie", site.cookie_header());
    return client.get(target, list);
  }
  https_client::answer page(https_client::fields list = {}) {
    return get("/order_headers/" + std::to_string(changing_po), std::move(list));
  }
  https_client::answer post(const std::string& what, const std::string& body) {
    return client.request("POST", "/_sim/" + what, {}, body);
  }
  json::value api(const std::string& target) {
    const https_client::fields fields{{"X-COUPA-API-KEY", site.api_key()}, {"Accept", "application/json"}};
    return json::parse(client.get(target, fields).body());
  }

  simulator site;
  https_client client;
};

std::string version_digest(const simulator& site, const file_facts& file) {
  return coupa_sim::sha256_hex(site.data().content_of(file));
}

std::string text_at(const json::value& object, const char* name) {
  return object.at(name).as_string().c_str();
}

}  // namespace

TEST_CASE("simulator: a file that is attached stands on the page and in the API, and can be fetched") {
  changing sim(changing_site());
  const std::size_t before = sim.site.data().order(changing_po).files.size();
  const auto answer = sim.post("attach", R"({"po": 7000001, "name": "late quote.pdf", "size": 1234})");
  REQUIRE(answer.result_int() == 200);
  const json::value told = json::parse(answer.body());
  CHECK(text_at(told, "name") == "late quote.pdf");
  CHECK(told.at("version").to_number<int>() == 1);
  const order_facts order = sim.site.data().order(changing_po);
  REQUIRE(order.files.size() == before + 1);
  const std::string id = std::to_string(told.at("id").to_number<std::uint64_t>());
  CHECK(sim.page().body().find(id) != std::string::npos);
  const auto file = sim.get(text_at(told, "target"));
  CHECK(file.body().size() == 1234);
  CHECK(file.body().substr(0, 4) == "%PDF");
  CHECK(text_at(told, "sha256") == version_digest(sim.site, order.files.back()));

  const json::value found = sim.api("/api/purchase_orders?po-number=7000001").as_array().at(0);
  CHECK(text_at(found, "updated-at") == text_at(told, "updated_at"));
  CHECK(json::serialize(sim.api("/api/attachments/" + id)).find("late quote.pdf") != std::string::npos);
}

TEST_CASE("simulator: a replaced file has other bytes, another entity-tag and date under the same address") {
  changing sim(changing_site());
  const file_facts file = sim.site.data().order(changing_po).files.front();
  const auto before = sim.get(file.target);
  const std::string id = std::to_string(file.id);
  const json::value same_size = json::parse(sim.post("replace", R"({"id": )" + id + "}").body());
  CHECK(text_at(same_size, "target") == file.target);
  CHECK(same_size.at("version").to_number<int>() == 2);
  const auto after = sim.get(file.target);
  CHECK(after.body().size() == before.body().size());
  CHECK(after.body() != before.body());
  if (file.has_etag) CHECK(after["ETag"] != before["ETag"]);
  CHECK(after["Last-Modified"] != before["Last-Modified"]);

  const json::value larger =
      json::parse(sim.post("replace", R"({"po": 7000001, "ordinal": 0, "size": 4321})").body());
  CHECK(larger.at("version").to_number<int>() == 3);
  CHECK(sim.get(file.target).body().size() == 4321);
  CHECK(text_at(sim.api("/api/attachments/" + id), "file-file-size") == "4321");
  // Without a size it keeps the one that it has now.
  sim.post("replace", R"({"id": )" + id + "}");
  CHECK(sim.get(file.target).body().size() == 4321);
}

TEST_CASE(
    "simulator: a detached file is listed nowhere, its address is gone, and its number is not used again") {
  changing sim(changing_site());
  const order_facts before = sim.site.data().order(changing_po);
  const std::string id = std::to_string(before.files.front().id);
  CHECK(sim.post("detach", R"({"id": )" + id + "}").result_int() == 200);
  CHECK(sim.post("detach", R"({"id": )" + id + "}").result_int() == 404);
  CHECK(sim.post("replace", R"({"id": )" + id + "}").result_int() == 404);
  CHECK(sim.page().body().find(id) == std::string::npos);
  CHECK(sim.get(before.files.front().target).result_int() == 404);
  CHECK(sim.site.data().order(changing_po).files.size() == before.files.size() - 1);
  CHECK(coupa_sim::expected_status(sim.site.data().order(changing_po)) == "COMPLETED");
  const json::value next = json::parse(sim.post("attach", R"({"po": 7000001})").body());
  CHECK(next.at("id").to_number<std::uint64_t>() > before.files.back().id);
  const json::value shown = json::parse(sim.get("/_sim/order?po=7000001").body());
  CHECK(shown.at("files").as_array().size() == before.files.size());
  CHECK(text_at(shown, "status") == "COMPLETED");
}

TEST_CASE("simulator: a change that makes no sense is refused with a reason, and changes nothing") {
  struct row {
    const char* what;
    const char* body;
    unsigned status;
  };
  constexpr std::array rows{
      row{"attach", "", 400},
      row{"attach", "[]", 400},
      row{"attach", R"({"po": "x"})", 400},
      row{"attach", R"({"po": 7000001, "size": -1})", 400},
      row{"attach", R"({"po": 7000001, "size": 99999999999})", 400},
      row{"attach", "{\"po\": 7000001, \"name\": \"a\\r\\nb.pdf\"}", 400},
      row{"attach", R"({"po": 1})", 404},
      row{"attach", R"({"po": 7000001, "requisition": 3})", 404},
      row{"replace", R"({"id": 7000001999})", 404},
      row{"detach", R"({"po": 7000001, "ordinal": 5000})", 404},
      row{"forget", R"({"po": 7000001})", 404},
  };
  changing sim(changing_site());
  const auto before = sim.page().body();
  for (const row& one : rows) {
    CAPTURE(one.body);
    const auto answer = sim.post(one.what, one.body);
    CHECK(answer.result_int() == one.status);
    CHECK(!answer.body().empty());
  }
  CHECK(sim.page().body() == before);
}

TEST_CASE("simulator: pages are asked for again by entity-tag or date, and every change shows") {
  struct row {
    page_validators style;
    const char* given;
    const char* asked;
  };
  for (const row& one : {row{page_validators::etag, "ETag", "If-None-Match"},
                         row{page_validators::modified, "Last-Modified", "If-Modified-Since"}}) {
    CAPTURE(one.given);
    options wanted = changing_site();
    wanted.validators = one.style;
    changing sim(wanted);
    const std::string mark(sim.page()[one.given]);
    REQUIRE(!mark.empty());
    const auto same = sim.page({{one.asked, mark}});
    CHECK(same.result_int() == 304);
    CHECK(same.body().empty());
    CHECK(sim.page({{one.asked, "W/\"0\""}}).result_int() == 200);
    sim.post("replace", R"({"po": 7000001})");
    CHECK(sim.page({{one.asked, mark}}).result_int() == 200);
    CHECK(sim.page()[one.given] != mark);
  }
  changing plain(changing_site());
  CHECK(plain.page()["ETag"].empty());
  CHECK(plain.page()["Last-Modified"].empty());
}

TEST_CASE("simulator: a requisition's change shows on its page, not on the PO's") {
  options wanted = changing_site();
  wanted.requisition_percent = 100;
  wanted.validators = page_validators::etag;
  changing sim(wanted);
  const order_facts order = sim.site.data().order(changing_po);
  const std::string target = "/requisition_headers/" + std::to_string(order.requisitions.front().number);
  const std::string own(sim.page()["ETag"]);
  const std::string linked(sim.get(target)["ETag"]);
  const json::value told =
      json::parse(sim.post("attach", R"({"po": 7000001, "requisition": 1, "name": "a.csv"})").body());
  CHECK(sim.page({{"If-None-Match", own}}).result_int() == 304);
  const auto changed = sim.get(target, {{"If-None-Match", linked}});
  CHECK(changed.result_int() == 200);
  CHECK(changed.body().find(std::to_string(told.at("id").to_number<std::uint64_t>())) != std::string::npos);
}

TEST_CASE("simulator: a file is asked for again by entity-tag or date") {
  changing sim(changing_site());
  for (const file_facts& file : sim.site.data().order(changing_po).files) {
    const auto first = sim.get(file.target);
    const std::string date(first["Last-Modified"]);
    CHECK(sim.get(file.target, {{"If-Modified-Since", date}}).result_int() == 304);
    if (file.has_etag)
      CHECK(sim.get(file.target, {{"If-None-Match", std::string(first["ETag"])}}).result_int() == 304);
    sim.site.data().replace(file.id, {});
    CHECK(sim.get(file.target, {{"If-Modified-Since", date}}).result_int() == 200);
    if (file.has_etag)
      CHECK(sim.get(file.target, {{"If-None-Match", std::string(first["ETag"])}}).result_int() == 200);
  }
}

TEST_CASE("simulator: the API filters by the time of change, which is past until an order is changed") {
  options wanted = changing_site();
  wanted.pos = 50'000;
  changing sim(wanted);
  const std::time_t now = std::time(nullptr);
  const std::string since = coupa_sim::rfc3339(now - 60);
  const std::string asked = "/api/purchase_orders?updated-at%5Bgt%5D=" + since.substr(0, 19) + "%2B00:00";
  CHECK(sim.api(asked).as_array().empty());
  sim.post("attach", R"({"po": 7000007})");
  sim.post("detach", R"({"po": 7000009})");
  const json::value found = sim.api(asked);
  REQUIRE(found.as_array().size() == 2);
  CHECK(text_at(found.as_array().at(0), "po-number") == "7000007");
  CHECK(text_at(found.as_array().at(1), "po-number") == "7000009");
  const std::string later = coupa_sim::rfc3339(now + 60);
  CHECK(sim.api("/api/purchase_orders?updated-at[gt]=" + later.substr(0, 19) + "Z").as_array().empty());
  CHECK(sim.api(asked + "&updated-at[lt]=" + since.substr(0, 19)).as_array().empty());
  CHECK(sim.api("/api/purchase_orders?updated-at[gt]=yesterday").as_object().contains("errors"));
}

TEST_CASE("simulator times: written and read back, with any offset") {
  struct row {
    const char* text;
    bool good;
  };
  constexpr std::array rows{row{"2024-01-31T10:00:00+00:00", true},
                            row{"2024-01-31T12:00:00+02:00", true},
                            row{"2024-01-31T12:00:00 02:00", true},
                            row{"2024-01-31T07:00:00-0300", true},
                            row{"2024-01-31T10:00:00.250Z", true},
                            row{"2024-01-31T10:00:00", true},
                            row{"", false},
                            row{"2024-01-31T10:00:00+02", false},
                            row{"2024-01-31T10:00:00 UTC", false}};
  constexpr std::time_t when = 1'706'695'200;
  for (const row& one : rows) {
    CAPTURE(one.text);
    const auto read = coupa_sim::parse_rfc3339(one.text);
    REQUIRE(read.has_value() == one.good);
    if (read) CHECK(*read == when);
  }
  CHECK(coupa_sim::parse_rfc3339("2024-01-31") == when - 10 * 3600);  // its first moment
  CHECK(coupa_sim::rfc3339(when) == rows.front().text);
  CHECK(coupa_sim::http_date(when) == "Wed, 31 Jan 2024 10:00:00 GMT");
  CHECK(coupa_sim::parse_http_date("Wed, 31 Jan 2024 10:00:00 GMT") == when);
  CHECK(!coupa_sim::parse_http_date("2024-01-31T10:00:00Z"));
}
