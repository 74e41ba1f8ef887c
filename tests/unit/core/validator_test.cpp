#include "core/validator.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pofetch;
using core::sameness;

namespace {

http_response answer_of(std::vector<http_field> fields) {
  http_response head;
  head.status = 200;
  head.fields = std::move(fields);
  return head;
}

constexpr auto now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 10);
constexpr const char* monday = "Mon, 05 Jan 2026 10:00:00 GMT";
constexpr const char* sunday = "Sun, 04 Jan 2026 10:00:00 GMT";

}  // namespace

TEST_CASE("validator: what an answer can be asked by again") {
  struct row {
    const char* what;
    std::vector<http_field> fields;
    std::string expected;
  };
  const row rows[] = {
      {"nothing", {}, ""},
      {"strong", {{"ETag", "\"a\""}}, "\"a\""},
      {"weak, trimmed", {{"etag", " W/\"a\" "}}, "W/\"a\""},
      {"tag before date", {{"ETag", "\"a\""}, {"Last-Modified", sunday}}, "\"a\""},
      {"spaces within occur", {{"ETag", "\"a b\""}}, "\"a b\""},
      {"empty tag", {{"ETag", "\"\""}}, "\"\""},
      {"not quoted: the date", {{"ETag", "abc"}, {"Last-Modified", sunday}}, sunday},
      {"lower-case weak mark is none", {{"ETag", "w/\"a\""}}, ""},
      {"quote within", {{"ETag", "\"a\"b\""}}, ""},
      {"half quoted", {{"ETag", "\""}}, ""},
      {"too long", {{"ETag", "\"" + std::string(600, 'x') + "\""}}, ""},
      {"date", {{"Last-Modified", sunday}}, sunday},
      {"no date", {{"Last-Modified", "yesterday"}}, ""},
      {"date as new as the answer", {{"Last-Modified", monday}, {"Date", monday}}, ""},
      {"a second before", {{"Last-Modified", monday}, {"Date", "Mon, 05 Jan 2026 10:00:01 GMT"}}, ""},
      {"two seconds before", {{"Last-Modified", monday}, {"Date", "Mon, 05 Jan 2026 10:00:02 GMT"}}, monday},
      {"of the future", {{"Last-Modified", "Mon, 12 Jan 2026 10:00:00 GMT"}}, ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    CHECK(core::validator_of(answer_of(r.fields), now) == r.expected);
  }
}

TEST_CASE("validator: the condition, and what answers to it say") {
  CHECK(core::condition_of("\"a\"").name == "If-None-Match");
  CHECK(core::condition_of("W/\"a\"").name == "If-None-Match");
  CHECK(core::condition_of(sunday).name == "If-Modified-Since");
  CHECK(core::condition_of(sunday).value == sunday);
  struct row {
    const char* what;
    std::string held;
    std::vector<http_field> fields;
    sameness expected;
  };
  const row rows[] = {
      {"same tag", "\"a\"", {{"ETag", "\"a\""}}, sameness::same},
      {"weak now", "\"a\"", {{"ETag", "W/\"a\""}}, sameness::same},
      {"weak before", "W/\"a\"", {{"ETag", "\"a\""}}, sameness::same},
      {"another", "\"a\"", {{"ETag", "\"b\""}}, sameness::other},
      {"another, date the same", "\"a\"", {{"ETag", "\"b\""}, {"Last-Modified", sunday}}, sameness::other},
      {"tag gone", "\"a\"", {{"Last-Modified", sunday}}, sameness::unknown},
      {"tag broken", "\"a\"", {{"ETag", "a"}}, sameness::unknown},
      {"same date", sunday, {{"Last-Modified", sunday}}, sameness::same},
      {"later", sunday, {{"Last-Modified", monday}}, sameness::other},
      {"earlier", monday, {{"Last-Modified", sunday}}, sameness::other},
      {"no date", sunday, {}, sameness::unknown},
      {"nothing held", "", {{"ETag", "\"a\""}}, sameness::unknown},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    CHECK(core::compare(answer_of(r.fields), r.held) == r.expected);
  }
}

TEST_CASE("validator: a time of change that a list says counts once it has settled") {
  CHECK(core::is_settled("2026-01-09T23:59:58Z", now));
  CHECK(core::is_settled("2026-01-10T01:59:58+02:00", now));
  CHECK_FALSE(core::is_settled("2026-01-09T23:59:59Z", now));
  CHECK_FALSE(core::is_settled("2026-01-10T00:00:00Z", now));
  CHECK_FALSE(core::is_settled("2026-01-09", now));
  CHECK_FALSE(core::is_settled("", now));
  CHECK_FALSE(core::is_settled("soon", now));
}
