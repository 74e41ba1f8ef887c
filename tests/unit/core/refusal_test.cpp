#include "core/refusal.hpp"

#include "core/unicode.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pofetch::core {

namespace {

http_response refusing_head(std::vector<http_field> fields = {}, int status = 403) {
  http_response head;
  head.status = status;
  head.url = "https://a.example/x?token=hush";
  head.fields = std::move(fields);
  return head;
}

}  // namespace

TEST_CASE("read_refusal: who refuses, and what came") {
  const struct {
    const char* what;
    std::vector<http_field> fields;
    std::string body;
    bool in_between;
    const char* words;
  } rows[] = {
      {"S3",
       {{"Server", "AmazonS3"}},
       "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
       false,
       "the error AccessDenied (Access Denied)"},
      {"Azure",
       {},
       "\xEF\xBB\xBF<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code><Message>Signature not "
       "valid\nin the "
       "specified time frame</Message></Error>",
       false,
       "the error AuthenticationFailed (Signature not valid in the specified time frame)"},
      {"a storage behind a content network",
       {{"Server", "CloudFront"}},
       "<Error><Code>SignatureDoesNotMatch</Code></Error>",
       false,
       "the error SignatureDoesNotMatch"},
      {"Akamai",
       {{"Server", "AkamaiGHost"}},
       "<HTML><TITLE>Access Denied</TITLE>",
       true,
       "a page titled 'Access Denied' (Server: AkamaiGHost)"},
      {"no words",
       {{"Server", "CloudFront"}},
       "",
       true,
       "an answer that says nothing more (Server: CloudFront)"},
      {"a challenge", {{"CF-Mitigated", "challenge"}}, "", true, "an answer that says nothing more"},
      {"Cloudflare passes on what a server says",
       {{"Server", "cloudflare"}},
       "<title>No</title>",
       false,
       "a page titled 'No' (Server: cloudflare)"},
      {"a script is not what is said",
       {},
       "<script>if (a<b) 'request blocked'</script><p>No</p>",
       false,
       "a page that says 'No'"},
      {"a secret in a title",
       {},
       "<title>https://b.example/?token=hush</title>",
       false,
       "a page titled 'https://b.example/?token=***'"},
      {"JSON", {{"Content-Type", "application/json"}}, "{\"message\":\"request blocked\"}", false, ""},
      {"nothing", {}, "", false, ""},
      {"a tag that does not end", {}, "<title>x", false, "a page that says 'x'"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto read = read_refusal(refusing_head(row.fields), row.body);
    CHECK(read.in_between == row.in_between);
    CHECK(read.words == row.words);
  }
}

TEST_CASE("speaks_as_go_between: the signed stock pages of web servers, and not every page that names one") {
  CHECK(speaks_as_go_between(loose_key("403 Forbidden 403 Forbidden nginx")));
  CHECK(speaks_as_go_between(loose_key("403 Forbidden nginx/1.25.3")));
  CHECK(speaks_as_go_between(loose_key("403 Forbidden Microsoft-Azure-Application-Gateway/v2")));
  CHECK_FALSE(speaks_as_go_between(loose_key("You are not authorized to see the order for nginx")));
  CHECK_FALSE(speaks_as_go_between(loose_key("403 Forbidden")));
  CHECK_FALSE(speaks_as_go_between(""));
}

TEST_CASE("is_bare_refusal: nothing but the words of every refusal") {
  for (const char* bare :
       {"", "Forbidden", "403 Forbidden", "HTTP Error 403 - Forbidden", "Forbidden Forbidden"})
    CHECK(is_bare_refusal(loose_key(bare)));
  for (const char* more : {"Forbidden: ask your manager", "No", "403 Forbidden nginx"})
    CHECK_FALSE(is_bare_refusal(loose_key(more)));
  CHECK_FALSE(is_bare_refusal(std::string(100'000, '4') + "03"));
}

TEST_CASE("failure_for_refusal: status, address, what came, and what to do") {
  const auto of_firewall =
      failure_for_refusal(refusing_head({{"Server", "AkamaiGHost"}}), "<title>No</title>", "file a.pdf");
  CHECK(code_word(of_firewall) == "http_403");
  for (const char* part :
       {"file a.pdf: the server answered 403 Forbidden", "titled 'No'", "Something in between"})
    CHECK_MESSAGE(of_firewall.message.find(part) != std::string::npos, of_firewall.message);
  CHECK(of_firewall.message.find("hush") == std::string::npos);
  const auto expired =
      failure_for_refusal(refusing_head({}, 400), "<Error><Code>ExpiredToken</Code></Error>", "file a.pdf");
  CHECK(code_word(expired) == "http_400");
  CHECK_MESSAGE(expired.message.find("a new one is needed") != std::string::npos, expired.message);
  CHECK(failure_for_refusal(refusing_head(), "", "x").message.find("What came") == std::string::npos);
}

}  // namespace pofetch::core
