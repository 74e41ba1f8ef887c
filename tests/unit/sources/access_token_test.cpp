#include "sources/coupa_api/token/access_token.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>

namespace pofetch::sources {
namespace {

const client_credentials who{"https://acme.coupahost.com/", "me & you",
                             "s3cr3t/+=", "core.purchase_order.read"};

result<access_token> judge(int status, const std::string& body,
                           const std::string& type = "application/json") {
  http_response head;
  head.status = status;
  head.url = "https://acme.coupahost.com/oauth2/token";
  head.fields.push_back({"Content-Type", type});
  json_body sink;
  REQUIRE(sink.begin(head));
  const std::span<const char> chars(body.data(), body.size());
  REQUIRE(sink.write(std::as_bytes(chars)));
  return judge_token(who, head, sink, {});
}

}  // namespace

TEST_CASE("access token: the request is a form in the body, and no redirect is followed") {
  const http_request asked = token_request(who);
  CHECK(asked.method == "POST");
  CHECK(asked.url == "https://acme.coupahost.com/oauth2/token");
  CHECK(asked.body ==
        "grant_type=client_credentials&client_id=me%20%26%20you&client_secret=s3cr3t%2F%2B%3D&scope=core."
        "purchase_order.read");
  CHECK(asked.url.find("s3cr3t") == std::string::npos);
  CHECK(asked.stop_before("https://acme.coupahost.com/oauth2/token/"));
}

TEST_CASE("access token: the answer that is one, and lifetimes that can be meant or not") {
  const struct {
    const char* expires;
    long seconds;
    bool told_usual = false;
  } rows[] = {
      {R"(,"expires_in":86399)", 86399, true},
      {R"(,"expires_in":"3600")", 3600},
      {R"(,"expires_in":60)", 60},
      {"", usual_lifetime.count()},
      {R"(,"expires_in":null)", usual_lifetime.count()},
      {R"(,"expires_in":0)", usual_lifetime.count()},
      {R"(,"expires_in":-5)", usual_lifetime.count()},
      {R"(,"expires_in":1)", usual_lifetime.count()},
      {R"(,"expires_in":1e300)", usual_lifetime.count()},
      {R"(,"expires_in":18446744073709551615)", usual_lifetime.count()},
      {R"(,"expires_in":[1])", usual_lifetime.count()},
      {R"(,"expires_in":"soon")", usual_lifetime.count()},
  };
  for (const auto& row : rows) {
    CAPTURE(row.expires);
    const auto token =
        judge(200, std::string(R"({"access_token":"abc.def","token_type":"Bearer")") + row.expires + "}");
    REQUIRE(token.has_value());
    CHECK(token->value == "abc.def");
    CHECK(token->lifetime.count() == row.seconds);
    CHECK(token->lifetime_told == (token->lifetime != usual_lifetime || row.told_usual));
  }
}

TEST_CASE("access token: what is JSON is read as that, whatever its type says") {
  for (const char* type : {"text/html", "text/plain; charset=utf-8", "application/octet-stream", ""}) {
    CAPTURE(type);
    const auto token = judge(200, " {\"access_token\":\"abc.def\",\"token_type\":\"bearer\"}\n", type);
    REQUIRE(token.has_value());
    CHECK(token->value == "abc.def");
    CHECK(judge(200, "\xef\xbb\xbf{\"access_token\":\"abc\"}", type).has_value());
  }
}

TEST_CASE("access token: whatever else comes is a failure with its reason, and repeats no secret") {
  const std::string echo = R"({"error":"invalid_client","error_description":"s3cr3t/+= is wrong"})";
  const std::string huge(most_token_bytes + 1, 'a');
  const struct {
    int status;
    std::string body;
    const char* type;
    errc code;
    const char* part;
  } rows[] = {
      {400, echo, "application/json", errc::session_expired, "invalid_client"},
      {401, echo, "application/json", errc::session_expired, "client_id"},
      {400, R"({"error":"invalid_scope"})", "application/json", errc::session_expired, "scope"},
      {400, R"({"error":"unauthorized_client"})", "application/json", errc::session_expired,
       "client_credentials"},
      {400, R"({"error":"<script>s3cr3t"})", "application/json", errc::session_expired, "(400)"},
      {400, R"({"error":"a_secret_of_letters"})", "application/json", errc::session_expired, "(400)"},
      {401, "<html>no</html>", "text/html", errc::session_expired, "(401)"},
      {403, "", "text/plain", errc::session_expired, "(403)"},
      {403, "<html><title>s3cr3t/+=</title>Request blocked.</html>", "text/html", errc::http_status, "403"},
      {404, "<html>", "text/html", errc::unexpected_content, "404"},
      {302, "", "text/html", errc::unexpected_content, "redirect"},
      {500, "<html>", "text/html", errc::http_status, "500"},
      {503, "{}", "application/json", errc::http_status, "503"},
      {429, "{}", "application/json", errc::rate_limited, "429"},
      {200, "<html><body>Welcome</body></html>", "text/html", errc::unexpected_content, "HTML page"},
      {200, "{\"access_token\":", "application/json", errc::unexpected_content, "something else"},
      {200, "[]", "application/json", errc::unexpected_content, "something else"},
      {200, "{}", "application/json", errc::unexpected_content, "without one"},
      {200, R"({"access_token":null})", "application/json", errc::unexpected_content, "without one"},
      {200, R"({"access_token":"a b"})", "application/json", errc::unexpected_content, "header field"},
      {200, R"({"access_token":"a\r\nX: y"})", "application/json", errc::unexpected_content, "header field"},
      {200, R"({"access_token":")" + huge + "\"}", "application/json", errc::unexpected_content,
       "header field"},
      {200, R"({"access_token":"abc","token_type":"mac"})", "application/json", errc::unexpected_content,
       "another type"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body.substr(0, 60));
    const auto token = judge(row.status, row.body, row.type);
    REQUIRE_FALSE(token.has_value());
    CHECK(token.error().code == row.code);
    CHECK_MESSAGE(token.error().message.find(row.part) != std::string::npos, token.error().message);
    CHECK(token.error().message.find("s3cr3t") == std::string::npos);
  }
}

}  // namespace pofetch::sources
