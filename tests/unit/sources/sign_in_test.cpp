#include "sources/coupa/sign_in.hpp"

#include <doctest/doctest.h>

namespace pofetch::sources {

TEST_CASE("is_sign_in_address: the words of path and host, never of the query") {
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
      {"https://idp.example/saml", true},
      {"https://idp.example/adfs/ls/", true},
      {"https://acme.okta.com/app/x", true},
      {"https://accounts.example/v3/signin/identifier", true},
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
      {"https://storage.example/x/Authorization%20letter.dwg?X-Amz-Signature=1", false},
      {"https://storage.example/auth/plan.p7m", false},
      {"https://storage.example/sso/photo.heic", false},
      {"not a url", false},
      {"", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CHECK(is_sign_in_address(row.url, "https://acme.coupahost.com") == row.is);
  }
}

TEST_CASE("is_own_sign_in_address: where the instance itself signs users in, and nothing else") {
  const struct {
    const char* url;
    bool is;
  } rows[] = {
      {"https://acme.coupahost.com/sessions/new?return_to=/attachments/1", true},
      {"http://acme.coupahost.com/sessions/new", true},
      {"https://acme.coupahost.com:8443/sessions/login", true},
      {"https://acme.coupahost.com/login", true},
      {"https://acme.coupahost.com/Login.aspx", true},
      {"https://acme.coupahost.com/users/sign_in", true},
      {"https://acme.coupahost.com/user/session_expired", true},
      {"https://acme.coupahost.com/session_expired", true},
      {"https://acme.coupahost.com/", false},
      {"https://acme.coupahost.com/files/auth/plan.dwg", false},
      {"https://acme.coupahost.com/files/authorization%20letter", false},
      {"https://acme.coupahost.com/sso/init", false},
      {"https://acme.coupahost.com/files/login", false},
      {"https://acme.coupahost.com/attachment/attachment_file/type/1/login", false},
      {"https://storage.example/login", false},
      {"https://login.example/sessions/new", false},
      {"not a url", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CHECK(is_own_sign_in_address(row.url, "https://acme.coupahost.com") == row.is);
  }
}

TEST_CASE("ends_a_page: a sign-in page or another origin, but not plain HTTP, which the transport refuses") {
  const struct {
    const char* url;
    bool ends;
  } rows[] = {
      {"https://acme.coupahost.com/order_headers/0123", false},
      {"https://acme.coupahost.com/sso/init", true},
      {"https://idp.example/anything", true},
      {"https://acme.coupahost.com:8443/order_headers/123", true},
      {"http://acme.coupahost.com/order_headers/123", false},
      {"http://acme.coupahost.com/sessions/new", true},
      {"http://login.example/", false},
      {"http://elsewhere.example/", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CHECK(ends_a_page(row.url, "https://acme.coupahost.com") == row.ends);
  }
  CHECK_FALSE(ends_a_page("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"));
  CHECK(ends_a_page("http://127.0.0.1:8081/x", "http://127.0.0.1:8080"));
}

TEST_CASE("asks_for_password: any field for one, or a request for signing in that is handed on") {
  CHECK(asks_for_password("<form><input name=Password type=PASSWORD>"));
  CHECK(asks_for_password("<form action=https://idp.example><input type=hidden name=SAMLRequest value=x>"));
  CHECK(asks_for_password("<form><input id='user_email'><input id=user_password>"));
  CHECK_FALSE(asks_for_password("<table><tr><td>password</td></tr></table>"));
  CHECK_FALSE(asks_for_password("<form><input type=text name=q>"));
  CHECK_FALSE(asks_for_password(""));
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
