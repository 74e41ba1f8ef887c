#include "core/version_key.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;

TEST_CASE("version key: the first version has the key itself, further ones a number behind it") {
  CHECK(version_key("k", 1) == "k");
  CHECK(version_key("k", 2) ==
        "k\x1f"
        "2");
  for (const unsigned number : {1U, 2U, 10U, 999'999U}) {
    const auto split = split_version(version_key("https://h/a #2", number));
    CHECK(split_version(version_key("https://h/a #2", number)).number == number);
    CHECK(split.number == number);
  }
  const std::string third = version_key("k", 3);
  CHECK(split_version(third).key == "k");
}

TEST_CASE("version key: what only looks like one is a key") {
  for (const char* key : {"k\x1f",
                          "k\x1f"
                          "1",
                          "k\x1f"
                          "0",
                          "k\x1fx",
                          "k\x1f"
                          "99999999999",
                          ""}) {
    CHECK(split_version(key).key == key);
    CHECK(split_version(key).number == 1);
  }
}
