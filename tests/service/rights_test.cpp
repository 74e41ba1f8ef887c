// Who may do what: every route that the service describes, with every kind of token. And secrets of every
// kind, planted, and looked for in all that the service says and writes.
#include "service/talk.hpp"
#include "support/origin.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const words small = {"--pos", "3", "--attachments", "1", "--size", "1k-2k"};
const std::vector<std::string> kinds = {"read", "submit", "metrics", "admin"};

/// Tokens by kind, and a service that knows them.
struct house {
  coupa site{small};
  program maker;
  std::map<std::string, std::string> tokens;
  std::unique_ptr<running_service> service;

  explicit house(const std::string& configuration = {}) {
    std::string lines;
    for (const std::string& kind : kinds) {
      const made_token made = make_token(maker, kind, kind);
      tokens[kind] = made.text;
      lines += made.line + "\n";
    }
    maker.write("tokens", lines);
    REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
    service = std::make_unique<running_service>(site, words{"--tokens", (maker / "tokens").string()},
                                                configuration);
  }

  [[nodiscard]] field_list as(const std::string& kind) const {
    return {{"Authorization", "Bearer " + tokens.at(kind)}};
  }
};

/// The contract: which kinds of token a route takes. Names of path parameters are left out.
const std::map<std::string, std::string>& rights() {
  static const std::string readers = "read submit admin";
  static const std::map<std::string, std::string> all = {
      {"get /v1/version", readers},
      {"get /v1/profiles", readers},
      {"put /v1/profiles/{}/session", "admin"},
      {"get /v1/hosts", readers},
      {"patch /v1/limits", "admin"},
      {"get /v1/deliveries", readers},
      {"get /v1/events", readers},
      {"get /v1/batches", readers},
      {"post /v1/batches", "submit"},
      {"get /v1/batches/{}", readers},
      {"patch /v1/batches/{}", "submit"},
      {"delete /v1/batches/{}", "admin"},
      {"post /v1/batches/{}/pause", "submit"},
      {"post /v1/batches/{}/resume", "submit"},
      {"post /v1/batches/{}/cancel", "submit"},
      {"post /v1/batches/{}/verify", "submit"},
      {"post /v1/batches/{}/retry", "submit"},
      {"get /v1/batches/{}/purchase-orders", readers},
      {"get /v1/batches/{}/purchase-orders/{}", readers},
      {"get /v1/batches/{}/errors", readers},
      {"get /v1/batches/{}/report", readers},
      {"get /v1/batches/{}/files", readers},
      {"get /v1/batches/{}/files/{}", readers},
      {"get /v1/batches/{}/events", readers},
      {"get /metrics", "metrics"},
  };
  return all;
}

/// `/v1/batches/{id}` with this in place of each name.
std::string filled(std::string pattern, const std::string& by) {
  for (std::size_t at = pattern.find('{'); at != std::string::npos; at = pattern.find('{', at + by.size()))
    pattern.replace(at, pattern.find('}', at) + 1 - at, by);
  return pattern;
}

struct described {
  std::string method;
  std::string pattern;  ///< with {} for each name
};

/// What openapi.json has.
std::vector<described> routes_of(const running_service& service) {
  std::vector<described> all;
  const json::value whole = json::parse(service.get("/openapi.json").body);
  for (const auto& path : whole.as_object().at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      const std::string method(operation.key());
      if (method == "parameters") continue;
      all.push_back({method, filled(std::string(path.key()), "{}")});
    }
  return all;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Files below a folder in which the text stands. The lists that people have sent are theirs.
std::vector<std::string> files_with(const fs::path& folder, const std::string& text) {
  std::vector<std::string> found;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    if (each.is_regular_file() && each.path().stem() != "list" && has(read_file(each.path()), text))
      found.push_back(each.path().string());
  return found;
}

}  // namespace

