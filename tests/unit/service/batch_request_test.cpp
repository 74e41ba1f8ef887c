#include "service/batches/batch_request.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch::service;

TEST_CASE("request: members that are wrong, each with its pointer") {
  struct row {
    std::string body;
    std::string_view slug;
    std::string_view pointer;
  };
  const std::string list = R"("list":{"purchase_orders":["1"]})";
  const std::vector<row> rows = {
      {"", "bad-request", ""},
      {"{", "bad-request", ""},
      {std::string(40, '[') + std::string(40, ']'), "bad-request", ""},
      {"[]", "invalid-member", ""},
      {"{}", "invalid-member", "/list"},
      {R"({"list":{}})", "invalid-member", "/list"},
      {R"({"list":{"purchase_orders":[]}})", "invalid-member", "/list/purchase_orders"},
      {R"({"list":{"purchase_orders":["1",{}]}})", "invalid-member", "/list/purchase_orders/1"},
      {R"({"list":{"purchase_orders":["1\n2"]}})", "invalid-member", "/list/purchase_orders/0"},
      {R"({"list":{"rows":[{"a":1},{"a":[]}]}})", "invalid-member", "/list/rows/1/a"},
      {R"({"list":{"rows":[1]}})", "invalid-member", "/list/rows/0"},
      {"{" + list + R"(,"base_url":"https://evil"})", "invalid-member", "/base_url"},
      {"{" + list + R"(,"name":1})", "invalid-member", "/name"},
      {"{" + list + R"(,"labels":"a"})", "invalid-member", "/labels"},
      {"{" + list + R"(,"priority":"urgent"})", "invalid-member", "/priority"},
      {"{" + list + R"(,"source":"own"})", "invalid-member", "/source"},
      {"{" + list + R"(,"options":{"workers":"2"}})", "invalid-member", "/options/workers"},
      {"{" + list + R"(,"options":{"workers":-2}})", "invalid-member", "/options/workers"},
      {"{" + list + R"(,"options":{"workers":0}})", "invalid-member", "/options/workers"},
      {"{" + list + R"(,"options":{"proxy":"http://evil"}})", "invalid-member", "/options/proxy"},
      {"{" + list + R"(,"options":{"header":["A: b"]}})", "invalid-member", "/options/header"},
      {"{" + list + R"(,"options":{"a/b":1}})", "invalid-member", "/options/a~1b"},
      {"{" + list + R"(,"options":{"hash":"md5"}})", "invalid-member", "/options/hash"},
      {"{" + list + R"(,"options":{"include":"*.pdf"}})", "invalid-member", "/options/include"},
      {"{" + list + R"(,"options":{"refresh":"7"}})", "invalid-member", "/options/refresh"},
  };
  for (const row& each : rows) {
    CAPTURE(each.body);
    const read_request read = request_of_json(each.body);
    REQUIRE(read.refused.has_value());
    CHECK(read.refused->slug == each.slug);
    if (each.slug == "invalid-member") CHECK(read.refused->errors.front().pointer == each.pointer);
  }
  std::string many = "{" + list + R"(,"labels":[)";
  for (int i = 0; i < 17; ++i) many += i == 0 ? "\"a\"" : ",\"a\"";
  CHECK(request_of_json(many + "]}").refused.has_value());
}

TEST_CASE("request: all that can be asked for") {
  const read_request read = request_of_json(
      R"({"list":{"rows":[{"PO":"7","n":1},{"PO":8,"n":null}]},"name":"May","labels":["a","b"],"priority":"high",)"
      R"("source":"api","profile":"main","mode":"fetch","options":{"workers":3,"max_concurrent":2,"retries":0,)"
      R"("include":["*.pdf"],"exclude":[],"max_file_size":1000,"hash":"none","durability":"none","dedupe":false,)"
      R"("folder_columns":["n"],"folder_status":true,"po_column":"PO","supplier_column":"S","sheet":"1",)"
      R"("breaker":false,"refresh":"7d"}})");
  REQUIRE_FALSE(read.refused.has_value());
  CHECK(read.request.list == "{\"PO\":\"7\",\"n\":1}\n{\"PO\":8,\"n\":null}\n");
  CHECK(read.request.labels.size() == 2);
  CHECK(read.request.urgency == priority::high);
  pofetch::batch_options engine;
  std::vector<member_error> errors;
  apply_options(read.request.options, engine, "", errors);
  CHECK(errors.empty());
  CHECK(engine.pool.workers == 3);
  CHECK(engine.pool.max_concurrent == 2);
  CHECK(engine.pool.retries == 0);
  CHECK(engine.pool.include == std::vector<std::string>{"*.pdf"});
  CHECK(engine.pool.max_file_size == 1000);
  CHECK_FALSE(engine.pool.hash);
  CHECK(engine.pool.sync == pofetch::durability::none);
  CHECK(engine.pool.folder_status);
  CHECK_FALSE(engine.pool.breaker);
  CHECK(engine.pool.refresh == std::optional<std::chrono::milliseconds>(std::chrono::hours{7 * 24}));
  CHECK(engine.po_column == "PO");
  CHECK(engine.folder_columns == std::vector<std::string>{"n"});
}

TEST_CASE("request: the same by a query") {
  const read_request read = request_of_query({{"profile", "main"},
                                              {"name", "May"},
                                              {"workers", "2"},
                                              {"label", "a"},
                                              {"label", "b"},
                                              {"include", "*.pdf"},
                                              {"include", "*.txt"},
                                              {"dedupe", "true"}});
  REQUIRE_FALSE(read.refused.has_value());
  CHECK(read.request.profile == "main");
  CHECK(read.request.labels == std::vector<std::string>{"a", "b"});
  CHECK(read.request.options.at("workers").to_number<int>() == 2);
  CHECK(read.request.options.at("include").as_array().size() == 2);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"workers", "x"},  {"workers", "0"}, {"dedupe", "yes"}, {"cookies", "/etc/passwd"},
      {"priority", "x"}, {"list", "1"},    {"options", "1"}};
  for (const auto& each : wrong) {
    CAPTURE(each.first);
    const read_request bad = request_of_query({each});
    REQUIRE(bad.refused.has_value());
    CHECK(bad.refused->slug == "invalid-parameter");
    CHECK(bad.refused->errors.front().pointer == each.first);
  }
}

