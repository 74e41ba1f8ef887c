#include "sources/sign_in.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {

TEST_CASE("is_sign_in_address: by path and host, never by the query") {
  const struct {
    const char* url;
    bool is;
  } rows[] = {
      {"https://acme.coupahost.com/sessions/new", true},
      {"https://acme.coupahost.com/sessions/new?return_to=/order_headers/123", true},
      {"https://acme.coupahost.com/sessions/login", true},
      {"https://acme.coupahost.com/login", true},
      {"https://acme.coupahost.com/Login.aspx", true},
      {"https://acme.coupahost.com/user/session_expired", true},
      {"https://acme.coupahost.com/auth/saml", true},
      {"https://acme.coupahost.com/sso/init", true},
      {"https://acme.coupahost.com/oauth2/authorize", true},
      {"https://acme.coupahost.com/openid/start", true},
      {"https://acme.coupahost.com/authorization", true},
      {"https://acme.coupahost.com/as/authorization.oauth2", true},
      {"https://idp.example/as/authorization.oauth2", true},
      {"https://idp.example/idp/SSO.saml2", true},
      {"https://sso.example/start", true},
      {"https://acme-sso.example/start", true},
      {"https://login.example/common/saml2", true},
      {"https://openid-provider.example/", true},
      {"https://acme.coupahost.com/order_headers/123", false},
      {"https://acme.coupahost.com/order_headers/123?next=/sessions/new", false},
      {"https://acme.coupahost.com/", false},
      {"https://acme.coupahost.com/sessions", false},
      {"https://acme.coupahost.com/logins_report", false},
      {"https://acme.coupahost.com/authors/1", false},
      {"https://acme.coupahost.com/lessons/processor", false},
      {"https://acme.coupahost.com/attachment/attachment_file/type/1/login", false},
      {"https://acme.coupahost.com/attachment/attachment_file/type/1/sso%20plan", false},
      {"https://acme.coupahost.com/files/login.pdf", false},
      {"https://bucket.s3.amazonaws.com/a/b/sso.pdf?X-Amz-Signature=1", false},
      {"https://storage.example/lesson/processor", false},
      {"not a url", false},
      {"", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CHECK(is_sign_in_address(row.url, "https://acme.coupahost.com") == row.is);
  }
}

TEST_CASE("is_sign_in_address: the tenant's own name is no marker") {
  CHECK_FALSE(is_sign_in_address("https://sso-tools.coupahost.com/order_headers/1",
                                 "https://sso-tools.coupahost.com"));
  CHECK_FALSE(is_sign_in_address("https://login.example.com/order_headers/1", "https://login.example.com"));
}

TEST_CASE("has_sign_in_form: both fields") {
  CHECK(has_sign_in_form("<html><form><input id='user_email'><input id=user_password>"));
  CHECK_FALSE(has_sign_in_form("<html><form><input id='user_email'>"));
  CHECK_FALSE(has_sign_in_form(""));
  CHECK_FALSE(has_sign_in_form("%PDF-1.7 user_email user_password"));
}

TEST_CASE("head_asks_to_sign_in: status, address, redirect") {
  const std::string base = "https://acme.coupahost.com";
  http_response head;
  head.url = base + "/attachments/1/download";
  head.status = 200;
  CHECK_FALSE(head_asks_to_sign_in(head, base));
  head.status = 403;
  CHECK_FALSE(head_asks_to_sign_in(head, base));
  head.status = 401;
  CHECK(head_asks_to_sign_in(head, base));
  head.status = 302;
  CHECK_FALSE(head_asks_to_sign_in(head, base));
  head.fields = {{"location", "/sessions/new"}};
  CHECK(head_asks_to_sign_in(head, base));
  head.fields = {{"Location", "https://bucket.s3.amazonaws.com/x"}};
  CHECK_FALSE(head_asks_to_sign_in(head, base));
  head.fields.clear();
  head.status = 200;
  head.url = base + "/sessions/new?x=/attachments/1/download";
  CHECK(head_asks_to_sign_in(head, base));
}

}  // namespace pofetch::sources
