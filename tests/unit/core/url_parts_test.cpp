#include "core/url_parts.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;

TEST_CASE("url_parts: a whole URL") {
  const auto parts = split_url("https://u@h:1/p/q?x=1?#f#g");
  CHECK(parts.scheme == "https");
  CHECK(parts.authority == "u@h:1");
  CHECK(parts.path == "/p/q");
  CHECK(parts.query == "x=1?");
  CHECK(parts.fragment == "f#g");
}

TEST_CASE("url_parts: what is not there") {
  const auto parts = split_url("a/b:c");
  CHECK(parts.scheme.empty());
  CHECK_FALSE(parts.authority.has_value());
  CHECK(parts.path == "a/b:c");
  CHECK_FALSE(parts.query.has_value());
  CHECK(split_url("//h").authority == "h");
  CHECK(split_url("https://").authority == "");
  CHECK(split_url("?").query == "");
  CHECK(split_url("#?x").fragment == "?x");
  CHECK_FALSE(split_url("#?x").query.has_value());
  CHECK(split_url("https://h?q/r").authority == "h");
  CHECK(split_url("1a:b").scheme.empty());
  CHECK(split_url("mailto:a@b").path == "a@b");
}

TEST_CASE("url_parts: parameters") {
  CHECK(split_param("a=b=c").name == "a");
  CHECK(split_param("a=b=c").value == "b=c");
  CHECK(split_param("a=").value == "");
  CHECK_FALSE(split_param("a").value.has_value());
}
