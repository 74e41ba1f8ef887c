#include "http/cookie_text.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using test::must;

long long expiry_seconds(const cookie& c) {
  return std::chrono::duration_cast<std::chrono::seconds>(c.expires->time_since_epoch()).count();
}

std::string shown(const std::vector<cookie>& cookies) {
  std::string text;
  for (const cookie& c : cookies) {
    text += c.name + "=" + c.value + "@" + (c.host_only ? "" : ".") + c.domain + c.path;
    if (c.secure) text += "+secure";
    if (c.http_only) text += "+httponly";
    if (c.expires) text += "+" + std::to_string(expiry_seconds(c));
    text += " ";
  }
  return text;
}

TEST_CASE("cookie text: forms that can be read") {
  struct row {
    std::string_view what;
    std::string text;
    std::string_view expected;
  };
  const std::vector<row> rows{
      {"netscape", "# Netscape HTTP Cookie File\n\n.acme.com\tTRUE\t/\tTRUE\t1900000000\ts\tv\n",
       "s=v@.acme.com/+secure+1900000000 "},
      {"host only, session, no final newline", "acme.com\tFALSE\t/x\tFALSE\t0\ts\tv", "s=v@acme.com/x "},
      {"http only", "#HttpOnly_.Acme.COM\tTRUE\t/\tTRUE\t0\ts\tv\n", "s=v@.acme.com/+secure+httponly "},
      {"carriage returns and byte order mark", "\xef\xbb\xbf# x\r\na.b\tTRUE\t/\tfalse\t0\ts\tv\r\n",
       "s=v@.a.b/ "},
      {"empty value", "a.b\tTRUE\t/\tFALSE\t0\ts\t\n", "s=@.a.b/ "},
      {"empty value, tab stripped by an editor", "a.b\tTRUE\t/\tFALSE\t0\ts\n", "s=@.a.b/ "},
      {"fraction of a second, and -1",
       "a.b\tTRUE\t/\tFALSE\t1900000000.5\ts\tv\na.b\tTRUE\t/\tFALSE\t-1\tt\tv\n",
       "s=v@.a.b/+1900000000 t=v@.a.b/ "},
      {"json array of an extension",
       R"([{"name":"s","value":"v","domain":".a.b","path":"/","secure":true,"httpOnly":true,
            "hostOnly":false,"session":false,"expirationDate":1900000000.25,"sameSite":null}])",
       "s=v@.a.b/+secure+httponly+1900000000 "},
      {"json object with cookies", R"({"cookies":[{"name":"s","value":"v","domain":"a.b","expires":-1}],
            "origins":[]})",
       "s=v@a.b/ "},
      {"tabs that became spaces, one or more",
       "a.b  TRUE / FALSE    1900000000 s v\n#HttpOnly_c.d FALSE / TRUE 0 t w==\n",
       "s=v@.a.b/+1900000000 t=w==@c.d/+secure+httponly "},
      {"json of WebDriver",
       R"({"value":[{"name":"s","value":"v","domain":"a.b","path":"/","secure":true,"httpOnly":true,
            "sameSite":"Lax","expiry":1900000000}]})",
       "s=v@a.b/+secure+httponly+1900000000 "},
      {"json of WebDriver, the list alone, a session cookie",
       R"([{"domain":".a.b","httpOnly":false,"name":"s","path":"/x","sameSite":"None","secure":false,"value":"v"}])",
       "s=v@.a.b/x "},
      {"json, host only by its flag", R"([{"name":"s","value":"","domain":".a.b","hostOnly":true}])",
       "s=@a.b/ "},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    CHECK(shown(must(parse_cookie_text(r.text, "cookies.txt"))) == r.expected);
  }
}

