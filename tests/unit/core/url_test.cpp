#include "core/url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::core;

namespace {
std::string resolved(std::string_view base, std::string_view reference) {
  const auto url = resolve(base, reference);
  return url ? *url : "error: " + url.error().message;
}
}  // namespace

TEST_CASE("url: RFC 3986 5.4, references against a base") {
  struct row {
    std::string reference;
    std::string expected;
  };
  const row rows[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://h/x", "https://h/x"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.reference);
    CHECK(resolved("http://a/b/c/d;p?q", r.reference) == r.expected);
  }
}

TEST_CASE("url: what pages and servers really write") {
  struct row {
    std::string reference;
    std::string expected;
  };
  const row rows[] = {
      {"/files/a b.pdf", "https://h/files/a%20b.pdf"},
      {"/files/Orçamento.pdf", "https://h/files/Or%C3%A7amento.pdf"},
      {"/f/\xE7.pdf", "https://h/f/%E7.pdf"},
      {"  /a\n", "https://h/a"},
      {"/a\r\n/b\t?c\n=d", "https://h/a/b?c=d"},
      {"\\files\\a.pdf?x=\\y", "https://h/files/a.pdf?x=%5Cy"},
      {"/a?x=[1]&y={2}|\"<>^`", "https://h/a?x=%5B1%5D&y=%7B2%7D%7C%22%3C%3E%5E%60"},
      {"/100%.pdf", "https://h/100%25.pdf"},
      {"/a%2Fb%20c", "https://h/a%2Fb%20c"},
      {"/a%zz", "https://h/a%25zz"},
      {"bill 1:2.pdf", "https://h/d/bill%201:2.pdf"},
      {"2024:report.pdf", "https://h/d/2024:report.pdf"},
      {"HTTPS://EXAMPLE.com:443/A", "https://example.com/A"},
      {"http://example.com:80", "http://example.com/"},
      {"https://example.com:", "https://example.com/"},
      {"https://example.com:80?x", "https://example.com:80/?x"},
      {"https://user:pw@example.com/a", "https://example.com/a"},
      {"https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443/a"},
      {"https://ex%61mple.com/a", "https://example.com/a"},
      {"https://my_host.example/a", "https://my_host.example/a"},
      {"https://127.0.0.1/a", "https://127.0.0.1/a"},
      {"/a?b#c?d", "https://h/a?b"},
      {"/a?", "https://h/a?"},
      {"//other/x", "https://other/x"},
      {std::string("/a\0b", 4), "https://h/a%00b"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.reference);
    CHECK(resolved("https://h/d/e", r.reference) == r.expected);
  }
}

TEST_CASE("url: what cannot be asked for, refused") {
  for (const std::string reference :
       {"javascript:alert(1)", "mailto:a@b", "ftp://h/a", "file:///etc/passwd", "data:text/html,x",
        "https://", "https:///a", "https://h:0/", "https://h:65536/", "https://h:x/", "https://ex ample.com/",
        "https://\xFCmlaut.example/",
        "https://a\xEF\xBC\x8F"
        "b.example/",
        "https://[::1/", "https://[v1.x]/", "https://a%00b/", "https://a%2Fb/", "https:h"}) {
    CAPTURE(reference);
    const auto url = resolve("https://base/", reference);
    REQUIRE(url.has_error());
    CHECK(url.error().code == errc::protocol);
  }
  CHECK(resolve("", "/a").has_error());
  CHECK(resolve("not a base", "/a").has_error());
  CHECK(resolve("/rel", "/a").has_error());
  CHECK(resolve("https://h/", std::string(max_url_bytes + 1, 'a')).has_error());
  CHECK(resolve("https://h/",
                std::string(max_url_bytes / 2, ' ') + "a" + std::string(max_url_bytes / 2 - 9, '\xFF'))
            .has_error());
}

TEST_CASE("url: refusal, no secret in the message") {
  const auto url = resolve("https://h/", "ftp://u:TOPSECRET@x/?token=TOPSECRET");
  REQUIRE(url.has_error());
  CHECK(url.error().message.find("TOPSECRET") == std::string::npos);
  CHECK(url.error().message.find("ftp://x/") != std::string::npos);
}

