#include "http/request_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

std::string text_of(const request_head& head, std::string_view body = {}) {
  std::string out = "left over";
  write_head(out, head);
  finish_head(out, head.method, body);
  return out;
}

request_head sample_head() {
  request_head head;
  head.method = "GET";
  head.target = "/a?b";
  head.host = "acme.com";
  head.user_agent = "pofetch/1";
  head.accept_encoding = "identity";
  return head;
}

TEST_CASE("request text: the head as it goes on the wire") {
  CHECK(text_of(sample_head()) ==
        "GET /a?b HTTP/1.1\r\nHost: acme.com\r\nUser-Agent: pofetch/1\r\nAccept: */*\r\n"
        "Accept-Encoding: identity\r\n\r\n");
}

TEST_CASE("request text: the request's own fields replace the usual ones and keep their order") {
  const std::vector<http_field> fields{
      {"Range", "bytes=5-"}, {"accept", "text/html"}, {"accept-encoding", "gzip"}};
  auto head = sample_head();
  head.fields = fields;
  CHECK(text_of(head) ==
        "GET /a?b HTTP/1.1\r\nHost: acme.com\r\nUser-Agent: pofetch/1\r\nRange: bytes=5-\r\n"
        "accept: text/html\r\naccept-encoding: gzip\r\n\r\n");
}

TEST_CASE("request text: Authorization stays behind when the request leaves its origin") {
  const std::vector<http_field> fields{{"Authorization", "Bearer SECRET"}};
  auto head = sample_head();
  head.fields = fields;
  CHECK(text_of(head).find("SECRET") != std::string::npos);
  head.elsewhere = true;
  CHECK(text_of(head).find("SECRET") == std::string::npos);
}

TEST_CASE("request text: a body is announced") {
  auto head = sample_head();
  head.method = "POST";
  CHECK(text_of(head, "a=b").ends_with("Content-Length: 3\r\n\r\na=b"));
  CHECK(text_of(head).ends_with("Content-Length: 0\r\n\r\n"));
}

TEST_CASE("request text: fields that cannot be sent are refused without showing their value") {
  struct row {
    http_field field;
    bool usable;
  };
  const std::vector<row> rows{
      {{"X-Name", "value with spaces, \"quotes\" and \xc3\xa9"}, true},
      {{"X-Tab", "a\tb"}, true},
      {{"X-Empty", ""}, true},
      {{"", "x"}, false},
      {{"X Name", "x"}, false},
      {{"X-Name:", "x"}, false},
      {{"X\r\nY", "x"}, false},
      {{"X-Name", "SECRET\r\nInjected: 1"}, false},
      {{"X-Name", "SECRET\n"}, false},
      {{"X-Name", std::string("SECRET\0", 7)}, false},
      {{"X-Name", "SECRET\x7f"}, false},
      {{"Host", "evil.com"}, false},
      {{"content-length", "3"}, false},
      {{"Transfer-Encoding", "chunked"}, false},
      {{"Connection", "close"}, false},
      {{"Cookie", "a=SECRET"}, false},
  };
  for (const row& r : rows) {
    CAPTURE(r.field.name);
    const std::vector<http_field> fields{r.field};
    const auto checked = check_fields(fields);
    CHECK(checked.has_value() == r.usable);
    if (checked) continue;
    CHECK(checked.error().code == errc::config);
    CHECK(checked.error().message.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("request text: methods") {
  for (const std::string_view good : {"GET", "HEAD", "POST", "PROPFIND"}) CHECK(check_method(good));
  for (const std::string_view bad : {"", "GE T", "GET\r\n", "CONNECT"}) CHECK_FALSE(check_method(bad));
}

}  // namespace
}  // namespace pofetch::http
