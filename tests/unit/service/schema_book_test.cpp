#include "service/schemas/schema_book.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pofetch::service;
namespace json = boost::json;

TEST_CASE("schema: what is wrong is told by pointer and in plain words") {
  struct row {
    std::string_view name;
    std::string_view value;
    std::string_view told;  ///< `POINTER: SENTENCE`, the first one
  };
  const std::vector<row> rows = {
      {"EmptyRequest", "[]", ": expected an object"},
      {"EmptyRequest", R"({"a~/b":1})", "/a~0~1b: there is no such member"},
      {"PauseRequest", R"({"mode":"soon"})", "/mode: expected drain or now"},
      {"RetryRequest", R"({"statuses":[]})", "/statuses: expected an array with at least 1"},
      {"RetryRequest", R"({"statuses":["DONE"]})",
       "/statuses/0: expected PENDING, FAILED, PARTIAL, NOT_FOUND or SKIPPED"},
      {"RetryRequest", R"({"dry_run":1})", "/dry_run: expected true or false"},
      {"BatchPatch", R"({"workers":"2"})", "/workers: expected a whole number or null"},
      {"BatchPatch", R"({"workers":-1})", "/workers: expected a whole number or null"},
      {"BatchPatch", R"({"priority":"x"})", "/priority: expected low, normal, high or null"},
      {"NewBatch", "{}", "/list: it is missing"},
      {"NewBatch", R"({"list":{"rows":[{"a":1}],"purchase_orders":["1"]}})",
       "/list: expected an object with at least 1 member and at most 1"},
      {"NewBatch", R"({"list":{"rows":[{"a":{}}]}})",
       "/list/rows/0/a: expected a text, a number, true or false or null"},
      {"NewBatch", R"({"list":{"purchase_orders":["1"]},"options":{"include":"a"}})",
       "/options/include: expected an array, each a text"},
  };
  for (const row& each : rows) {
    CAPTURE(each.value);
    const auto wrong = check_schema(each.name, json::parse({each.value.data(), each.value.size()}));
    REQUIRE_FALSE(wrong.empty());
    std::string told;
    for (const member_error& one : wrong)
      if (one.pointer + ": " + one.detail == each.told) told = each.told;
    CHECK_MESSAGE(told == each.told, wrong.front().pointer << ": " << wrong.front().detail);
  }
}

TEST_CASE("schema: several members that are wrong are all told") {
  const auto wrong = check_schema("BatchPatch", json::parse(R"({"name":1,"workers":true,"x":1,"y":2})"));
  CHECK(wrong.size() == 4);
  CHECK(check_schema("BatchPatch", json::parse(R"({"name":null,"workers":3})")).empty());
}

TEST_CASE("schema: a list of 50,000 orders is no burden") {
  json::array orders;
  for (int i = 0; i < 50'000; ++i) orders.push_back(json::string("PO-1"));
  const json::value whole = json::object{{"list", json::object{{"purchase_orders", std::move(orders)}}}};
  CHECK(check_schema("NewBatch", whole).empty());
}