TEST_CASE("url: normalized, the same by itself") {
  CHECK(*normalize_url("HTTPS://H/a/../b") == "https://h/b");
  CHECK(normalize_url("/a").has_error());
}

TEST_CASE("url: origins") {
  const auto where = origin_of("HTTPS://Example.COM/a?b");
  REQUIRE(where.has_value());
  CHECK(where->scheme == "https");
  CHECK(where->host == "example.com");
  CHECK(where->port == 443);
  CHECK(origin_of("http://h")->port == 80);
  CHECK(origin_of("http://h:8080")->port == 8080);
  CHECK(origin_of("https://[::1]:9")->host == "::1");
  CHECK(origin_of("https://u:p@h/")->host == "h");
  CHECK(origin_of("https://good.example\\@evil.example/")->host == "good.example");
  CHECK(origin_of("/a").has_error());
  CHECK(origin_of("").has_error());
  CHECK(to_string(*origin_of("https://H:443/x")) == "https://h");
  CHECK(host_header(*origin_of("https://[::1]:9/")) == "[::1]:9");
  CHECK(host_header(*origin_of("http://h:443/")) == "h:443");
  CHECK(host_header(*origin_of("https://h:443/")) == "h");
}

TEST_CASE("url: same origin") {
  CHECK(same_origin("https://h/a", "HTTPS://H:443/b"));
  CHECK_FALSE(same_origin("https://h/a", "http://h/a"));
  CHECK_FALSE(same_origin("https://h/a", "https://h:444/a"));
  CHECK_FALSE(same_origin("https://h/a", "https://h.evil/a"));
  CHECK_FALSE(same_origin("https://h/a", "https://h@evil/a"));
  CHECK_FALSE(same_origin("nonsense", "nonsense"));
}

TEST_CASE("url: request target") {
  CHECK(parse_address("https://h/a/b?c=d#e")->target() == "/a/b?c=d");
  CHECK(parse_address("https://h")->target() == "/");
  CHECK(parse_address("https://h?x")->target() == "/?x");
  CHECK(parse_address("https://h/a\r\nHost: evil")->target() == "/aHost:%20evil");
  CHECK(parse_address("https://h/a;b?c=/d")->path() == "/a;b");
  CHECK(parse_address("HTTPS://u@H:8443?x")->authority() == "h:8443");
  CHECK(parse_address("http://[::1]:80/")->authority() == "[::1]");
  CHECK(parse_address("/a").has_error());
  CHECK(path_of("https://h/a;b?c") == "/a;b");
  CHECK(path_of("https://h") == "/");
}

TEST_CASE("url: values of the query") {
  CHECK(query_value("https://h/?a=1&b=x+y%26&b=3", "b") == "x y&");
  CHECK(query_value("https://h/?file%6Eame=a", "filename") == "a");
  CHECK(query_value("https://h/?a", "a") == "");
  CHECK_FALSE(query_value("https://h/?a=1", "b").has_value());
  CHECK_FALSE(query_value("https://h/#?b=1", "b").has_value());
  CHECK_FALSE(query_value("https://h/?A=1", "a").has_value());
}

TEST_CASE("url: last segment of the path") {
  CHECK(last_path_segment("https://h/a/b%20c.pdf?x=/y") == "b c.pdf");
  CHECK(last_path_segment("https://h/a/b//") == "b");
  CHECK(last_path_segment("https://h/") == "");
  CHECK(last_path_segment("https://h") == "");
  CHECK(last_path_segment("a.pdf") == "a.pdf");
}

TEST_CASE("resolve: an address that is too long only when it is encoded, refused") {
  const auto fits = pofetch::core::resolve("https://h/", std::string(10'000, ' ') + "x");
  REQUIRE(fits.has_value());
  const auto grown = pofetch::core::resolve("https://h/", "a" + std::string(12'000, ' ') + "x");
  REQUIRE_FALSE(grown.has_value());
  CHECK(grown.error().code == pofetch::errc::protocol);
  CHECK(grown.error().message.find("longer than 32768 bytes") != std::string::npos);
}
