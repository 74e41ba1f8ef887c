#include "http/cookie_jar.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace pofetch::http {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point now = system_clock::now();
const core::origin host{"https", "acme.coupahost.com", 443};

struct jar_with_session {
  cookie_jar jar;
  void answer(std::string_view field, const core::origin& from = host, std::string_view path = "/") {
    jar.store(field, from, path, cookie_jar::accept::all, now);
  }
  [[nodiscard]] std::string sent(const core::origin& to = host, std::string_view path = "/") const {
    return jar.header_for(to, path, now);
  }
};

TEST_CASE("cookie jar: an empty one adds nothing") {
  const cookie_jar jar;
  CHECK(jar.header_for(host, "/", now).empty());
  CHECK(jar.changed() == 0);
}

TEST_CASE("cookie jar: the newest value of a sliding session is sent, once") {
  jar_with_session j;
  j.answer("_coupa_session=one; Path=/; Secure; HttpOnly");
  j.answer("_coupa_session=two; Path=/; Secure; HttpOnly");
  CHECK(j.sent() == "_coupa_session=two");
  CHECK(j.jar.all().size() == 1);
}

TEST_CASE("cookie jar: a cookie of the file is renewed by the server's, whichever form its domain has") {
  jar_with_session j;
  cookie from_file;
  from_file.name = "s";
  from_file.value = "old";
  from_file.domain = "acme.coupahost.com";
  from_file.host_only = false;
  j.jar.put(from_file);
  j.answer("s=new; Path=/");
  CHECK(j.sent() == "s=new");
}

TEST_CASE("cookie jar: one value for each name, domain and path; longer paths first, then older first") {
  jar_with_session j;
  j.answer("a=root; Path=/");
  j.answer("b=root; Path=/");
  j.answer("a=deep; Path=/order_headers");
  CHECK(j.sent(host, "/order_headers/12") == "a=deep; a=root; b=root");
  CHECK(j.sent(host, "/order_headersX") == "a=root; b=root");
  j.answer("a=again; Path=/");
  CHECK(j.sent() == "a=again; b=root");
}

TEST_CASE("cookie jar: who gets a cookie") {
  jar_with_session j;
  cookie wide;
  wide.name = "all";
  wide.value = "1";
  wide.domain = "coupahost.com";
  wide.host_only = false;
  j.answer("only=1; Path=/");
  j.jar.put(wide);
  j.answer("safe=1; Path=/; Secure");
  CHECK(j.sent() == "only=1; all=1; safe=1");
  CHECK(j.sent({"https", "other.coupahost.com", 443}) == "all=1");
  CHECK(j.sent({"https", "coupahost.com", 443}) == "all=1");
  CHECK(j.sent({"https", "notcoupahost.com", 443}).empty());
  CHECK(j.sent({"http", "acme.coupahost.com", 80}) == "only=1; all=1");
}

TEST_CASE("cookie jar: what one tenant sets for the domain of all goes to no other tenant") {
  jar_with_session j;
  const core::origin other{"https", "other.coupahost.com", 443};
  j.answer("s=evil; Path=/; Domain=coupahost.com", other);
  j.answer("s=evil; Path=/; Domain=.coupahost.com; Secure", other);
  CHECK(j.sent().empty());
  CHECK(j.sent({"https", "coupahost.com", 443}).empty());
  CHECK(j.sent({"https", "below.other.coupahost.com", 443}).empty());
  CHECK(j.sent(other) == "s=evil");
  // Set again or deleted in the same words, it is the same cookie.
  j.answer("s=again; Path=/; Domain=coupahost.com", other);
  CHECK(j.sent(other) == "s=again");
  j.answer("s=; Path=/; Domain=coupahost.com; Max-Age=0", other);
  CHECK(j.jar.all().empty());
}

TEST_CASE("cookie jar: a cookie that the user's file has for a domain is renewed for it") {
  jar_with_session j;
  cookie wide;
  wide.name = "s";
  wide.value = "old";
  wide.domain = "coupahost.com";
  wide.host_only = false;
  j.jar.put(wide);
  j.answer("s=new; Path=/; Domain=coupahost.com");
  CHECK(j.sent() == "s=new");
  CHECK(j.jar.all().size() == 1);
}

TEST_CASE("cookie jar: a host's own cookie is renewed by that host and by no other") {
  jar_with_session j;
  j.answer("s=own; Path=/", {"https", "coupahost.com", 443});
  j.answer("s=evil; Path=/; Domain=coupahost.com");
  j.answer("s=; Path=/; Domain=coupahost.com; Max-Age=0");
  CHECK(j.sent({"https", "coupahost.com", 443}) == "s=own");
}

TEST_CASE("cookie jar: expiry and deletion") {
  jar_with_session j;
  j.answer("a=1; Path=/; Max-Age=10");
  CHECK(j.sent() == "a=1");
  CHECK(j.jar.header_for(host, "/", now + seconds(11)).empty());
  j.answer("a=1; Path=/; Max-Age=0");
  CHECK(j.jar.all().empty());
  const auto before = j.jar.changed();
  j.answer("never=there; Path=/; Max-Age=0");
  CHECK(j.jar.changed() == before);
}

