#include "service/server/route_table.hpp"

#include "service/routes/cursor.hpp"
#include "service/routes/file_range.hpp"
#include "service/schemas/openapi.hpp"
#include "service/server/problem.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace pofetch::service;

namespace {

using words = std::vector<std::string>;

route_table sample() {
  std::vector<route> routes;
  routes.push_back({"GET", "/v1/batches", scope::read, takes::nothing, "", {}});
  routes.push_back({"POST", "/v1/batches", scope::submit, takes::stream, "", {}});
  routes.push_back({"GET", "/v1/batches/{id}", scope::read, takes::nothing, "", {}});
  routes.push_back({"GET", "/v1/batches/{id}/files/{path...}", scope::read, takes::nothing, "", {}});
  return route_table(std::move(routes));
}

}  // namespace

TEST_CASE("routes: by method and segments, with names") {
  const route_table table = sample();
  REQUIRE(table.find("GET", {"v1", "batches"}).what != nullptr);
  CHECK(table.find("GET", {"v1", "batches"}).what->needs == scope::read);
  CHECK(table.find("POST", {"v1", "batches"}).what->needs == scope::submit);
  CHECK(table.find("HEAD", {"v1", "batches", "x"}).what->method == "GET");
  CHECK(table.find("GET", {"v1", "batches", "x"}).names == words{"x"});
  CHECK(table.find("GET", {"v1", "batches", "x", "files", "a", "b c"}).names == words{"x", "a/b c"});
}

TEST_CASE("routes: what is not there, and what cannot be done with what is") {
  const route_table table = sample();
  const std::vector<words> unknown = {{""},
                                      {"v1"},
                                      {"v1", "batches", ""},
                                      {"v1", "batches", "x", "files"},
                                      {"v1", "batches", "x", "y"},
                                      {"V1", "batches"}};
  for (const words& segments : unknown) CHECK(table.find("GET", segments).allow.empty());
  const auto other = table.find("DELETE", {"v1", "batches"});
  CHECK(other.what == nullptr);
  CHECK(other.allow == "GET, HEAD, POST, OPTIONS");
  CHECK(table.find("POST", {"v1", "batches", "x"}).allow == "GET, HEAD, OPTIONS");
}

TEST_CASE("openapi: every route with its method and its names") {
  const auto whole = boost::json::parse(openapi_json(sample().all())).as_object();
  CHECK(whole.at("openapi").as_string() == "3.1.0");
  const auto& paths = whole.at("paths").as_object();
  CHECK(paths.size() == 3);
  CHECK(paths.at("/v1/batches").as_object().size() == 2);
  const auto& file = paths.at("/v1/batches/{id}/files/{path}").as_object().at("get").as_object();
  CHECK(file.at("parameters").as_array().size() == 4);
  CHECK(file.at("operationId").as_string() == "getFile");
}

TEST_CASE("problems: each slug once, and its status in the body") {
  std::set<std::string_view> seen;
  for (const problem_kind& each : problem_kinds()) {
    CAPTURE(each.slug);
    CHECK(seen.insert(each.slug).second);
    CHECK(each.status >= 400);
    problem what;
    what.slug = each.slug;
    what.errors.push_back({"/a", "b"});
    const auto body = boost::json::parse(problem_json(what, "id")).as_object();
    CHECK(body.at("type").as_string() == "urn:pofetch:problem:" + std::string(each.slug));
    CHECK(body.at("status").to_number<unsigned>() == each.status);
    CHECK(body.at("instance").as_string() == "id");
  }
  CHECK(kind_of_problem("no such slug").slug == "internal");
}

TEST_CASE("cursors: given back for the same question only") {
  const std::string cursor = make_cursor("17", "state=failed");
  CHECK(read_cursor(cursor, "state=failed") == std::optional<std::string>("17"));
  CHECK_FALSE(read_cursor(cursor, "state=running").has_value());
  CHECK_FALSE(read_cursor(cursor + "!", "state=failed").has_value());
  CHECK_FALSE(read_cursor("", "").has_value());
  CHECK_FALSE(read_cursor("MTc", "").has_value());
  std::string other = cursor;
  other[0] = 'N';  // another version
  CHECK_FALSE(read_cursor(other, "state=failed").has_value());
}

TEST_CASE("ranges: one is a part, several are the whole, one behind the end is none") {
  struct row {
    std::string_view field;
    file_range::kind what;
    std::uint64_t first;
    std::uint64_t count;
  };
  using enum file_range::kind;
  const std::vector<row> rows = {
      {"", whole, 0, 10},          {"bytes=0-3", part, 0, 4},
      {"bytes=3-", part, 3, 7},    {"bytes=-4", part, 6, 4},
      {"bytes=-40", part, 0, 10},  {"bytes=9-99", part, 9, 1},
      {"bytes=10-", none, 0, 0},   {"bytes=99-100", none, 0, 0},
      {"bytes=-0", none, 0, 0},    {"bytes=0-1,3-4", whole, 0, 10},
      {"bytes=3-1", whole, 0, 10}, {"bytes=a-b", whole, 0, 10},
      {"items=0-1", whole, 0, 10}, {"bytes=", whole, 0, 10},
      {"bytes=-", whole, 0, 10},   {"bytes=1-x", whole, 0, 10},
  };
  for (const row& each : rows) {
    CAPTURE(each.field);
    const file_range found = read_range(each.field, 10);
    CHECK(found.what == each.what);
    CHECK(found.first == each.first);
    CHECK(found.count == each.count);
  }
  CHECK(read_range("bytes=0-", 0).what == none);
}
