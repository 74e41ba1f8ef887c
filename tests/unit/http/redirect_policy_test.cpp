#include "http/redirect_policy.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using predicate = std::function<bool(std::string_view)>;

std::string decide(int status, std::string_view method, std::string_view location, unsigned followed = 0,
                   const predicate& stop_before = {}, std::string_view url = "https://a.com/x/y?q") {
  const auto made = decide_redirect({status, method, url, location, followed, stop_before});
  if (!made) return code_word(made.error());
  return made->follow ? made->method + " " + made->url : "stay";
}

TEST_CASE("redirects: by status and method (RFC 9110 15.4)") {
  struct row {
    int status;
    std::string_view method;
    std::string_view expected;
  };
  const std::vector<row> rows{
      {301, "GET", "GET https://a.com/z"},
      {302, "GET", "GET https://a.com/z"},
      {303, "GET", "GET https://a.com/z"},
      {307, "GET", "GET https://a.com/z"},
      {308, "GET", "GET https://a.com/z"},
      {301, "HEAD", "HEAD https://a.com/z"},
      {303, "HEAD", "HEAD https://a.com/z"},
      {303, "POST", "GET https://a.com/z"},
      {301, "POST", "stay"},
      {302, "POST", "stay"},
      {307, "POST", "stay"},
      {308, "POST", "stay"},
      {200, "GET", "stay"},
      {201, "GET", "stay"},
      {300, "GET", "stay"},
      {304, "GET", "stay"},
      {305, "GET", "stay"},
      {404, "GET", "stay"},
  };
  for (const row& r : rows) {
    CAPTURE(r.status);
    CAPTURE(r.method);
    CHECK(decide(r.status, r.method, "/z") == r.expected);
  }
}

TEST_CASE("redirects: by Location") {
  struct row {
    std::string_view location;
    std::string_view expected;
  };
  const std::vector<row> rows{
      {"", "stay"},
      {"z", "GET https://a.com/x/z"},
      {"?p", "GET https://a.com/x/y?p"},
      {"//b.com/z", "GET https://b.com/z"},
      {"https://b.com", "GET https://b.com/"},
      {"https://B.com:443/z#part", "GET https://b.com/z"},
      {"https://user:secret@b.com/z", "GET https://b.com/z"},
      {"http://a.com/z", "blocked_redirect"},
      {"http://127.0.0.1/z", "blocked_redirect"},
      {"ftp://a.com/z", "protocol"},
      {"javascript:alert(1)", "protocol"},
      {"file:///etc/passwd", "protocol"},
      {"https://", "protocol"},
      {"https://a.com:0/", "protocol"},
      {"https://a.com:99999/", "protocol"},
  };
  for (const row& r : rows) {
    CAPTURE(r.location);
    CHECK(decide(302, "GET", r.location) == r.expected);
  }
}

TEST_CASE("redirects: the tenth is followed, the eleventh is not") {
  CHECK(decide(302, "GET", "/z", max_redirects - 1) == "GET https://a.com/z");
  CHECK(decide(302, "GET", "/z", max_redirects) == "too_many_redirects");
}

TEST_CASE("redirects: from plain HTTP to HTTPS and to plain HTTP") {
  CHECK(decide(302, "GET", "https://b.com/", 0, {}, "http://127.0.0.1/") == "GET https://b.com/");
  CHECK(decide(302, "GET", "/z", 0, {}, "http://127.0.0.1/") == "GET http://127.0.0.1/z");
}

TEST_CASE("redirects: stop_before sees the absolute target and makes the answer the result") {
  std::string seen;
  const predicate stop = [&seen](std::string_view url) {
    seen = url;
    return true;
  };
  CHECK(decide(302, "GET", "/sessions/new", 0, stop) == "stay");
  CHECK(seen == "https://a.com/sessions/new");
  // A sign-in page is one even behind a redirect that would not be followed.
  CHECK(decide(302, "GET", "http://a.com/sessions/new", max_redirects, stop) == "stay");
}

TEST_CASE("redirects: messages say where from and where to, without secrets") {
  const predicate none;
  const auto made = decide_redirect(
      {302, "GET", "https://a.com/x?token=SECRET", "http://b.com/y?signature=SECRET", 0, none});
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("a.com") != std::string::npos);
  CHECK(made.error().message.find("b.com") != std::string::npos);
  CHECK(made.error().message.find("SECRET") == std::string::npos);
}

}  // namespace
}  // namespace pofetch::http