TEST_CASE("cookie jar: changed grows with every change, and only then") {
  jar_with_session j;
  j.answer("a=1; Path=/");
  const auto first = j.jar.changed();
  j.answer("a=1; Path=/");
  CHECK(j.jar.changed() == first);
  j.answer("a=2; Path=/");
  CHECK(j.jar.changed() > first);
}

TEST_CASE("cookie jar: with renewals only, a stranger's cookie is not taken in") {
  cookie_jar jar;
  jar.store("x=1; Path=/", host, "/", cookie_jar::accept::renewals, now);
  CHECK(jar.all().empty());
  jar.store("x=1; Path=/", host, "/", cookie_jar::accept::all, now);
  jar.store("x=2; Path=/", host, "/", cookie_jar::accept::renewals, now);
  CHECK(jar.header_for(host, "/", now) == "x=2");
}

TEST_CASE("cookie jar: a new sign-in replaces the old cookies and begins an era") {
  jar_with_session j;
  j.answer("s=old; Path=/");
  CHECK(j.jar.era() == 0);
  cookie fresh;
  fresh.name = "s";
  fresh.value = "new";
  fresh.domain = host.host;
  j.jar.sign_in({fresh});
  CHECK(j.jar.era() == 1);
  CHECK(j.sent() == "s=new");
}

TEST_CASE("cookie jar: plain HTTP does not touch a Secure cookie") {
  jar_with_session j;
  j.answer("s=tls; Path=/; Secure");
  j.answer("s=plain; Path=/", {"http", "acme.coupahost.com", 80});
  CHECK(j.sent() == "s=tls");
}

TEST_CASE("cookie jar: beyond 300 the one renewed longest ago goes") {
  jar_with_session j;
  for (std::size_t i = 0; i < max_cookies; ++i) j.answer("c" + std::to_string(i) + "=v; Path=/");
  j.answer("c0=renewed; Path=/");
  j.answer("one-more=v; Path=/");
  const auto all = j.jar.all();
  CHECK(all.size() == max_cookies);
  CHECK(j.sent().find("c0=renewed") != std::string::npos);
  CHECK(j.sent().find("c1=v") == std::string::npos);
}

TEST_CASE("cookie jar: a browser's export of the whole web loses nothing, and nothing of it is pushed out") {
  jar_with_session j;
  for (int i = 0; i < 2000; ++i) {
    cookie one;
    one.name = "c";
    one.value = std::to_string(i);
    one.domain = "host" + std::to_string(i) + ".com";
    j.jar.put(one);
  }
  for (std::size_t i = 0; i < max_cookies + 50; ++i) j.answer("s" + std::to_string(i) + "=v; Path=/");
  CHECK(j.jar.all().size() == 2000 + max_cookies);
  CHECK(j.sent({"https", "host0.com", 443}) == "c=0");
  CHECK(j.sent({"https", "host1999.com", 443}) == "c=1999");
}

TEST_CASE("cookie jar: what is asked for again after a change is up to date") {
  jar_with_session j;
  j.answer("a=1; Path=/");
  CHECK(j.sent() == "a=1");
  j.answer("b=1; Path=/x");
  CHECK(j.sent(host, "/x") == "b=1; a=1");
  j.answer("b=1; Path=/x; Max-Age=0");
  CHECK(j.sent(host, "/x") == "a=1");
  cookie everywhere;
  everywhere.name = "a";
  everywhere.value = "2";
  everywhere.domain = host.host;
  everywhere.host_only = false;
  CHECK(j.sent({"https", "sub.acme.coupahost.com", 443}).empty());
  j.jar.put(everywhere);
  CHECK(j.sent({"https", "sub.acme.coupahost.com", 443}) == "a=2");
}

TEST_CASE("cookie jar: an answer that comes late does not replace what a later request brought") {
  cookie_jar jar;
  const auto set = [&](const char* value, std::uint64_t asked) {
    jar.store(std::string("s=") + value + "; Path=/", host, "/", cookie_jar::accept::all, now, asked);
    return jar.header_for(host, "/");
  };
  CHECK(set("first", 1) == "s=first");
  CHECK(set("third", 3) == "s=third");
  CHECK(set("second", 2) == "s=third");
  CHECK(set("gone; Max-Age=0", 2) == "s=third");
  CHECK(set("fourth", 4) == "s=fourth");
  CHECK(set("unknown", 0) == "s=unknown");
  set("fifth", 5);
  jar.sign_in({cookie{"s", "fresh", "acme.coupahost.com"}});
  CHECK(set("sixth", 6) == "s=sixth");
}

TEST_CASE("cookie jar: lanes on several threads may use it at the same time") {
  cookie_jar jar;
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < 4; ++lane)
    lanes.emplace_back([&jar, lane] {
      for (int i = 0; i < 500; ++i) {
        jar.store("s=" + std::to_string(lane * 1000 + i) + "; Path=/", host, "/", cookie_jar::accept::all,
                  now);
        (void)jar.header_for(host, "/", now);
      }
    });
  for (auto& lane : lanes) lane.join();
  CHECK(jar.all().size() == 1);
}

}  // namespace
}  // namespace pofetch::http
