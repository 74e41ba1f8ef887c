#include "http/proxy.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace pofetch::http {
namespace {

proxy made(const std::string& url, std::vector<std::string> except = {}, bool loopback = false) {
  auto one = proxy::make({url, std::move(except), loopback});
  REQUIRE_MESSAGE(one, one.error().message);
  REQUIRE(one->has_value());
  return **one;
}

const core::origin acme{"https", "acme.coupahost.com", 443};

TEST_CASE("proxy: addresses that can be used, and what is said to it") {
  struct row {
    const char* url;
    const char* shown;
    const char* authorization;  // empty: no such line
  };
  const std::vector<row> rows{
      {"http://proxy.corp:3128", "the proxy http://proxy.corp:3128", ""},
      {"proxy.corp:3128", "the proxy http://proxy.corp:3128", ""},
      {" HTTP://Proxy.corp:3128/ ", "the proxy http://proxy.corp:3128", ""},
      {"http://10.0.0.9", "the proxy http://10.0.0.9:80", ""},
      {"http://[fd00::9]:3128", "the proxy http://[fd00::9]:3128", ""},
      {"http://me:pw@proxy.corp:3128", "the proxy http://proxy.corp:3128", "bWU6cHc="},
      {"me:pw@proxy.corp:3128", "the proxy http://proxy.corp:3128", "bWU6cHc="},
      {"http://me@proxy.corp:3128", "the proxy http://proxy.corp:3128", "bWU6"},
      {"http://me:p%40s%2Fs@proxy.corp:3128", "the proxy http://proxy.corp:3128", "bWU6cEBzL3M="},
      {"http://me:p@s/s@proxy.corp:3128", "the proxy http://proxy.corp:3128", "bWU6cEBzL3M="},
  };
  for (const row& r : rows) {
    CAPTURE(r.url);
    const proxy one = made(r.url);
    CHECK(one.shown() == r.shown);
    const std::string request = one.connect_request(acme, "pofetch/1");
    CHECK(request.starts_with("CONNECT acme.coupahost.com:443 HTTP/1.1\r\nHost: acme.coupahost.com:443\r\n"));
    CHECK(request.ends_with("\r\n\r\n"));
    const std::string line = "\r\nProxy-Authorization: Basic " + std::string(r.authorization) + "\r\n";
    CHECK((request.find("Proxy-Authorization") != std::string::npos) == (*r.authorization != '\0'));
    if (*r.authorization != '\0') CHECK_MESSAGE(request.find(line) != std::string::npos, request);
  }
  CHECK(made("http://p:1")
            .connect_request({"https", "fd00::1", 8443}, "")
            .starts_with("CONNECT [fd00::1]:8443 "));
  CHECK_FALSE(test::must(proxy::make({})).has_value());
}

TEST_CASE("proxy: addresses that cannot be used, without their password") {
  struct row {
    const char* url;
    const char* words;
  };
  for (const row& r :
       {row{"https://me:SECRET@proxy:443", "not supported"}, row{"socks5://me:SECRET@proxy:1080", "socks5"},
        row{"http://", "expected http://HOST:PORT"}, row{"http://me:SECRET@:3128", "expected"},
        row{"http://me:SECRET@proxy:99999", "expected"},
        row{"http://me:SECRET%0d%0aX@proxy:1", "cannot be sent"}}) {
    CAPTURE(r.url);
    const auto one = proxy::make({r.url, {}, false});
    REQUIRE_FALSE(one);
    CHECK(one.error().code == errc::config);
    CHECK_MESSAGE(one.error().message.find(r.words) != std::string::npos, one.error().message);
    CHECK(one.error().message.find("SECRET") == std::string::npos);
  }
  CHECK(proxy::make({"http://proxy:1", {"10.0.0.0/99"}, false}).error().message.find("no_proxy: ") !=
        std::string::npos);
}

TEST_CASE("proxy: where it leads to") {
  struct row {
    const char* url;
    bool own;
    bool usual;     // told by the machine
    bool loopback;  // told for pofetch itself
  };
  const std::vector<row> rows{
      {"https://acme.coupahost.com", true, true, true}, {"https://files.example.com", false, true, true},
      {"https://inner.corp", false, false, false},  // left out
      {"https://10.0.0.1", false, true, true},      // the address rule is what refuses that
      {"http://localhost:1", true, false, false},       {"https://localhost:1", true, false, true},
      {"https://localhost:1", false, false, false},     {"https://a.localhost:1", false, false, false},
      {"https://127.0.0.2", true, false, true},         {"https://[::1]:1", false, false, false},
  };
  for (const row& r : rows) {
    CAPTURE(r.url);
    CAPTURE(r.own);
    const auto origin = test::must(core::origin_of(r.url));
    CHECK(made("proxy:1", {"inner.corp"}, false).leads_to(origin, r.own) == r.usual);
    CHECK(made("proxy:1", {"inner.corp"}, true).leads_to(origin, r.own) == r.loopback);
  }
}

TEST_CASE("proxy: what its answers mean, one sentence each, and what is worth another try") {
  struct row {
    int status;
    const char* authenticate;
    const char* words;
    errc code;
  };
  const std::vector<row> rows{
      {403, "", "does not connect to acme.coupahost.com:443 (403 Forbidden); ask those who run it",
       errc::connection},
      {502, "", "does not connect to acme.coupahost.com:443 (502 Bad Gateway)", errc::connection},
      {504, "", "(504 Gateway Timeout)", errc::connection},
      {302, "", "(302)", errc::connection},
      {407, "Basic realm=\"x\"", "wants a user name and a password (407); put them into", errc::config},
      {407, "", "wants a user name and a password (407)", errc::config},
      {401, "Basic realm=\"x\"", "wants a user name and a password (401)", errc::config},
      {407, "NTLM", "in a way that is not spoken here (407, NTLM)", errc::config},
      {407, "Negotiate, Basic realm=x", "wants a user name", errc::config},
  };
  const proxy one = made("http://proxy:3128");
  for (const row& r : rows) {
    CAPTURE(r.status);
    const auto told = one.judge(r.status, r.authenticate, acme);
    REQUIRE_FALSE(told);
    CHECK(told.error().code == r.code);
    CHECK_MESSAGE(told.error().message.find(r.words) != std::string::npos, told.error().message);
    CHECK(told.error().message.starts_with("the proxy http://proxy:3128 "));
  }
  CHECK(one.judge(200, "", acme));
  CHECK(one.judge(299, "", acme));
  const auto wrong = made("http://me:SECRET@proxy:3128").judge(407, "Basic", acme);
  CHECK(wrong.error().message.find("refuses user name or password (407)") != std::string::npos);
  CHECK(wrong.error().message.find("SECRET") == std::string::npos);
}

TEST_CASE("proxy: what a name that the proxy resolves is taken for") {
  using core::address_class;
  struct row {
    const char* host;
    address_class kind;
  };
  for (const row& r :
       {row{"files.example.com", address_class::global}, row{"93.184.216.34", address_class::global},
        row{"10.0.0.1", address_class::private_}, row{"169.254.169.254", address_class::link_local},
        row{"localhost", address_class::loopback}, row{"LOCALHOST.", address_class::loopback},
        row{"x.localhost", address_class::loopback}, row{"127.0.0.1", address_class::loopback},
        row{"::1", address_class::loopback}, row{"intranet", address_class::private_},
        row{"db.internal", address_class::private_}, row{"printer.local", address_class::private_},
        row{"nas.home.arpa", address_class::private_}, row{"2130706433", address_class::private_},
        row{"127.1", address_class::private_}, row{"0x7f.0x1", address_class::private_}}) {
    CAPTURE(r.host);
    CHECK(class_behind_proxy(r.host) == r.kind);
  }
}

}  // namespace
}  // namespace pofetch::http
