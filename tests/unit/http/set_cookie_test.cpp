#include "http/set_cookie.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using std::chrono::system_clock;

const system_clock::time_point now{std::chrono::seconds(1'700'000'000)};
const core::origin secure{"https", "acme.coupahost.com", 443};
const core::origin plain{"http", "acme.coupahost.com", 80};

std::string shown(const std::optional<cookie>& c) {
  if (!c) return "ignored";
  return c->name + "=" + c->value + " @" + (c->host_only ? "" : ".") + c->domain + c->path +
         (c->secure ? " secure" : "") + (c->http_only ? " httponly" : "") +
         (c->expires ? (*c->expires <= now ? " deleted" : " expires") : "");
}

TEST_CASE("set-cookie: what it makes of a field (RFC 6265 5.2, 5.3)") {
  struct row {
    std::string_view field;
    std::string_view expected;
  };
  const std::vector<row> rows{
      {"a=b", "a=b @acme.coupahost.com/order_headers"},
      {" a = b ; Path=/", "a=b @acme.coupahost.com/"},
      {"a=b=c; path=/", "a=b=c @acme.coupahost.com/"},
      {"a=; Path=/", "a= @acme.coupahost.com/"},
      {"a=b; Path=/; Secure; HttpOnly", "a=b @acme.coupahost.com/ secure httponly"},
      {"a=b; Path=x", "a=b @acme.coupahost.com/order_headers"},
      {"a=b; Path=/; Domain=acme.coupahost.com", "a=b @.acme.coupahost.com/"},
      {"a=b; Path=/; Domain=.Coupahost.COM", "a=b @.coupahost.com/"},
      {"a=b; Path=/; Domain=", "a=b @acme.coupahost.com/"},
      {"a=b; Path=/; Max-Age=60", "a=b @acme.coupahost.com/ expires"},
      {"a=b; Path=/; Max-Age=0", "a=b @acme.coupahost.com/ deleted"},
      {"a=b; Path=/; Max-Age=-1", "a=b @acme.coupahost.com/ deleted"},
      {"a=b; Path=/; Max-Age=99999999999999999999999", "a=b @acme.coupahost.com/ expires"},
      {"a=b; Path=/; Max-Age=soon", "a=b @acme.coupahost.com/"},
      {"a=b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=b @acme.coupahost.com/ deleted"},
      {"a=b; Path=/; Expires=Fri, 31 Dec 2049 00:00:00 GMT", "a=b @acme.coupahost.com/ expires"},
      // Max-Age beats Expires.
      {"a=b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "a=b @acme.coupahost.com/ expires"},
      {"__Host-s=1; Secure; Path=/", "__Host-s=1 @acme.coupahost.com/ secure"},
      {"__Secure-s=1; Secure; Path=/", "__Secure-s=1 @acme.coupahost.com/ secure"},
      // Ignored as a whole.
      {"", "ignored"},
      {"a", "ignored"},
      {"=b", "ignored"},
      {"; Path=/", "ignored"},
      {"a=b\x01", "ignored"},
      {"a=b; Domain=com", "ignored"},
      {"a=b; Domain=example.com", "ignored"},
      {"a=b; Domain=other.coupahost.com", "ignored"},
      {"a=b; Domain=host.com", "ignored"},
      {"a=b; Domain=x.acme.coupahost.com", "ignored"},
      {"__Host-s=1; Path=/", "ignored"},
      {"__Host-s=1; Secure; Path=/x", "ignored"},
      {"__Host-s=1; Secure; Path=/; Domain=acme.coupahost.com", "ignored"},
      {"__secure-s=1; Path=/", "ignored"},
  };
  for (const row& r : rows) {
    CAPTURE(r.field);
    CHECK(shown(parse_set_cookie(r.field, secure, "/order_headers/12", now)) == r.expected);
  }
}

TEST_CASE("set-cookie: Secure is not accepted over plain HTTP") {
  CHECK(parse_set_cookie("a=b; Secure", plain, "/", now) == std::nullopt);
  CHECK(parse_set_cookie("a=b", plain, "/", now));
}

TEST_CASE("set-cookie: 4096 bytes of name and value are the most") {
  CHECK(parse_set_cookie("a=" + std::string(max_cookie_bytes - 1, 'x'), secure, "/", now));
  CHECK_FALSE(parse_set_cookie("a=" + std::string(max_cookie_bytes, 'x'), secure, "/", now));
}

TEST_CASE("set-cookie: an address or a single label is only ever itself") {
  const core::origin address{"https", "127.0.0.1", 443};
  CHECK(shown(parse_set_cookie("a=b; Path=/; Domain=127.0.0.1", address, "/", now)) == "a=b @127.0.0.1/");
  CHECK(shown(parse_set_cookie("a=b; Path=/; Domain=0.0.1", address, "/", now)) == "ignored");
  const core::origin label{"https", "localhost", 443};
  CHECK(shown(parse_set_cookie("a=b; Path=/; Domain=localhost", label, "/", now)) == "a=b @localhost/");
}

TEST_CASE("set-cookie: a domain with letters outside of ASCII is that of DNS") {
  const core::origin host{"https", "shop.xn--bcher-kva.example", 443};
  for (const std::string_view domain : {"b\u00fccher.example", ".B\u00dcCHER.example", "bu\u0308cher.example",
                                        "xn--bcher-kva.example", "XN--BCHER-KVA.example"}) {
    CAPTURE(domain);
    CHECK(shown(parse_set_cookie("a=b; Path=/; Domain=" + std::string(domain), host, "/", now)) ==
          "a=b @.xn--bcher-kva.example/");
  }
  for (const std::string_view domain : {"b\u00fccher.com", "bucher.example", "\u00fccher.example"}) {
    CAPTURE(domain);
    CHECK(shown(parse_set_cookie("a=b; Path=/; Domain=" + std::string(domain), host, "/", now)) == "ignored");
  }
}

TEST_CASE("set-cookie: default path is the directory of the request (RFC 6265 5.1.4)") {
  struct row {
    std::string_view path;
    std::string_view expected;
  };
  for (const row& r : {row{"/", "/"}, row{"/a", "/"}, row{"/a/", "/a"}, row{"/a/b", "/a"}, row{"", "/"}}) {
    CAPTURE(r.path);
    CHECK(parse_set_cookie("a=b", secure, r.path, now)->path == r.expected);
  }
}

TEST_CASE("set-cookie: domain and path matching") {
  CHECK(domain_matches("a.b.com", "a.b.com"));
  CHECK(domain_matches("a.b.com", "b.com"));
  CHECK_FALSE(domain_matches("b.com", "a.b.com"));
  CHECK_FALSE(domain_matches("xb.com", "b.com"));
  CHECK_FALSE(domain_matches("1.2.3.4", "3.4"));
  // Other spellings of addresses that systems take.
  CHECK_FALSE(domain_matches("1.2.3", "2.3"));
  CHECK_FALSE(domain_matches("0x7f.0.0x1", "0.0x1"));
  CHECK(domain_matches("127.1", "127.1"));
  CHECK_FALSE(domain_matches("a.com", ""));
  CHECK(path_matches("/a", "/"));
  CHECK(path_matches("/a", "/a"));
  CHECK(path_matches("/a/b", "/a"));
  CHECK(path_matches("/a/b", "/a/"));
  CHECK_FALSE(path_matches("/ab", "/a"));
  CHECK_FALSE(path_matches("/", "/a"));
}

}  // namespace
}  // namespace pofetch::http
