#include "objects/placing.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using namespace pofetch::objects;

TEST_CASE("disposition: names in ASCII as they are, others encoded as well") {
  CHECK(disposition_of("a b.pdf") == "attachment; filename=\"a b.pdf\"");
  CHECK(disposition_of("\xc3\xa9\"%.pdf") ==
        "attachment; filename=\"____.pdf\"; filename*=UTF-8''%C3%A9%22%25.pdf");
}

TEST_CASE("facts: the entity-tag stands for the time of change") {
  object_answer first{200, {{"ETag", "\"aa\""}}, {}, 12};
  object_answer second{200, {{"ETag", "\"ab\""}}};
  CHECK(facts_of(first).size == 12);
  CHECK(facts_of(first).mtime_ns > 0);
  CHECK(facts_of(first).mtime_ns == facts_of(first, 5).mtime_ns);
  CHECK(facts_of(first, 5).mtime_ns != facts_of(second, 5).mtime_ns);
}

TEST_CASE("what is wrong with one object does not end the run") {
  for (const errc code : {errc::exists, errc::digest_mismatch, errc::unsupported})
    CHECK(!is_of_store(make_failure(code, "")));
  for (const errc code : {errc::disk, errc::config, errc::disk_full})
    CHECK(is_of_store(make_failure(code, "")));
}
