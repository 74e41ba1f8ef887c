#include "core/html_marks.hpp"

#include <doctest/doctest.h>

#include <string>

using pofetch::core::is_sign_in_or_error;

namespace {
std::string cells(int count) {
  std::string row;
  for (int i = 0; i < count; ++i) row += "<td>" + std::to_string(i) + "</td>";
  return "<tr>" + row + "</tr>";
}
}  // namespace

TEST_CASE("html_marks: sign-in and error pages") {
  const std::string words(1000, 'w');
  const std::string pages[] = {
      // Passwords
      "<form><input type=password></form>",
      "<form><INPUT NAME=\"p\" TYPE = 'Password'></form>",
      "<table><tr><td>1</td></tr></table>" + words + "<input id=x type=\"password\">",
      // Forms and scripts that lead to a sign-in
      "<form action=\"/users/login\"><input name=user></form>",
      "<form method=post action=https://idp.example/saml2/sso>" + words + "</form>",
      "<form action='/x'><input type=hidden name=SAMLRequest "
      "value=x></form><script>document.forms[0].submit()</script>",
      "<html><head><meta http-equiv=\"refresh\" content=\"0; "
      "url=/start\"></head><body>Redirecting</body></html>",
      "<script>window.location.href='/start';</script>",
      "<script>top.location='https://idp.example/login?x=1'</script>" + words,
      // Titles and headings
      "<html><head><title>Sign In</title></head><body>" + words,
      "<title>Acme - Login</title>" + words,
      "<TITLE>Error</TITLE>" + words,
      "<html><h1>404 Not Found</h1>" + words,
      "<html><h1 class=x>503 <b>Service</b> Unavailable</h1>" + words,
      "<h2>Your session has expired</h2>" + words,
      "<title>HTTP Status 403 \xE2\x80\x93 Forbidden</title>" + words,
      "<title>Erro</title>" + words,
      "<title>502 Bad Gateway</title><center>nginx</center>",
      "<title>Sign in to your account</title>" + words,
      "<title>Runtime Error</title><table><tr><td>at x</td></tr></table>" + words,
      "<h1>Server Error in '/ERP' Application.</h1><table><tr><td>at x</td></tr></table>" + words,
      "<title>HTTP Status 404 &#8211; Not Found</title>" + words,
      "<title>Acme | Page\n not found</title>" + words,
      "<h1>Maintenance</h1>" + words,
      "<form action=/x><input type=hidden name=SAMLRequest value=x></form>" + words,
      // Hardly any text but an excuse
      "<html><body>Service unavailable</body></html>",
      "<html><body><p>Access denied. Your request was blocked.</p></body></html>",
      "<p>Ocorreu um erro. Tente mais tarde.</p>",
      "<div>Please log in to go on</div>",
      "<html><body>An error occurred<!-- 9f3 --></body></html>",
  };
  for (const std::string& page : pages) {
    CAPTURE(page);
    CHECK(is_sign_in_or_error(page));
  }
}

TEST_CASE("html_marks: tables and documents written as HTML") {
  const std::string pages[] = {
      "",
      "<table><tr><td>1</td></tr></table>",
      "<html><body><table><tr><th>PO</th></tr><tr><td>4500001</td></tr></table></body></html>",
      "<table><tr><td>Maintenance</td><td>not found</td></tr></table>",
      // Titles with such a word, of something
      "<title>Error log</title><table><tr><td>1</td></tr></table>",
      "<title>Login report</title><table><tr><td>1</td></tr></table>",
      "<h1>Maintenance contract 2026</h1><p>Dear customer</p>",
      "<h2>Items\nnot found in stock</h2><table><tr><td>1</td></tr></table>",
      "<h1>Visitors - sign-in sheet</h1><table><tr><td>1</td></tr></table>",
      "<h2>Items <b>not found</b></h2><table><tr><td>1</td></tr></table>",
      "<title>Relat\u00F3rio de erro</title><table><tr><td>1</td></tr></table>",
      "<h1>Maintenance</h1><table><tr><td>1</td></tr></table>",
      // ... and with no other word, above much data
      "<title>Error</title><table>" + cells(50) + "</table>",
      "<h1>Login</h1><table>" + cells(50) + "</table>",
      "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><title>Errors</title><script>"
      "window.location.replace('a')</script></head><body></body></html>",
      "<html><head><style>.error { color: red } </style><title>Price "
      "list</title></head><body>1</body></html>",
      "<html><head><title>Terrorism cover</title></head><body>A policy</body></html>",
      "<html><body><h1>Offer 17</h1><p>Dear customer</p></body></html>",
      "<html><body><p>" + std::string(1000, 'x') + " the item was not found in stock</p></body></html>",
      "<form><input type=text name=password_hint></form><td>form of a supplier</td>" + std::string(100, 'x'),
      "<script>var total = 1;</script><table><tr><td>1</td></tr></table>",
      "<html><head><!-- <title>Login</title> --></head><body>ok</body></html>",
  };
  for (const std::string& page : pages) {
    CAPTURE(page);
    CHECK_FALSE(is_sign_in_or_error(page));
  }
}

TEST_CASE("html_marks: hostile pages, still quick") {
  std::string open;
  for (int i = 0; i < 20'000; ++i) open += "<input type=<script><!--";
  CHECK_NOTHROW((void)is_sign_in_or_error(open));
  CHECK_NOTHROW((void)is_sign_in_or_error(std::string(1U << 20U, '<')));
  std::string titles = "<h1>";
  for (int i = 0; i < 10'000; ++i) titles += "error ";
  CHECK_FALSE(is_sign_in_or_error(titles + "log"));
  std::string types = "<input ";
  for (int i = 0; i < 10'000; ++i) types += "type ";
  CHECK_FALSE(is_sign_in_or_error(types));
}