TEST_CASE("rights: every described route with no, a wrong, and every kind of token") {
  const house here;
  const running_service& service = *here.service;
  std::size_t guarded = 0;
  for (const described& route : routes_of(service)) {
    CAPTURE(route.method);
    CAPTURE(route.pattern);
    const bool stream = route.pattern.ends_with("/events");
    const std::string method = stream ? "HEAD" : upper(route.method);
    const std::string target = filled(route.pattern, std::string(26, '0'));
    const auto rule = rights().find(route.method + " " + route.pattern);
    const auto status = [&](const field_list& fields, const std::string& query = {}) {
      return service.ask(method, target + query, {}, fields).status;
    };
    if (rule == rights().end()) {
      // What needs no token stands outside /v1, and is only read.
      CHECK_FALSE(route.pattern.starts_with("/v1"));
      CHECK(route.method == "get");
      CHECK(status({}) == 200);
      continue;
    }
    ++guarded;
    const answer none = service.ask(method, target);
    CHECK(none.status == 401);
    CHECK(none.field("www-authenticate") == "Bearer");
    CHECK(status({{"Authorization", "Bearer wrong"}}) == 401);
    CHECK(status({{"Authorization", "Basic " + here.tokens.at("admin")}}) == 401);
    CHECK(status({{"Cookie", "token=" + here.tokens.at("admin")}}) == 401);
    CHECK(status({}, "?token=" + here.tokens.at("admin")) == 401);
    for (const std::string& kind : kinds) {
      CAPTURE(kind);
      const int got = status(here.as(kind));
      if (has(rule->second, kind)) {
        CHECK(got != 401);
        CHECK(got != 403);
      } else {
        CHECK(got == 403);
      }
    }
  }
  CHECK(guarded >= 21);
}

TEST_CASE("tokens: read again at SIGHUP; a broken file changes nothing and is told") {
  house here;
  running_service& service = *here.service;
  const made_token fresh = make_token(here.maker, "fresh", "read");
  const auto status = [&](const std::string& token) {
    return service.get("/v1/version", {{"Authorization", "Bearer " + token}}).status;
  };
  CHECK(status(fresh.text) == 401);
  here.maker.write("tokens", "nonsense\n");
  service.running().send(SIGHUP);
  REQUIRE(service.running().wait_for("stay"));
  CHECK(status(here.tokens["read"]) == 200);
  here.maker.write("tokens", fresh.line + "\n");
  service.running().send(SIGHUP);
  bool taken = false;
  for (int i = 0; i < 200 && !taken; ++i) taken = status(fresh.text) == 200;
  CHECK(taken);
  CHECK(status(here.tokens["read"]) == 401);
  CHECK(service.stop() == 0);
}

TEST_CASE("tokens: 100 requests a second for each") {
  house here;
  talk line(here.service->where());
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += "GET /v1/version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + here.tokens["read"] +
            "\r\n\r\n";
  line.send(many);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const answer got = line.next();
    if (got.status != 429) continue;
    ++refused;
    CHECK(got.field("retry-after") == "1");
  }
  CHECK(refused > 0);
  CHECK(here.service->get("/v1/version", here.as("submit")).status == 200);
}

