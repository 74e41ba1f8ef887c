#include "core/status_failure.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using namespace pofetch::core;
using std::chrono::milliseconds;

TEST_CASE("status_failure: codes") {
  struct row {
    int status;
    std::string word;
  };
  const row rows[] = {{404, "http_404"}, {429, "rate_limited"}, {500, "http_500"}, {302, "http_302"},
                      {401, "http_401"}, {100, "http_100"},     {599, "http_599"}, {0, "protocol"},
                      {99, "protocol"},  {600, "protocol"},     {-1, "protocol"}};
  for (const auto& r : rows) {
    CAPTURE(r.status);
    CHECK(code_word(failure_for_status(r.status, "PO 12", "https://h/")) == r.word);
  }
  CHECK(failure_for_status(429, "x", "y").http_status == 429);
}

TEST_CASE("status_failure: one sentence that says what, where, and what came") {
  CHECK(failure_for_status(404, "PO 12, a.pdf", "https://h/a").message ==
        "PO 12, a.pdf: the server answered 404 Not Found where a success was expected, at https://h/a.");
  CHECK(failure_for_status(599, "PO 12", "https://h/a").message ==
        "PO 12: the server answered 599 where a success was expected, at https://h/a.");
  const failure wait = failure_for_status(503, "PO 12", "https://h/a", milliseconds(1500));
  CHECK(wait.message ==
        "PO 12: the server answered 503 Service Unavailable where a success was expected, at https://h/a, "
        "and asked to "
        "wait 2 s.");
  CHECK(wait.retry_after == milliseconds(1500));
}

TEST_CASE("status_failure: a response, its URL masked and its Retry-After read") {
  http_response head;
  head.status = 429;
  head.url = "https://h/a?token=TOPSECRET";
  head.fields = {{"retry-after", "7"}};
  const failure f = failure_for_response(head, "PO 12");
  CHECK(f.code == errc::rate_limited);
  CHECK(f.retry_after == milliseconds(7000));
  CHECK(f.message.find("TOPSECRET") == std::string::npos);
  head.fields.clear();
  CHECK_FALSE(failure_for_response(head, "PO 12").retry_after.has_value());
}

TEST_CASE("status_failure: phrases") {
  CHECK(reason_phrase(100) == "Continue");
  CHECK(reason_phrase(416) == "Range Not Satisfiable");
  CHECK(reason_phrase(505) == "HTTP Version Not Supported");
  CHECK(reason_phrase(299).empty());
}
