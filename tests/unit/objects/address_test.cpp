#include "objects/address.hpp"

#include <doctest/doctest.h>

using namespace pofetch::objects;

TEST_CASE("s3://BUCKET/PREFIX: bucket and prefix, keys below it") {
  const auto made = parse_output("s3://archive/2026/po files/");
  REQUIRE(made.has_value());
  CHECK(made->bucket == "archive");
  CHECK(made->prefix == "2026/po files");
  CHECK(made->key_of("A/1/x.pdf") == "2026/po files/A/1/x.pdf");
  const auto bare = parse_output("s3://archive");
  REQUIRE(bare.has_value());
  CHECK(bare->key_of("1/x.pdf") == "1/x.pdf");
}

TEST_CASE("s3://...: what is none is refused as a setting") {
  for (const char* text :
       {"s3://", "s3:///x", "s3://a", "s3://b@d/x", "s3://bucket/../x", "s3://bucket/a/./b"}) {
    const auto made = parse_output(text);
    REQUIRE_MESSAGE(!made.has_value(), text);
    CHECK(made.error().code == pofetch::errc::config);
  }
}

TEST_CASE("the bucket stands in the host name at AWS alone, and only where its name allows it") {
  const auto aws = place_of("archive", "", "eu-west-1");
  REQUIRE(aws.has_value());
  CHECK(aws->endpoint == "https://archive.s3.eu-west-1.amazonaws.com");
  CHECK(aws->path == "/");
  const auto dotted = place_of("my.archive", "", "eu-west-1");
  REQUIRE(dotted.has_value());
  CHECK(dotted->endpoint == "https://s3.eu-west-1.amazonaws.com");
  CHECK(dotted->path == "/my.archive/");
  const auto own = place_of("archive", "https://storage.example.com:9000", "r");
  REQUIRE(own.has_value());
  CHECK(own->endpoint == "https://storage.example.com:9000");
  CHECK(own->path == "/archive/");
}

TEST_CASE("an endpoint is scheme, host and port") {
  for (const char* text :
       {"storage.example.com", "https://h/path", "ftp://h", "https://user:word@h", "https://h?x=1"}) {
    const auto made = place_of("archive", text, "r");
    REQUIRE_MESSAGE(!made.has_value(), text);
    CHECK(made.error().message.find("word") == std::string::npos);
  }
}
