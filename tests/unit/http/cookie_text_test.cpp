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
      {"a host with letters outside of ASCII", ".B\u00fccher.example\tTRUE\t/\tFALSE\t0\ts\tv\n",
       "s=v@.xn--bcher-kva.example/ "},
      {"... in JSON", "[{\"name\":\"s\",\"value\":\"v\",\"domain\":\"B\u00dcCHER.example\"}]",
       "s=v@xn--bcher-kva.example/ "},
      {"... as the address of a page",
       "[{\"name\":\"s\",\"value\":\"v\",\"url\":\"https://b\u00fccher.example/x\"}]",
       "s=v@xn--bcher-kva.example/ "},
      {"... as it stands in DNS", ".xn--bcher-kva.example\tTRUE\t/\tFALSE\t0\ts\tv\n",
       "s=v@.xn--bcher-kva.example/ "},
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
      {"an empty expiry, as extensions write it for session cookies", "a.b\tTRUE\t/\tFALSE\t\ts\tv\n",
       "s=v@.a.b/ "},
      {"a word for the session, and 1 and 0 as flags", "a.b\t1\t/\t0\tSession\ts\tv\n", "s=v@.a.b/ "},
      {"dates as text, in two forms",
       "a.b\tTRUE\t/\tFALSE\t2030-03-17T17:46:40.000Z\ts\tv\na.b\tTRUE\t/\tFALSE\tSun, 17 Mar 2030 17:46:40 "
       "GMT\tt\tv\n",
       "s=v@.a.b/+1900000000 t=v@.a.b/+1900000000 "},
      {"milliseconds, microseconds, and those of Chromium",
       "a.b\tTRUE\t/\tFALSE\t1900000000000\ts\tv\na.b\tTRUE\t/\tFALSE\t1900000000000000\tt\tv\n"
       "a.b\tTRUE\t/\tFALSE\t13544473600000000\tu\tv\n",
       "s=v@.a.b/+1900000000 t=v@.a.b/+1900000000 u=v@.a.b/+1900000000 "},
      {"the end of the year 9999 is no millisecond", "a.b\tTRUE\t/\tFALSE\t253402300799\ts\tv\n",
       "s=v@.a.b/+9000000000 "},
      {"json, dates as text: ISO, with a zone, as in Expires, a number, none",
       R"([{"name":"a","value":"v","domain":"a.b","expires":"2030-03-17T17:46:40Z"},
           {"name":"b","value":"v","domain":"a.b","expirationDate":"2030-03-17 19:46:40+02:00"},
           {"name":"c","value":"v","domain":"a.b","expires":"Sun Mar 17 2030 17:46:40 GMT+0000 UTC"},
           {"name":"d","value":"v","domain":"a.b","expiry":"1900000000"},
           {"name":"e","value":"v","domain":"a.b","expirationDate":""},
           {"name":"f","value":"v","domain":"a.b","expirationDate":null},
           {"name":"g","value":"v","domain":"a.b","expires":1900000000000}])",
       "a=v@a.b/+1900000000 b=v@a.b/+1900000000 c=v@a.b/+1900000000 d=v@a.b/+1900000000 e=v@a.b/ f=v@a.b/ "
       "g=v@a.b/+1900000000 "},
      {"json of Cookie Quick Manager",
       R"([{"Host raw":"https://.a.b/","Name raw":"s","Path raw":"/x","Content raw":"v","Expires":"17-03-2030 17:46:40",
            "Expires raw":"1900000000","Send for":"Encrypted connections only","Send for raw":"true",
            "HTTP only raw":"true","This domain only raw":"false"}])",
       "s=v@.a.b/x+secure+httponly+1900000000 "},
      {"json of tough-cookie",
       R"({"version":"tough-cookie@4","cookies":[{"key":"s","value":"v","domain":"a.b","path":"/",
            "hostOnly":false,"secure":true,"expires":"Infinity"}]})",
       "s=v@.a.b/+secure+9000000000 "},
      {"json of a browser's database", R"([{"host_key":".a.b","name":"s","value":"v","path":"/","is_secure":1,
            "is_httponly":0,"expires_utc":13544473600000000}])",
       "s=v@.a.b/+secure+1900000000 "},
      {"json of developer tools",
       R"({"id":1,"result":{"cookies":[{"name":"s","value":"v","domain":"a.b"}]}})", "s=v@a.b/ "},
      {"json with the address of a page in place of a domain",
       R"([{"url":"https://A.b:8443/order?x","name":"s","value":7}])", "s=7@a.b/ "},
      {"json with names in capitals", R"([{"Name":"s","Value":"v","Domain":".a.b","Secure":"True"}])",
       "s=v@.a.b/+secure "},
      {"json, host only by its flag", R"([{"name":"s","value":"","domain":".a.b","hostOnly":true}])",
       "s=@a.b/ "},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    const auto read = must(parse_cookie_text(r.text, "cookies.txt"));
    CHECK(shown(read.cookies) == r.expected);
    CHECK(read.warning.empty());
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
      {"\na=SECRET; b=SECRET\n", "line 2: this looks like a Cookie header"},
      {"\n# c\r\n.acme.com\tTRUE\t/\tTR", "line 3: it breaks off after 4 of 7"},
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
      {R"({"name":"s","value":"SECRET","domain":"a.b"})", "array"},
      {"[{\"name\":\"s\",\n\"value\":SECRET}]", "line 2: this is not JSON"},
      {"[] trailing", "line 1: this is not JSON"},
      {"[", "not JSON"},
      {"{}", "array"},
      {"{\"cookies\": 3}", "array"},
      {"[1]", "cookie 1: an object"},
      {R"([{"name":"s","value":"SECRET"}])", "\"domain\""},
      {R"([{"name":"s","value":{},"domain":"a.b"}])", "cookie 1"},
      {R"([{"name":"s","value":"SECRET","domain":"a.b","expires":"never"}])", "expiry"},
      {R"([{"name":"s","value":"SECRET","domain":"#a.b"}])", "no host name"},
      {"..a.b\tTRUE\t/\tTRUE\t0\ts\tSECRET\n", "no host name"},
      {"[\n\n {\"name\":1,\n\"more\":[{},\"]\"]}\n]", "line 3, cookie 1: it must have"},
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

const core::origin acme_host{"https", "acme.coupahost.com", 443};

TEST_CASE("cookie text: what cannot be sent to the instance is left out with a warning, its own is not") {
  const std::string own = ".acme.coupahost.com\tTRUE\t/\tTRUE\t0\ts\tv\n";
  const std::string own_json = R"({"name":"s","value":"v","domain":".acme.coupahost.com","secure":true})";
  const std::string expected = "s=v@.acme.coupahost.com/+secure ";
  struct row {
    std::string_view what;
    std::string text;
    std::string_view warns;    // in the warning
    std::string_view refuses;  // in the failure
  };
  const std::string long_value(5000, 'x');
  const std::vector<row> rows{
      {"a tab too many", own + ".ads.example.com\tTRUE\t/\tFALSE\t0\tid\tSECRET\tx\n",
       "line 2 is left out: 7 fields", ""},
      {"first in the file", "ads.example\tTRUE\t/\tFALSE\t0\tid\tSECRET\tx\n" + own, "line 1 is left out",
       ""},
      {"cut off", own + "ads.example\tTRUE\t/\n", "line 2 is left out: it breaks off", ""},
      {"no name", own + "ads.example\tTRUE\t/\tFALSE\t0\t\tSECRET\n", "it has no name", ""},
      {"too long", own + "ads.example\tTRUE\t/\tFALSE\t0\tid\t" + long_value + "\n", "longer than 4096", ""},
      {"a control character", own + "ads.example\tTRUE\t/\tFALSE\t0\tid\tSECRET\x01\n", "cannot be sent", ""},
      {"a zero byte", own + "ads.example\tTRUE\t/\tFALSE\t0\tid\tSECRET" + std::string(1, '\0') + "x\n",
       "cannot be sent", ""},
      {"flags that are none", own + "ads.example\tja\t/\tnein\t0\tid\tSECRET\n", "TRUE or FALSE", ""},
      {"an expiry that is none", own + "ads.example\tTRUE\t/\tFALSE\tsoon\tid\tSECRET\n", "fifth field", ""},
      {"no domain at all", own + "\tTRUE\t/\tFALSE\t0\tid\tSECRET\n", "it has no domain", ""},
      {"something else", own + "what is this\n", "7 fields separated by tabs", ""},
      {"many", own + "a\tb\nc\td\ne\tf\n", "line 2 and 2 more are left out", ""},
      {"of the same company, another tenant", own + ".other.coupahost.com\tTRUE\t/\tFALSE\t0\n",
       "line 2 is left out", ""},
      {"json: too long",
       "[" + own_json + R"(,{"name":"id","value":")" + long_value + R"(","domain":"ads.example"}])",
       "cookie 2 is left out: it is longer", ""},
      {"json: no name", "[" + own_json + R"(,{"name":"","value":"SECRET","domain":"ads.example"}])",
       "no name", ""},
      {"json: a member is missing", "[" + own_json + R"(,{"name":"id","domain":"ads.example"}])",
       "it must have", ""},
      {"json: an expiry that is none",
       "[" + own_json + R"(,{"name":"id","value":"SECRET","domain":"ads.example","expires":"soon"}])",
       "its expiry", ""},
      {"json: no object", "[7, " + own_json + "]", "cookie 1 is left out: an object", ""},
      {"json: a value that cannot be sent",
       "{\"cookies\":[" + own_json + R"(,{"name":"id","value":"SECRET;x","domain":"ads.example"}]})",
       "cannot be sent", ""},
      // What the instance needs is never left out.
      {"its own, cut off", own + ".acme.coupahost.com\tTRUE\t/\tTR", "", "line 2: it breaks off"},
      {"its own, of the domain above", own + ".coupahost.com\tTRUE\t/\tTRUE\t0\tt\tSECRET\tx\n", "",
       "line 2: 7 fields"},
      {"json: its own, an expiry that is none",
       "[" + own_json + R"(,{"name":"t","value":"SECRET","domain":"acme.coupahost.com","expires":"soon"}])",
       "", "cookie 2: its expiry"},
      {"nothing is left", "ads.example\tTRUE\t/\tFALSE\t0\tid\n\tTRUE\t/\tFALSE\t0\tid\tSECRET\n", "",
       "line 2: it has no domain"},
      {"the only own one cannot be sent",
       "x.y\tTRUE\t/\tTRUE\t0\tt\tv\nacme.coupahost.com\tTRUE\t/\tTRUE\t0\ts\tSECRET;\n", "",
       "line 2: its name or value"},
      // One that is not sent for what it is needs no word if another one is.
      {"its own, without a name", own + "acme.coupahost.com\tTRUE\t/\tTRUE\t0\t\tSECRET\n", "it has no name",
       ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    const auto read = parse_cookie_text(r.text, "my cookies", &acme_host);
    const std::string said = read ? read->warning : read.error().message;
    CHECK_MESSAGE(read.has_value() == r.refuses.empty(), said);
    CHECK_MESSAGE(said.find(r.refuses.empty() ? r.warns : r.refuses) != std::string::npos, said);
    CHECK(said.find("SECRET") == std::string::npos);
    CHECK(said.find("my cookies") != std::string::npos);
    if (read) CHECK(shown(read->cookies) == expected);
  }
}

TEST_CASE("cookie text: twins, of which browsers keep one for the pages of another site") {
  const auto twin = [](std::string_view value, std::string_view partition) {
    return R"({"name":"s","value":")" + std::string(value) + R"(","domain":".acme.coupahost.com")" +
           (partition.empty() ? "" : R"(,"partitionKey":)" + std::string(partition)) + "}";
  };
  struct row {
    std::string_view first;  // its partition
    std::string_view second;
    std::string_view kept;  // 1 or 2
  };
  constexpr std::string_view elsewhere =
      R"({"topLevelSite":"https://elsewhere.example","hasCrossSiteAncestor":true})";
  const row rows[] = {
      {"", elsewhere, "1"},
      {elsewhere, "", "2"},
      {"null", R"("https://elsewhere.example")", "1"},
      {"", R"x("(https,elsewhere.example)")x", "1"},
      {"", R"({"topLevelSite":"opaque"})", "1"},
      // Of the instance's own site: as good as the other, but the one for all pages comes first.
      {"", R"({"topLevelSite":"https://coupahost.com"})", "1"},
      {R"({"topLevelSite":"https://coupahost.com"})", "", "2"},
      {elsewhere, R"({"topLevelSite":"https://acme.coupahost.com"})", "2"},
      // Without a difference the last one counts, as in a browser that is given them one after another.
      {"", "", "2"},
      {R"({"topLevelSite":""})", "null", "2"},
  };
  for (const row& r : rows) {
    CAPTURE(r.first);
    CAPTURE(r.second);
    const std::string text = "[" + twin("1", r.first) + "," + twin("2", r.second) + "]";
    for (const core::origin* instance : {&acme_host, static_cast<const core::origin*>(nullptr)}) {
      const auto read = must(parse_cookie_text(text, "c", instance));
      REQUIRE(read.cookies.size() == 1);
      CHECK(read.cookies.front().value == r.kept);
      CHECK(read.warning.empty());
    }
  }
}

TEST_CASE("cookie text: an object of names and values is the instance's") {
  const std::string text = R"({"s": "v", "t": "w"})";
  CHECK(shown(must(parse_cookie_text(text, "c", &acme_host)).cookies) ==
        "s=v@acme.coupahost.com/ t=w@acme.coupahost.com/ ");
  CHECK_FALSE(parse_cookie_text(text, "c"));
  CHECK_FALSE(parse_cookie_text(R"({"s": "v", "t": 1})", "c", &acme_host));
}

TEST_CASE("cookie text: written and read back, nothing changes") {
  const std::string text =
      "#HttpOnly_.acme.com\tTRUE\t/\tTRUE\t1900000000\ts\tv\nacme.com\tFALSE\t/x\tFALSE\t0\tt\t\n";
  const auto cookies = must(parse_cookie_text(text, "a")).cookies;
  const std::string written = format_cookie_text(cookies);
  CHECK(written.starts_with("# Netscape HTTP Cookie File\n"));
  CHECK(must(parse_cookie_text(written, "b")).cookies == cookies);
}

TEST_CASE("cookie text: renewed in the form that was given, and what is not understood stays") {
  struct row {
    std::string_view what;
    std::string text;
    std::string renewed;  // `s` has the value `new`
    std::string added;    // and there is a cookie `n`
    std::string without;  // `s` is gone
  };
  const std::string lines =
      "# mine\r\n.acme.coupahost.com\tTRUE\t/\tTRUE\t0\ts\told\r\n# ads\r\nads.example\tx\r\n";
  const std::string n_line = "acme.coupahost.com\tFALSE\t/\tTRUE\t0\tn\tN\n";
  const std::vector<row> rows{
      {"lines", lines,
       "# mine\r\n.acme.coupahost.com\tTRUE\t/\tTRUE\t0\ts\tnew\r\n# ads\r\nads.example\tx\r\n",
       lines + n_line, "# mine\r\n# ads\r\nads.example\tx\r\n"},
      {"a line without an end", "acme.coupahost.com\tFALSE\t/\tTRUE\t0\ts\told",
       "acme.coupahost.com\tFALSE\t/\tTRUE\t0\ts\tnew\n",
       "acme.coupahost.com\tFALSE\t/\tTRUE\t0\ts\told\n" + n_line, ""},
      {"an array of an extension, with cookies of others and of another partition",
       R"([ {"domain": ".acme.coupahost.com", "name": "s", "value": "old", "sameSite": "lax", "storeId": "0", "secure": true},
  {"domain": "x.y", "name": "", "value": "1"}, {"domain": ".acme.coupahost.com", "name": "s", "value": "t", "partitionKey": "https://x.y"} ])",
       R"([ {"domain":".acme.coupahost.com","name":"s","value":"new","sameSite":"lax","storeId":"0","secure":true},
  {"domain": "x.y", "name": "", "value": "1"}, {"domain": ".acme.coupahost.com", "name": "s", "value": "t", "partitionKey": "https://x.y"} ])",
       R"([ {"domain": ".acme.coupahost.com", "name": "s", "value": "old", "sameSite": "lax", "storeId": "0", "secure": true},
  {"domain": "x.y", "name": "", "value": "1"}, {"domain": ".acme.coupahost.com", "name": "s", "value": "t", "partitionKey": "https://x.y"}, )"
       R"({"name":"n","value":"N","domain":"acme.coupahost.com","path":"/","secure":true,"httpOnly":false,"sameSite":"lax","storeId":"0"} ])",
       R"([ {"domain": "x.y", "name": "", "value": "1"}, {"domain": ".acme.coupahost.com", "name": "s", "value": "t", "partitionKey": "https://x.y"} ])"},
      {"a state of Playwright",
       R"({"cookies": [{"name": "s", "value": "old", "domain": "acme.coupahost.com", "path": "/", "expires": -1,
  "httpOnly": true, "secure": true, "sameSite": "Lax"}], "origins": [{"origin": "https://a", "localStorage": [{"name": "k", "value": "é"}]}]})",
       R"({"cookies": [{"name":"s","value":"new","domain":"acme.coupahost.com","path":"/","expires":-1,"httpOnly":true,"secure":true,"sameSite":"Lax"}], "origins": [{"origin": "https://a", "localStorage": [{"name": "k", "value": "é"}]}]})",
       R"({"cookies": [{"name": "s", "value": "old", "domain": "acme.coupahost.com", "path": "/", "expires": -1,
  "httpOnly": true, "secure": true, "sameSite": "Lax"}, {"name":"n","value":"N","domain":"acme.coupahost.com","path":"/","secure":true,"httpOnly":false,"sameSite":"Lax","expires":-1}], "origins": [{"origin": "https://a", "localStorage": [{"name": "k", "value": "é"}]}]})",
       R"({"cookies": [], "origins": [{"origin": "https://a", "localStorage": [{"name": "k", "value": "é"}]}]})"},
      {"names and values", R"({"s": "old", "t": "w"})", R"({"s": "new", "t": "w"})",
       R"({"s": "old", "t": "w", "n": "N"})", R"({"t": "w"})"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    for (const std::string_view mark : {"", "\xef\xbb\xbf"}) {
      const std::string text = std::string(mark) + r.text;
      auto cookies = must(parse_cookie_text(text, "c", &acme_host)).cookies;
      CHECK(renewed_cookie_text(text, cookies, &acme_host) == text);
      auto more = cookies;
      cookie fresh = cookies.front();
      fresh.name = "n";
      fresh.value = "N";
      fresh.domain = "acme.coupahost.com";
      fresh.host_only = true;
      fresh.secure = true;
      fresh.http_only = false;
      more.push_back(fresh);
      CHECK(renewed_cookie_text(text, more, &acme_host) == std::string(mark) + r.added);
      auto fewer = cookies;
      fewer.erase(fewer.begin());
      CHECK(renewed_cookie_text(text, fewer, &acme_host) == std::string(mark) + r.without);
      cookies.front().value = "new";
      CHECK(renewed_cookie_text(text, cookies, &acme_host) == std::string(mark) + r.renewed);
    }
  }
}