TEST_CASE("cookie text: what cannot be used is said in plain words, with the line, without the value") {
  struct row {
    std::string text;
    std::string_view words;
  };
  const std::vector<row> rows{
      {"", "no cookie"},
      {"# only a comment\n", "no cookie"},
      {"ok.com\tTRUE\t/\tTRUE\t0\ts\tv\na=SECRET; b=SECRET\n", "line 2: this looks like a Cookie header"},
      {"ok.com\tTRUE\t/\tTRUE\t0\ts\tv\n\n# c\r\n.acme.com\tTRUE\t/\tTR",
       "line 4: it breaks off after 4 of 7"},
      {"a.b TRUE / TRUE 0 s SECRET SECRET\n", "line 1: the tabs between its 7 fields have become spaces"},
      {"a.b TRUE / TRUE SECRET SECRET x\n", "line 1: the tabs between its 7 fields have become spaces"},
      {"what is this\n", "line 1: 7 fields separated by tabs were expected, 1 came"},
      {"a.b\tTRUE\t/\tTRUE\t0\ts\tSECRET\textra\n", "line 1: 7 fields"},
      {"a.b\tYES\t/\tTRUE\t0\ts\tSECRET\n", "TRUE or FALSE"},
      {"a.b\tTRUE\t/\tTRUE\tnever\ts\tSECRET\n", "fifth field"},
      {"\tTRUE\t/\tTRUE\t0\ts\tSECRET\n", "no domain"},
      {"a.b\tTRUE\t/\tTRUE\t0\t\tSECRET\n", "no name"},
      {"a.b\tTRUE\t/\tTRUE\t0\ts\tSECRET\x01\n", "cannot be sent"},
      {"a.b\tTRUE\t/\tTRUE\t0\ts\tSECRET;x=y\n", "cannot be sent"},
      {"a.b\tTRUE\t/\tTRUE\t0\ts\t" + std::string(5000, 'x') + "\n", "longer than 4096"},
      {std::string("a\0b", 3), "UTF-8"},
      {"[{\"name\":\"s\",\n\"value\":SECRET}]", "line 2: this is not JSON"},
      {"[] trailing", "line 1: this is not JSON"},
      {"[", "not JSON"},
      {"{}", "array"},
      {"{\"cookies\": 3}", "array"},
      {"[1]", "cookie 1: an object"},
      {R"([{"name":"s","value":"SECRET"}])", "\"domain\""},
      {R"([{"name":"s","value":"v","domain":"a.b"},{"name":"s","value":1,"domain":"a.b"}])", "cookie 2"},
      {R"([{"name":"s","value":"SECRET","domain":"a.b","expires":"never"}])", "expiry"},
      {R"([{"name":"s","value":"SECRET","domain":"#a.b"}])", "no host name"},
      {"..a.b\tTRUE\t/\tTRUE\t0\ts\tSECRET\n", "no host name"},
      {"[\n {\"name\":\"[{,\\\"\",\n \"value\":\"v\", \"domain\":\"a.b\", \"more\":[{},{}]},\n\n "
       "{\"name\":1}\n]",
       "line 5, cookie 2: it must have"},
      {"{\n\"cookies\":[\n3]}", "line 3, cookie 1: an object"},
      {"[]", "no cookie"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    const auto read = parse_cookie_text(r.text, "my cookies");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::config);
    CHECK(read.error().message.find(r.words) != std::string::npos);
    CHECK(read.error().message.find("my cookies") != std::string::npos);
    CHECK(read.error().message.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("cookie text: written and read back, nothing changes") {
  const std::string text =
      "#HttpOnly_.acme.com\tTRUE\t/\tTRUE\t1900000000\ts\tv\nacme.com\tFALSE\t/x\tFALSE\t0\tt\t\n";
  const auto cookies = must(parse_cookie_text(text, "a"));
  const std::string written = format_cookie_text(cookies);
  CHECK(written.starts_with("# Netscape HTTP Cookie File\n"));
  CHECK(must(parse_cookie_text(written, "b")) == cookies);
}

TEST_CASE("cookie text: a Cookie header") {
  CHECK(shown(must(cookies_from_header("a=b; c=d=e", "Acme.com"))) == "a=b@acme.com/ c=d=e@acme.com/ ");
  CHECK(shown(must(cookies_from_header("Cookie: a=b;", "acme.com"))) == "a=b@acme.com/ ");
  for (const std::string_view bad : {"", "Cookie:", "SECRET", "a=b; SECRET", "=SECRET", "a=SECRET\r\nX: y"}) {
    CAPTURE(bad);
    const auto made = cookies_from_header(bad, "acme.com");
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::config);
    CHECK(made.error().message.find("SECRET") == std::string::npos);
  }
}

}  // namespace
}  // namespace pofetch::http
