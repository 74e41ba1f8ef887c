#include "core/listed_row.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace pofetch;
using core::listed_of;

namespace {

const std::string upper_digest(64, 'A');

po_row manifest_row(std::string url, std::string sha256 = {}) {
  po_row row;
  row.number = "P-1";
  row.line = 7;
  row.url = std::move(url);
  row.sha256 = std::move(sha256);
  return row;
}

}  // namespace

TEST_CASE("listed_of: the attachment as the row says") {
  po_row row = manifest_row("HTTPS://A.example:443/1?sig=one", " " + upper_digest + " ");
  row.filename = "b\xC3\xA9.pdf";
  row.size = 0;
  const auto made = listed_of(row);
  CHECK(made.problem.empty());
  CHECK(made.line == 7);
  CHECK(made.file.url == "https://a.example/1?sig=one");
  CHECK(made.file.key == "https://a.example/1");
  CHECK(made.file.name == "b\xC3\xA9.pdf");
  CHECK(made.file.size == 0U);
  CHECK(made.file.sha256 == std::string(64, 'a'));
  CHECK(made.file.authorization.empty());
  CHECK(made.file.user_named);
}

TEST_CASE("listed_of: name and password of an address are kept apart from it, for its host alone") {
  const auto made = listed_of(manifest_row("https://user:p%40ss@a.example/1"));
  CHECK(made.file.url == "https://a.example/1");
  CHECK(made.file.key == "https://a.example/1");
  CHECK(made.file.authorization == "Basic dXNlcjpwQHNz");
}

TEST_CASE("listed_of: a row that cannot be used says why, without its secrets") {
  struct row {
    std::string url;
    std::string sha256;
    std::string says;
  };
  const row rows[] = {
      {"", "", "PO P-1: line 7 of the manifest cannot be used: it has no address."},
      {"  ", "", "it has no address."},
      {"ftp://a.example/x", "", "'ftp://a.example/x' is no http or https address."},
      {"ftp://u:secret@a.example/x", "", "is no http or https address."},
      {"../x", "", "no http or https address"},
      {"file:///etc/passwd", "", "no http or https address"},
      {"https://a.example/1", "abc", "its sha256 is not 64 hexadecimal digits."},
      {"https://a%0db@a.example/3", "", "its user name or password has a character that cannot be sent."},
  };
  for (const row& each : rows) {
    CAPTURE(each.says);
    const auto made = listed_of(manifest_row(each.url, each.sha256));
    CAPTURE(made.problem);
    CHECK(made.problem.find(each.says) != std::string::npos);
    CHECK(made.problem.find("secret") == std::string::npos);
    CHECK(made.file.url.empty());
    CHECK(made.file.key == "\x01line 7");
  }
}