TEST_CASE("cookie text: a renewed end is written as the old one was") {
  const auto at = std::chrono::system_clock::time_point(std::chrono::seconds(1'900'000'000));
  struct row {
    std::string before;
    std::string after;
    bool session = false;
  };
  const row rows[] = {
      {R"("expirationDate":1800000000.5)", R"("expirationDate":1900000000)"},
      {R"("expires":-1)", R"("expires":1900000000)"},
      {R"("expires":1800000000000)", R"("expires":1900000000000)"},
      {R"("expires_utc":13444473600000000)", R"("expires_utc":13544473600000000)"},
      {R"("expires":"2027-01-15T08:00:00Z")", R"("expires":"2030-03-17T17:46:40Z")"},
      {R"("Expires raw":"1800000000")", R"("Expires raw":"1900000000")"},
      {R"("session":true)", R"("session":false,"expirationDate":1900000000)"},
      {R"("expires":1800000000)", R"("expires":-1)", true},
      {R"("expires":"2027-01-15T08:00:00Z")", R"("expires":"")", true},
  };
  for (const row& r : rows) {
    CAPTURE(r.before);
    const std::string lead = R"([{"name":"s","value":"v","domain":"a.b",)";
    auto cookies = must(parse_cookie_text(lead + r.before + "}]", "c")).cookies;
    cookies.front().expires = at;
    if (r.session) cookies.front().expires.reset();
    CHECK(renewed_cookie_text(lead + r.before + "}]", cookies) == lead + r.after + "}]");
  }
}

TEST_CASE("cookie text: what was no list of cookies becomes one, and an empty list gets its first") {
  const cookie made{"s", "v", "a.b"};
  for (const std::string_view text : {"", " \n", "[broken", "{\"x\":[]}"})
    CHECK(must(parse_cookie_text(renewed_cookie_text(text, {&made, 1}), "c")).cookies ==
          std::vector<cookie>{made});
  CHECK(renewed_cookie_text("[ ]", {&made, 1}) ==
        R"([{"name":"s","value":"v","domain":"a.b","path":"/","secure":false,"httpOnly":false} ])");
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
