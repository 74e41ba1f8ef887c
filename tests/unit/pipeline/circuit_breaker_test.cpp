#include "pipeline/circuit_breaker.hpp"

#include <doctest/doctest.h>

using pofetch::pipeline::circuit_breaker;

namespace {

/// How many of the POs of a group of that size are tried when all are denied.
int tried_of(circuit_breaker& breaker, const std::string& group, int size) {
  for (int i = 0; i < size; ++i) breaker.expect(group);
  int tried = 0;
  for (int i = 0; i < size; ++i) {
    if (breaker.refuses(group)) continue;
    ++tried;
    breaker.report(group, true);
  }
  return tried;
}

}  // namespace

TEST_CASE("circuit_breaker: the first 15 percent, and at least 3, are tried") {
  struct row {
    int size;
    int tried;
  };
  for (const row r :
       {row{1, 1}, row{2, 2}, row{3, 3}, row{10, 3}, row{20, 3}, row{21, 4}, row{100, 15}, row{1000, 150}}) {
    CAPTURE(r.size);
    circuit_breaker breaker(true);
    CHECK(tried_of(breaker, "ACME Brasil", r.size) == r.tried);
  }
}

TEST_CASE("circuit_breaker: one readable PO, and the group is never held back") {
  circuit_breaker breaker(true);
  for (int i = 0; i < 10; ++i) breaker.expect("g");
  breaker.report("g", true);
  breaker.report("g", false);
  for (int i = 0; i < 8; ++i) breaker.report("g", true);
  CHECK_FALSE(breaker.refuses("g"));
}

TEST_CASE("circuit_breaker: other groups, no group and a switched off breaker are not concerned") {
  circuit_breaker breaker(true);
  CHECK(tried_of(breaker, "a", 10) == 3);
  breaker.expect("b");
  CHECK_FALSE(breaker.refuses("b"));
  CHECK(tried_of(breaker, "", 10) == 10);
  circuit_breaker off(false);
  CHECK(tried_of(off, "a", 10) == 10);
}

TEST_CASE("circuit_breaker: the reason names the group and the option that takes it up again") {
  circuit_breaker breaker(true);
  (void)tried_of(breaker, "ACME Brasil", 10);
  const auto why = breaker.refuses("ACME Brasil");
  REQUIRE(why);
  CHECK(why->message.find("ACME Brasil") != std::string::npos);
  CHECK(why->message.find("retry_skipped") != std::string::npos);
}