TEST_CASE("request: the profile that fits") {
  std::vector<profile> all(3);
  all[0].name = "main";
  all[0].access.source = pofetch::source_kind::api;
  all[1].name = "other";
  all[1].access.source = pofetch::source_kind::api;
  all[2].name = "archive";
  all[2].access.source = pofetch::source_kind::manifest;
  std::string why;
  batch_request asked;
  CHECK(choose_profile(all, asked, why) == nullptr);
  asked.source = "manifest";
  CHECK(choose_profile(all, asked, why) == &all[2]);
  asked.source = "api";
  CHECK(choose_profile(all, asked, why) == nullptr);
  asked.profile = "other";
  CHECK(choose_profile(all, asked, why) == &all[1]);
  asked.source = "manifest";
  CHECK(choose_profile(all, asked, why) == nullptr);
  asked = {};
  asked.profile = "none";
  CHECK(choose_profile(all, asked, why) == nullptr);
}

TEST_CASE("patch: changes what may be changed, all of it or nothing") {
  batch_record record;
  record.name = "old";
  record.options = {{"workers", 4}, {"dedupe", true}};
  CHECK_FALSE(
      patch_record(R"({"name":"new","labels":["x"],"priority":"low","workers":null,"max_concurrent":3})",
                   record)
          .has_value());
  CHECK(record.name == "new");
  CHECK(record.urgency == priority::low);
  CHECK(boost::json::serialize(record.options).find("workers") == std::string::npos);
  CHECK(record.options.at("max_concurrent").to_number<int>() == 3);
  CHECK(record.options.at("dedupe").as_bool());
  for (const char* bad :
       {R"({"name":"x","state":"completed"})", R"({"name":"x","workers":0})", R"({"id":null})", "[]", ""}) {
    CAPTURE(bad);
    CHECK(patch_record(bad, record).has_value());
    CHECK(record.name == "new");
  }
}
