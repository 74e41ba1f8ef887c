// The page: how it is sent, byte by byte, and to whom.
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

using namespace pofetch::test;

namespace {

const words page_site = {"--pos", "3", "--attachments", "1", "--size", "1k-2k"};

}  // namespace

TEST_CASE("page: sent as it was built, gzipped if that is wanted, with a policy, known by its mark") {
  const coupa site(page_site);
  const running_service service(site);
  const std::string index = service.get("/").body;
  CHECK(index.starts_with("<!DOCTYPE html>"));
  std::size_t gzipped = 0;
  for (const char* each :
       {"/", "/assets/index.html", "/assets/page.css", "/assets/icon.svg", "/assets/app.js",
        "/assets/actions.js", "/assets/api.js", "/assets/batch_view.js", "/assets/batches_view.js",
        "/assets/confirm.js", "/assets/dom.js", "/assets/errors.js", "/assets/events.js",
        "/assets/head_line.js", "/assets/orders.js", "/assets/stream.js", "/assets/submit_view.js",
        "/assets/words.js"}) {
    CAPTURE(each);
    const answer plain = service.get(each);
    const answer packed = service.get(each, {{"Accept-Encoding", "br, gzip"}});
    CHECK(plain.status == 200);
    CHECK(plain.field("content-encoding").empty());
    CHECK(packed.field("content-encoding") == "gzip");
    CHECK(packed.body.starts_with("\x1f\x8b"));
    CHECK(packed.field("content-type") == plain.field("content-type"));
    CHECK(packed.field("etag") != plain.field("etag"));
    CHECK(packed.field("vary") == "Accept-Encoding");
    CHECK(plain.field("x-content-type-options") == "nosniff");
    CHECK(plain.field("referrer-policy") == "no-referrer");
    CHECK(plain.field("content-security-policy") ==
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
    CHECK(service.get(each, {{"Accept-Encoding", "gzip;q=0"}}).field("content-encoding").empty());
    const answer same = service.get(each, {{"If-None-Match", plain.field("etag")}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    if (std::string_view(each) != "/") gzipped += packed.body.size();
  }
  CHECK(gzipped <= 60U << 10);
  CHECK(service.get("/assets/none.js").status == 404);
  CHECK(service.get("/assets/..%2fpage.css").status == 400);
  CHECK(service.ask("POST", "/").field("allow") == "GET, HEAD, OPTIONS");
  const answer head = service.ask("HEAD", "/");
  CHECK(head.status == 200);
  CHECK(head.field("content-length") == std::to_string(index.size()));
}

TEST_CASE("page: who may ask for it, by Host, Origin and Sec-Fetch-Site") {
  const coupa site(page_site);
  const running_service service(site, {"--public-url", "https://po.example.com"});
  struct row {
    const char* host;
    const char* more;
    int page;
    int api;
  };
  const std::vector<row> rows = {
      {"localhost", "", 200, 200},
      {"127.0.0.1:8080", "", 200, 200},
      {"[::1]", "", 200, 200},
      {"po.example.com", "", 200, 200},
      {"evil.example.com", "", 421, 421},
      {"", "", 400, 400},
      {"localhost", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n", 200, 403},
      {"localhost", "Sec-Fetch-Site: same-origin\r\n", 200, 200},
      {"localhost", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n", 200, 403},
      {"localhost", "Sec-Fetch-Site: same-site\r\n", 200, 403},
      {"localhost", "Origin: http://localhost\r\n", 200, 200},
      {"localhost", "Origin: http://evil.example.com\r\n", 200, 403},
      {"po.example.com", "Origin: https://po.example.com\r\n", 200, 200},
      {"po.example.com", "Origin: http://po.example.com\r\n", 200, 403},
      {"evil.example.com", "Origin: http://evil.example.com\r\n", 421, 421},
  };
  for (const row& each : rows) {
    CAPTURE(each.host);
    CAPTURE(each.more);
    const auto status = [&](const std::string& target) {
      talk line(service.where());
      line.send("GET " + target + " HTTP/1.1\r\nHost: " + each.host + "\r\n" + each.more + "\r\n");
      return line.next().status;
    };
    CHECK(status("/") == each.page);
    CHECK(status("/assets/app.js") == each.page);
    CHECK(status("/v1/version") == each.api);
  }
}

TEST_CASE("version: what the caller may do, and what the service does just now") {
  const coupa site(page_site);
  const program maker;
  std::string text;
  std::vector<std::pair<std::string, std::string>> tokens;
  for (const char* each : {"read", "submit", "admin"}) {
    tokens.emplace_back(each, "");
    const made_token made = make_token(maker, each, each);
    tokens.back().second = made.text;
    text += made.line + "\n";
  }
  maker.write("tokens", text);
  REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
  const running_service guarded(site, {"--tokens", (maker / "tokens").string()});
  const std::map<std::string, std::string> scopes = {
      {"read", "[\"read\"]"}, {"submit", "[\"read\",\"submit\"]"}, {"admin", "[\"read\",\"admin\"]"}};
  for (const auto& [name, token] : tokens) {
    const answer got = guarded.get("/v1/version", {{"Authorization", "Bearer " + token}});
    CHECK(member(got.body, "scopes") == scopes.at(name));
  }
  CHECK(guarded.get("/").status == 200);
  const running_service open(site);
  const std::string id = open.submit("po_number\n7000001\n");
  static_cast<void>(open.wait_for_state(id, {"completed"}));
  const std::string now = open.get("/v1/version").body;
  CHECK(member(now, "scopes") == "[\"read\",\"submit\",\"metrics\",\"admin\"]");
  CHECK(member(now, "batches.completed") == "1");
  CHECK(member(now, "batches.running") == "0");
  CHECK(member(now, "oldest_queued_at").empty());
  CHECK(member(now, "disk.min_free_bytes") == "1073741824");
  CHECK_FALSE(member(now, "disk.free_bytes").empty());
}