TEST_CASE("secrets: planted ones of every kind are in no answer, event, metric, message or file") {
  const std::string mark = "geheim";
  const origin archive([&](const origin_request&, origin_peer& peer) {
    peer.reply(200, "a file", {{"Content-Type", "text/plain"}});
  });
  const program keeper;
  keeper.write("secret", mark + "-client-secret\n");
  keeper.write("hook", mark + "-of-the-hook\n");
  for (const char* each : {"secret", "hook"}) REQUIRE(::chmod((keeper / each).c_str(), 0600) == 0);
  const std::string nowhere = "https://127.0.0.1:1";
  house here("[profile.api]\nbase-url = \"" + nowhere +
             "\"\nsource = \"api\"\nclient-id = \"id\"\nclient-secret-file = \"" +
             (keeper / "secret").string() + "\"\nheader = [\"X-Key: " + mark + "-header\"]\n" +
             "[profile.archive]\nsource = \"manifest\"\nmanifest-hosts = [\"localhost\"]\nallow-host = "
             "[\"localhost\"]\n"
             "cacert = \"" +
             archive.ca_file().string() + "\"\n[webhook.erp]\nurl = \"" + archive.base_url() +
             "/hook?key=" + mark + "-address\"\nsecret-file = \"" + (keeper / "hook").string() +
             "\"\nallow-host = [\"localhost\"]\ncacert = \"" + archive.ca_file().string() + "\"\n");
  running_service& service = *here.service;
  field_list csv = here.as("submit");
  csv.emplace_back("Content-Type", "text/csv");
  const auto submit = [&](const std::string& query, const std::string& list) {
    const answer made = service.ask("POST", "/v1/batches" + query, list, csv);
    REQUIRE_MESSAGE(made.status == 201, made.body);
    return member(made.body, "id");
  };
  const std::string plain =
      submit("?profile=main", "po_number,link\n7000001,https://a/b?token=" + mark + "-list\n");
  const std::string lost = submit("?profile=api", "po_number\n7000001\n");
  const std::string signed_ones =
      submit("?profile=archive", "po_number,url,filename\n1," + archive.base_url() +
                                     "/a?X-Amz-Signature=" + mark + "-sig,a.txt\n");
  std::string all;
  const auto ask_for = [&](const std::string& target) {
    const answer got = service.get(target, here.as("admin"));
    all += got.body;
    for (const auto& [name, value] : got.fields) all += name + ": " + value + "\n";
    return got.body;
  };
  for (const std::string& id : {plain, signed_ones}) {
    std::string state;
    for (int i = 0; i < 60 && state != "completed"; ++i)
      state = member(ask_for("/v1/batches/" + id + "?wait=2"), "state");
    CHECK(state == "completed");
  }
  // One whose instance is not there waits; what it says of it counts, too.
  std::string blocked;
  for (int i = 0; i < 60 && blocked.empty(); ++i)
    blocked = member(ask_for("/v1/batches/" + lost + "?wait=2"), "reason.message");
  CHECK_FALSE(blocked.empty());
  for (const std::string& id : {plain, signed_ones}) {
    const std::string batch = "/v1/batches/" + id;
    for (const char* each :
         {"", "/purchase-orders", "/purchase-orders/1", "/purchase-orders/7000001", "/errors", "/files",
          "/report", "/report?format=json", "/report?format=jsonl", "/events"})
      ask_for(batch + each);
  }
  for (const char* each : {"/v1/profiles", "/v1/version", "/v1/batches", "/v1/hosts", "/v1/deliveries",
                           "/openapi.json", "/readyz", "/healthz", "/"})
    ask_for(each);
  all += service.get("/metrics", here.as("metrics")).body;
  for (int i = 0; i < 100 && !has(ask_for("/v1/deliveries?state=delivered"), "msg_"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  CHECK(archive.requests("/hook?key=" + mark + "-address") > 0);
  // What a client sends wrongly is not given back either.
  field_list put = here.as("admin");
  put.emplace_back("Content-Type", "text/plain");
  all += service.ask("PUT", "/v1/profiles/main/session", mark + "-cookie nonsense", put).body;
  all += service.ask("GET", "/v1/batches", {}, {{"Authorization", "Bearer " + mark + "-token"}}).body;
  CHECK(service.post("/v1/batches/" + lost + "/cancel", {}, here.as("submit")).status == 202);
  CHECK(service.stop() == 0);
  all += service.err() + service.running().out();
  CHECK(all.size() > 10'000);
  const std::string cookies = read_file(here.site.file("cookies.txt"));
  const std::string session = cookies.substr(cookies.rfind('\t') + 1);
  std::vector<std::string> secrets = {mark, session.substr(0, session.find_first_of("\r\n"))};
  for (const auto& each : here.tokens) secrets.push_back(each.second);
  const fs::path data = service.home() / "data";
  for (const std::string& secret : secrets) {
    const std::size_t at = all.find(secret);
    CHECK_MESSAGE(at == std::string::npos, all.substr(at > 200 ? at - 200 : 0, 400));
    for (const std::string& file : files_with(data, secret)) CHECK_MESSAGE(file.empty(), file);
  }
  // The list of a manifest is addresses that let everybody in.
  for (const auto& each : fs::directory_iterator(data / "batches" / signed_ones))
    CHECK(each.path().stem() != "list");
}
