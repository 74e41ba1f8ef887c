#include "service/server/access/browser_check.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pofetch::service;

namespace {

std::vector<public_name> ours() {
  std::vector<public_name> names(2);
  REQUIRE(read_public_url("https://Po.Example.com/", names[0]));
  REQUIRE(read_public_url("http://intern:8080/sub", names[1]));
  return names;
}

request_head head_with(std::string_view fields) {
  const head_reading read = read_head("GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n");
  REQUIRE(read.good());
  return read.head;
}

}  // namespace

TEST_CASE("host: names that can be rebound are not ours") {
  struct row {
    std::string_view host;
    host_verdict wanted;
  };
  using enum host_verdict;
  const std::vector<row> rows = {
      {"127.0.0.1", good},
      {"127.0.0.1:8080", good},
      {"10.1.2.3", good},
      {"[::1]", good},
      {"[::1]:8080", good},
      {"[2001:db8::1]", good},
      {"localhost", good},
      {"LocalHost:1", good},
      {"localhost.", good},
      {"a.localhost", good},
      {"po.example.com", good},
      {"PO.example.com:443", good},
      {"intern", good},
      {"evil.com", unknown},
      {"localhost.evil.com", unknown},
      {"127.0.0.1.evil.com", unknown},
      {"127.0.0.1.nip.io", unknown},
      {"xlocalhost", unknown},
      {"example.com", unknown},
      {"sub.po.example.com", unknown},
      {"1.2.3", unknown},
      {"0x7f.1.1.1", unknown},
      {"999.1.1.1", unknown},
      {"", malformed},
      {":80", malformed},
      {"a b", malformed},
      {"a:b", malformed},
      {"a:99999", malformed},
      {"[::1", malformed},
      {"[x]", malformed},
      {"[::1%25eth0]", malformed},
      {"user@localhost", malformed},
      {"localhost/x", malformed},
      {"localhost,evil.com", malformed},
      {".localhost", malformed},
      {"::1", malformed},
      {"a:", malformed},
  };
  const auto names = ours();
  for (const row& each : rows) {
    CAPTURE(each.host);
    CHECK(check_host(each.host, names) == each.wanted);
  }
}

TEST_CASE("browsers: requests of other sites' pages are told by Sec-Fetch-Site, else by Origin") {
  struct row {
    std::string_view fields;
    bool wanted;
  };
  const std::vector<row> rows = {
      {"Host: 127.0.0.1:8080\r\n", true},
      {"Host: a\r\nSec-Fetch-Site: same-origin\r\n", true},
      {"Host: a\r\nSec-Fetch-Site: none\r\n", false},
      {"Host: a\r\nSec-Fetch-Site: same-site\r\n", false},
      {"Host: a\r\nSec-Fetch-Site: cross-site\r\n", false},
      {"Host: a\r\nSec-Fetch-Site:\r\n", false},
      {"Host: a\r\nSec-Fetch-Site: cross-site\r\nOrigin: https://po.example.com\r\n", false},
      {"Host: a\r\nSec-Fetch-Site: same-origin\r\nOrigin: https://evil.com\r\n", true},
      {"Host: po.example.com\r\nOrigin: https://po.example.com\r\n", true},
      {"Host: po.example.com\r\nOrigin: https://po.example.com:443\r\n", true},
      {"Host: po.example.com\r\nOrigin: http://po.example.com\r\n", false},
      {"Host: po.example.com\r\nOrigin: https://po.example.com:444\r\n", false},
      {"Host: intern\r\nOrigin: http://intern:8080\r\n", true},
      {"Host: evil.com\r\nOrigin: http://evil.com\r\n", false},
      {"Host: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:8080\r\n", true},
      {"Host: 127.0.0.1:8080\r\nOrigin: http://127.0.0.1:9090\r\n", false},
      {"Host: localhost:8080\r\nOrigin: http://localhost:8080\r\n", true},
      {"Host: localhost:8080\r\nOrigin: http://evil.com\r\n", false},
      {"Host: localhost:8080\r\nOrigin: null\r\n", false},
      {"Host: localhost:8080\r\nOrigin:\r\n", false},
      {"Host: localhost:8080\r\nOrigin: file://\r\n", false},
  };
  const auto names = ours();
  for (const row& each : rows) {
    CAPTURE(each.fields);
    CHECK(same_site(head_with(each.fields), names, false) == each.wanted);
  }
}

TEST_CASE("public url: what is none") {
  public_name name;
  for (const char* bad :
       {"", "po.example.com", "ftp://a", "https://", "https://a?b", "https://a#b", "https://a b"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_public_url(bad, name));
  }
}
