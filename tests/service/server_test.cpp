// What the server takes and refuses, byte by byte.
#include "service/bad_messages.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::test;

namespace {

const words small_site = {"--pos", "3", "--attachments", "1", "--size", "1k-2k"};

}  // namespace

TEST_CASE("messages that others may read in another way: refused, and the connection closed") {
  const coupa site(small_site);
  running_service service(site);
  for (const bad_message& each : bad_messages("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
    CAPTURE(each.name);
    talk line(service.where());
    line.send(each.bytes);
    const std::string all = line.rest();
    CHECK_MESSAGE(all.starts_with("HTTP/1.1 " + std::to_string(each.status)), all);
    CHECK_MESSAGE(count(all, "HTTP/1.1 ") == 1, all);
    CHECK(line.is_closed());
    CHECK(has(all, "Content-Type: application/problem+json"));
  }
  CHECK(service.get("/v1/batches").body == "{\"items\":[],\"next_cursor\":null}");
  CHECK(service.stop() == 0);
}

TEST_CASE("several requests on one connection, and in one piece, are answered in order") {
  const coupa site(small_site);
  const running_service service(site);
  talk line(service.where());
  line.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /none HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(line.next().status == 200);
  CHECK(line.next().status == 404);
  line.send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const answer head = line.next(true);
  CHECK(head.status == 200);
  CHECK(head.field("content-length") == "15");
  line.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(line.next().field("connection") == "close");
  CHECK(line.rest().empty());
  CHECK(line.is_closed());
}

TEST_CASE("every answer has an id of its own and the fixed fields") {
  const coupa site(small_site);
  const running_service service(site);
  std::string last;
  for (const char* target : {"/healthz", "/v1/version", "/none", "/v1/batches/none", "/%zz"}) {
    CAPTURE(target);
    const answer got = service.get(target);
    CHECK(got.field("cache-control") == "no-store");
    CHECK(got.field("x-content-type-options") == "nosniff");
    CHECK(got.field("referrer-policy") == "no-referrer");
    CHECK_FALSE(got.field("request-id").empty());
    CHECK(got.field("request-id") != last);
    last = got.field("request-id");
    if (got.status >= 400) CHECK(member(got.body, "instance") == last);
  }
}

TEST_CASE("bodies: chunked, awaited by 100-continue, and refused before they are sent") {
  const coupa site(small_site);
  const running_service service(site);
  const std::string post = "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\n";
  {
    talk line(service.where());
    line.send(post + "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n");
    line.send("a\r\npo_number\n\r\n8;x=y\r\n7000001\n\r\n0\r\n\r\n");
    CHECK(line.next().status == 201);
  }
  {
    talk line(service.where());
    line.send(post + "Content-Type: text/csv\r\nContent-Length: 18\r\nExpect: 100-continue\r\n\r\n");
    CHECK(line.next().status == 100);
    line.send("po_number\n7000001\n");
    line.send("\n");
    CHECK(line.next().status == 201);
  }
  {
    talk line(service.where());
    line.send(post + "Content-Type: image/png\r\nContent-Length: 18\r\nExpect: 100-continue\r\n\r\n");
    CHECK(line.next().status == 415);
    CHECK(line.rest().empty());
  }
  {
    talk line(service.where());
    line.send(post +
              "Content-Type: application/json\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n");
    CHECK(line.next().status == 413);
  }
}

TEST_CASE("bounds: heads, fields, JSON and lists") {
  const coupa site(small_site);
  const running_service service(site, {"--max-list", "1k"});
  CHECK(service.get("/healthz", {{"X", std::string(17'000, 'a')}}).status == 431);
  field_list many(70, {"A", "b"});
  CHECK(service.get("/healthz", many).status == 431);
  CHECK(service.get("/healthz", {{"X", std::string(15'000, 'a')}}).status == 200);
  const std::string large = "{\"list\":{\"purchase_orders\":[\"" + std::string(1 << 20, '7') + "\"]}}";
  CHECK(service.post("/v1/batches", large).status == 413);
  const std::string list = "po_number\n" + std::string(1100, '\n');
  CHECK(service.ask("POST", "/v1/batches", list, {{"Content-Type", "text/csv"}}).status == 413);
  talk line(service.where());
  line.send(
      "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nTransfer-Encoding: "
      "chunked\r\n\r\n"
      "800\r\n" +
      std::string(0x800, '\n') + "\r\n0\r\n\r\n");
  CHECK(line.next().status == 413);
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  CHECK(service.post("/v1/batches", deep).status == 400);
  CHECK(std::filesystem::is_empty(service.home() / "data/incoming"));
  CHECK(service.get("/healthz").status == 200);
}

TEST_CASE("methods: HEAD where GET is, OPTIONS everywhere, else 405 with Allow") {
  const coupa site(small_site);
  const running_service service(site);
  CHECK(service.ask("HEAD", "/v1/version").status == 200);
  const answer options = service.ask("OPTIONS", "/v1/batches");
  CHECK(options.status == 204);
  CHECK(options.field("allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(options.field("access-control-allow-origin").empty());
  CHECK(service.ask("OPTIONS", "*").status == 204);
  CHECK(service.ask("OPTIONS", "/none").status == 404);
  const answer wrong = service.ask("PUT", "/v1/batches");
  CHECK(wrong.status == 405);
  CHECK(wrong.field("allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(member(wrong.body, "type") == "urn:pofetch:problem:method-not-allowed");
  const std::string description = service.get("/openapi.json").body;
  CHECK(member(description, "openapi") == "3.1.0");
  CHECK(has(description, "/v1/batches/{id}/purchase-orders/{po}"));
}

TEST_CASE("hosts: only names that nobody can bind to another address") {
  const coupa site(small_site);
  const running_service service(site, {"--public-url", "https://po.example.com"});
  struct row {
    const char* host;
    int status;
  };
  for (const row& each : std::vector<row>{{"127.0.0.1", 200},
                                          {"127.0.0.1:99", 200},
                                          {"[::1]", 200},
                                          {"LOCALHOST:1", 200},
                                          {"a.localhost", 200},
                                          {"po.example.com", 200},
                                          {"evil.com", 421},
                                          {"localhost.evil.com", 421},
                                          {"127.0.0.1.nip.io", 421},
                                          {"", 400},
                                          {"user@localhost", 400},
                                          {"localhost, evil.com", 400}}) {
    CAPTURE(each.host);
    for (const char* target : {"/v1/version", "/healthz"}) {
      talk line(service.where());
      line.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: " + each.host + "\r\n\r\n");
      CHECK(line.next().status == each.status);
    }
  }
}

TEST_CASE("cross-site: pages of others reach nothing of the API") {
  const coupa site(small_site);
  const running_service service(site, {"--public-url", "https://po.example.com"});
  CHECK(service.get("/v1/version", {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  CHECK(service.get("/v1/version", {{"Sec-Fetch-Site", "same-site"}}).status == 403);
  CHECK(service.get("/v1/version", {{"Sec-Fetch-Site", "none"}}).status == 403);
  CHECK(service.get("/v1/version", {{"Sec-Fetch-Site", "same-origin"}}).status == 200);
  CHECK(service.get("/v1/version", {{"Origin", "https://evil.com"}}).status == 403);
  CHECK(service.get("/v1/version", {{"Origin", "null"}}).status == 403);
  CHECK(service.get("/v1/version", {{"Origin", "https://po.example.com"}}).status == 200);
  CHECK(service.get("/v1/version").status == 200);
  CHECK(service
            .post("/v1/batches", "{\"list\":{\"purchase_orders\":[\"1\"]}}", {{"Origin", "https://evil.com"}})
            .status == 403);
  // Types that a page may send without asking first.
  for (const char* type : {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    CHECK(service.ask("POST", "/v1/batches", "a=b", {{"Content-Type", type}}).status == 415);
}

TEST_CASE("unix socket: its mode, its place, and one at a time") {
  const coupa site(small_site);
  running_service service(site, {"--listen", "unix:api.sock", "--socket-mode", "0600"});
  const std::string path = (service.home() / "api.sock").string();
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  {
    talk line("unix:" + path);
    line.send("GET /v1/version HTTP/1.1\r\nHost: whatever.example\r\n\r\n");
    CHECK(line.next().status == 200);
  }
  const ended second = service.home().run({"serve", "--data", "other", "--listen", "unix:api.sock"});
  CHECK(second.status == 2);
  service.kill();
  CHECK(std::filesystem::exists(path));
  service.start();  // in the place of the one that nobody listens on
  CHECK(service.stop() == 0);
  CHECK_FALSE(std::filesystem::exists(path));
  service.home().write("api.sock", "a file of somebody's");
  CHECK(service.home().run({"serve", "--data", "other", "--listen", "unix:api.sock"}).status == 2);
  CHECK(read_file(path) == "a file of somebody's");
}

TEST_CASE("it does not start with what cannot be used, and says why") {
  const program pofetch;
  pofetch.write("tokens", "erp read sha256:" + std::string(64, 'a') + "\n");
  pofetch.write("bad-tokens", "erp all\n");
  pofetch.write("bad.toml", "[profile.main]\nproxy-user = 'x'\n");
  pofetch.write("bare.toml", "[profile.main]\nsource = 'api'\n");
  REQUIRE(::chmod((pofetch / "tokens").c_str(), 0600) == 0);
  std::filesystem::create_directories(pofetch / "damaged");
  pofetch.write("damaged/service.db", std::string(4096, 'x'));
  struct row {
    words line;
    int status;
    const char* said;
  };
  const std::vector<row> rows = {
      {{}, 2, "--data"},
      {{"--data", "d", "--listen", "nonsense"}, 2, "--listen nonsense"},
      {{"--data", "d", "--listen", "0.0.0.0:0"}, 2, "--tokens"},
      {{"--data", "d", "--listen", "0.0.0.0:0", "--tokens", "tokens"}, 2, "--plain-http"},
      {{"--data", "d", "--tokens", "none"}, 2, "--tokens"},
      {{"--data", "d", "--tokens", "bad-tokens"}, 2, "line 1"},
      {{"--data", "d", "--public-url", "po.example.com"}, 2, "--public-url"},
      {{"--data", "d", "--socket-mode", "rw"}, 2, "--socket-mode"},
      {{"--data", "d", "--max-running", "0"}, 2, "--max-running"},
      {{"--data", "d", "--config", "bad.toml"}, 2, "proxy-user"},
      {{"--data", "d", "--config", "bare.toml"}, 2, "base-url"},
      {{"--data", "damaged", "--listen", "127.0.0.1:0"}, 4, "service.db"},
      {{"--new-token", "a"}, 2, "--scope"},
      {{"--new-token", "a", "--scope", "all"}, 2, "--scope"},
  };
  for (const row& each : rows) {
    const ended done = pofetch.run(with({"serve"}, each.line));
    CHECK_MESSAGE(done.status == each.status, done.err);
    CHECK_MESSAGE(has(done.err, each.said), done.err);
  }
  CHECK(read_file(pofetch / "damaged/service.db") == std::string(4096, 'x'));
}

TEST_CASE("one service a folder") {
  const coupa site(small_site);
  const running_service service(site);
  const ended second = service.home().run({"serve", "--data", "data", "--listen", "127.0.0.1:0"});
  CHECK(second.status == 4);
  CHECK_MESSAGE(has(second.err, "another service works in"), second.err);
}
