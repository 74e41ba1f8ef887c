#include "service/server/heads/request_head.hpp"

#include "service/server/heads/request_target.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pofetch::service;

namespace {

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}
std::string post(std::string_view fields) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("head: what others may read in another way is refused") {
  struct row {
    const char* name;
    std::string text;
    std::string_view slug;
  };
  const std::vector<row> rows = {
      {"gzip alone", post("Transfer-Encoding: gzip\r\n"), "bad-request"},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), "bad-request"},
      {"chunked twice", post("Transfer-Encoding: chunked, chunked\r\n"), "bad-request"},
      {"two fields", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "bad-request"},
      {"identity", post("Transfer-Encoding: identity\r\n"), "bad-request"},
      {"empty coding", post("Transfer-Encoding:\r\n"), "bad-request"},
      {"HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "bad-request"},
      {"coding, then length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), "bad-request"},
      {"length, then coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), "bad-request"},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), "bad-request"},
      {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n"), "bad-request"},
      {"list of lengths", post("Content-Length: 5, 5\r\n"), "bad-request"},
      {"signed length", post("Content-Length: +5\r\n"), "bad-request"},
      {"hexadecimal length", post("Content-Length: 0x5\r\n"), "bad-request"},
      {"huge length", post("Content-Length: 99999999999999999999\r\n"), "bad-request"},
      {"two hosts", get("Host: b\r\n"), "bad-request"},
      {"no host", "GET / HTTP/1.1\r\n\r\n", "bad-request"},
      {"no host, 1.0", "GET / HTTP/1.0\r\n\r\n", "bad-request"},
      {"folded", get("A: b\r\n c\r\n"), "bad-request"},
      {"folded by a tab", get("A: b\r\n\tc\r\n"), "bad-request"},
      {"trailers", post("Transfer-Encoding: chunked\r\nTrailer: A\r\n"), "bad-request"},
      {"byte beyond ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"byte beyond ASCII in the method", "G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"unknown method", "PURGE / HTTP/1.1\r\nHost: a\r\n\r\n", "not-implemented"},
      {"method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "not-implemented"},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "not-implemented"},
      {"HTTP/2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "version-not-supported"},
      {"no version", "GET /\r\nHost: a\r\n\r\n", "bad-request"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"space in the address", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", "bad-request"},
      {"bare LF in a field", get("A: b\nC: d\r\n"), "bad-request"},
      {"bare CR in a field", get("A: b\rC: d\r\n"), "bad-request"},
      {"NUL", get(std::string_view("A: b\0c\r\n", 8)), "bad-request"},
      {"space before the colon", get("A : b\r\n"), "bad-request"},
      {"no colon", get("A\r\n"), "bad-request"},
      {"empty name", get(": b\r\n"), "bad-request"},
      {"another expectation", post("Expect: 200-ok\r\nContent-Length: 1\r\n"), "expectation-failed"},
      {"two tokens", get("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), "bad-request"},
      {"other host in the address", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"no words in Connection", get("Connection: close, (a)\r\n"), "bad-request"},
      {"no slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
      {"star", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "bad-request"},
  };
  for (const row& each : rows) {
    CAPTURE(each.name);
    CHECK(read_head(each.text).refused.slug == each.slug);
  }
}

TEST_CASE("head: at most 64 fields") {
  std::string fields;
  for (int i = 0; i < 63; ++i) fields += "A: b\r\n";
  CHECK(read_head(get(fields)).good());
  CHECK(read_head(get(fields + "A: b\r\n")).refused.slug == "head-too-large");
}

TEST_CASE("head: good ones are understood") {
  const head_reading plain = read_head("GET /a?b=c HTTP/1.1\r\nHost: h:1\r\nX-Y: \t z \t\r\n\r\n");
  REQUIRE(plain.good());
  CHECK(plain.head.method == "GET");
  CHECK(plain.head.target == "/a?b=c");
  CHECK(plain.head.value("x-y") == "z");
  CHECK(plain.head.keep_alive);
  CHECK(plain.head.framing == body_framing::none);

  const head_reading chunked = read_head(post("Transfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n"));
  REQUIRE(chunked.good());
  CHECK(chunked.head.framing == body_framing::chunked);
  CHECK(chunked.head.expects_continue);

  const head_reading sized = read_head(post("Content-Length: 12\r\nConnection: Keep-Alive, close\r\n"));
  REQUIRE(sized.good());
  CHECK(sized.head.framing == body_framing::length);
  CHECK(sized.head.length == 12);
  CHECK_FALSE(sized.head.keep_alive);

  const head_reading old = read_head("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
  REQUIRE(old.good());
  CHECK_FALSE(old.head.keep_alive);
  CHECK(read_head("GET http://A/x HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "/x");
  CHECK(read_head("GET http://a?x HTTP/1.1\r\nHost: a\r\n\r\n").head.target == "/?x");
}

TEST_CASE("chunk extensions: a line feed in them is refused") {
  CHECK(good_chunk_extension(""));
  CHECK(good_chunk_extension(";a=\"b c\""));
  CHECK_FALSE(good_chunk_extension(";a=\"b\nc\""));
  CHECK_FALSE(good_chunk_extension(";a=\"b\rc\""));
}

TEST_CASE("target: taken apart, then decoded") {
  using words = std::vector<std::string>;
  const auto good = read_target("/v1/a%20b/%C3%A9?x=1%2B2&y=a+b&z");
  REQUIRE(good.has_value());
  CHECK(good->segments == words{"v1", "a b", "\xc3\xa9"});
  CHECK(good->query == query_parameters{{"x", "1+2"}, {"y", "a b"}, {"z", ""}});
  CHECK(read_target("/a/")->segments == words{"a", ""});
  for (const char* bad : {"/a%2fb", "/a%2Fb", "/%2e%2e/b", "/../b", "/./b", "/a/%2e", "/a%00", "/a%zz",
                          "/a%4", "/a#b", "a", "/a?x=%ff", "/a?x=%0a", "/a?=1", "/a?%zz=1"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_target(bad).has_value());
  }
}
