#include "core/no_proxy.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::core {
namespace {

TEST_CASE("no proxy: which hosts a list of rules leaves out") {
  struct row {
    const char* rules;
    const char* url;
    bool direct;
  };
  const std::vector<row> rows{
      {"", "https://example.com/", false},
      {"*", "https://example.com/", true},
      {"*", "https://10.1.2.3/", true},
      {"example.com", "https://example.com/", true},
      {"example.com", "https://a.b.example.com/", true},
      {"example.com", "https://notexample.com/", false},
      {"example.com", "https://example.com.evil.net/", false},
      {".example.com", "https://a.example.com/", true},
      {".example.com", "https://example.com/", true},
      {"*.example.com", "https://a.example.com/", true},
      {"EXAMPLE.com", "https://a.Example.COM/", true},
      {"example.com.", "https://example.com/", true},
      {"example.com", "https://example.com./", true},
      {"localhost", "https://localhost:8443/", true},
      {"other.net, example.com ,third.org", "https://example.com/", true},
      {"other.net example.com", "https://example.com/", true},
      {"other.net,,", "https://example.com/", false},
      // with a port: for that alone
      {"example.com:8443", "https://example.com:8443/", true},
      {"example.com:8443", "https://example.com/", false},
      {"example.com:443", "https://a.example.com/", true},
      {"10.1.2.3:8443", "https://10.1.2.3/", false},
      {"[::1]:8443", "https://[::1]:8443/", true},
      {"[::1]:8443", "https://[::1]/", false},
      // addresses and networks
      {"10.1.2.3", "https://10.1.2.3/", true},
      {"10.1.2.3", "https://10.1.2.30/", false},
      {"10.0.0.0/8", "https://10.255.2.3/", true},
      {"10.0.0.0/8", "https://11.0.0.1/", false},
      {"192.168.96.0/19", "https://192.168.127.255/", true},
      {"192.168.96.0/19", "https://192.168.128.0/", false},
      {"192.168.1.7/32", "https://192.168.1.7/", true},
      {"0.0.0.0/0", "https://8.8.8.8/", true},
      {"0.0.0.0/0", "https://[2001:db8::1]/", false},
      {"10.0.0.0/8", "https://[::ffff:10.1.2.3]/", true},
      {"::1", "https://[::1]/", true},
      {"[fd00::]/8", "https://[fd12:3456::1]/", true},
      {"fd00::/8", "https://[fd12:3456::1]/", true},
      {"fd00::/8", "https://[fe80::1]/", false},
      // networks hold for addresses; names are not looked up for them, and the other way round
      {"10.0.0.0/8", "https://ten.example.com/", false},
      {"3", "https://10.1.2.3/", false},
  };
  for (const row& r : rows) {
    CAPTURE(r.rules);
    CAPTURE(r.url);
    const auto rules = no_proxy_rules::parse({r.rules});
    REQUIRE_MESSAGE(rules, rules.error().message);
    CHECK(rules->matches(*origin_of(r.url)) == r.direct);
  }
}

TEST_CASE("no proxy: what is no rule is named") {
  for (const char* bad :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "fd00::/129", "example.com/8", "https://example.com",
        "example.com:0", "example.com:70000", "example.com:x", "a@b", ".", "[::1", "a*b.com"}) {
    CAPTURE(bad);
    const auto rules = no_proxy_rules::parse({"good.com", bad});
    REQUIRE_FALSE(rules);
    CHECK(rules.error().code == errc::config);
    CHECK(rules.error().message.find(std::string("'") + bad + "'") != std::string::npos);
    CHECK(rules.error().message.find("no_proxy: ") != std::string::npos);
  }
}

}  // namespace
}  // namespace pofetch::core
