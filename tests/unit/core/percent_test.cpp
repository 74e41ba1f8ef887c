#include "core/percent.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;

TEST_CASE("percent: both ways, broken escapes stay") {
  CHECK(decode_percent("a%20b%2") == "a b%2");
  CHECK(decode_percent("%") == "%");
  CHECK(decode_percent("%%41") == "%A");
  CHECK(decode_percent("%gg%C3%A9") == "%ggé");
  CHECK(encode_component("a b/é~") == "a%20b%2F%C3%A9~");
  CHECK(encode_component(std::string("\0\xff", 2)) == "%00%FF");
  CHECK(is_escape("a%4f", 1));
  CHECK_FALSE(is_escape("a%4", 1));
  CHECK_FALSE(is_escape("abcd", 1));
}
