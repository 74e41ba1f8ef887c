// Who may do what, and that no secret is given back.
#include "service/talk.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::test;

namespace {

const words few = {"--pos", "3", "--attachments", "1", "--size", "1k-2k"};

field_list bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

/// A service with a token of each kind.
struct guarded {
  coupa site{few};
  program maker;
  std::map<std::string, made_token> tokens;
  std::string file = (maker / "tokens").string();
  std::unique_ptr<running_service> service;

  guarded() {
    std::string text;
    for (const char* each : {"read", "submit", "metrics", "admin"}) {
      tokens[each] = make_token(maker, each, each);
      text += tokens[each].line + "\n";
    }
    maker.write("tokens", text);
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    service = std::make_unique<running_service>(site, words{"--tokens", file});
  }
};

}  // namespace

TEST_CASE("tokens: every route with every kind") {
  guarded here;
  const running_service& service = *here.service;
  struct row {
    const char* method;
    std::string target;
    std::string allowed;  ///< kinds
  };
  const std::string id(26, '0');
  const std::string batch = "/v1/batches/" + id;
  const std::string readers = "read submit admin";
  const std::vector<row> rows = {
      {"GET", "/metrics", "metrics"},
      {"GET", "/v1/hosts", readers},
      {"PATCH", "/v1/limits", "admin"},
      {"GET", "/v1/version", readers},
      {"GET", "/v1/profiles", readers},
      {"PUT", "/v1/profiles/main/session", "admin"},
      {"GET", "/v1/deliveries", readers},
      {"GET", "/v1/batches", readers},
      {"POST", "/v1/batches", "submit"},
      {"GET", batch, readers},
      {"PATCH", batch, "submit"},
      {"DELETE", batch + "?files=delete", "admin"},
      {"POST", batch + "/pause", "submit"},
      {"POST", batch + "/resume", "submit"},
      {"POST", batch + "/cancel", "submit"},
      {"POST", batch + "/verify", "submit"},
      {"POST", batch + "/retry", "submit"},
      {"GET", batch + "/purchase-orders", readers},
      {"GET", batch + "/purchase-orders/1", readers},
      {"GET", batch + "/errors", readers},
      {"GET", batch + "/report", readers},
      {"GET", batch + "/files", readers},
      {"GET", batch + "/files/a/b", readers},
      {"GET", batch + "/events", readers},
      {"HEAD", "/v1/events", readers},
  };
  // A route that is in the description must be in the table above: none is forgotten.
  const auto paths =
      boost::json::parse(service.get("/openapi.json").body).as_object().at("paths").as_object();
  std::size_t guarded_routes = 0;
  for (const auto& path : paths)
    if (path.key().starts_with("/v1/") || path.key() == "/metrics")
      guarded_routes += path.value().as_object().size();
  CHECK(guarded_routes == rows.size());
  for (const row& each : rows) {
    CAPTURE(each.method);
    CAPTURE(each.target);
    const answer none = service.ask(each.method, each.target);
    CHECK(none.status == 401);
    CHECK(none.field("www-authenticate") == "Bearer");
    CHECK(service.ask(each.method, each.target, {}, bearer("wrong")).status == 401);
    CHECK(service
              .ask(each.method,
                   each.target + (has(each.target, "?") ? "&" : "?") + "token=" + here.tokens["admin"].text)
              .status == 401);
    for (const auto& each_token : here.tokens) {
      const std::string& kind = each_token.first;
      const made_token& token = each_token.second;
      CAPTURE(kind);
      const int status = service.ask(each.method, each.target, {}, bearer(token.text)).status;
      if (has(each.allowed, kind)) {
        CHECK(status != 401);
        CHECK(status != 403);
      } else {
        CHECK(status == 403);
      }
    }
  }
  for (const char* open : {"/healthz", "/readyz", "/openapi.json"}) CHECK(service.get(open).status == 200);
}

TEST_CASE("tokens: read again at SIGHUP; a broken file changes nothing and is told") {
  guarded here;
  running_service& service = *here.service;
  const made_token fresh = make_token(here.maker, "fresh", "read");
  const auto status = [&](const made_token& token) {
    return service.get("/v1/version", bearer(token.text)).status;
  };
  CHECK(status(fresh) == 401);
  here.maker.write("tokens", "nonsense\n");
  service.running().send(SIGHUP);
  REQUIRE(service.running().wait_for("stay"));
  CHECK(status(here.tokens["read"]) == 200);
  here.maker.write("tokens", fresh.line + "\n");
  service.running().send(SIGHUP);
  bool taken = false;
  for (int i = 0; i < 200 && !taken; ++i) taken = status(fresh) == 200;
  CHECK(taken);
  CHECK(status(here.tokens["read"]) == 401);
  CHECK(service.stop() == 0);
}

TEST_CASE("tokens: 100 requests a second for each") {
  guarded here;
  talk line(here.service->where());
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += "GET /v1/version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
            here.tokens["read"].text + "\r\n\r\n";
  line.send(many);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const answer got = line.next();
    if (got.status != 429) continue;
    ++refused;
    CHECK(got.field("retry-after") == "1");
  }
  CHECK(refused > 0);
  CHECK(here.service->get("/v1/version", bearer(here.tokens["submit"].text)).status == 200);
}

TEST_CASE("secrets: in no answer, event, message or file that the service writes") {
  guarded here;
  running_service& service = *here.service;
  const std::string cookies = read_file(here.site.file("cookies.txt"));
  const std::string session = cookies.substr(cookies.rfind('\t') + 1);
  const std::string value = session.substr(0, session.find_first_of("\r\n"));
  REQUIRE(value.size() > 8);
  const field_list submit = bearer(here.tokens["submit"].text);
  field_list csv = submit;
  csv.emplace_back("Content-Type", "text/csv");
  const answer made =
      service.ask("POST", "/v1/batches", "po_number,link\n7000001,https://a/b?token=geheim-list\n", csv);
  REQUIRE(made.status == 201);
  const std::string batch = "/v1/batches/" + member(made.body, "id");
  std::string all = made.body;
  for (int i = 0; i < 50 && !has(all, "\"completed\""); ++i)
    all += service.get(batch + "?wait=2", submit).body;
  REQUIRE(has(all, "\"completed\""));
  for (const char* each : {"", "/purchase-orders", "/purchase-orders/7000001", "/errors", "/files", "/report",
                           "/report?format=json", "/events"})
    all += service.get(batch + each, submit).body;
  for (const char* each : {"/v1/profiles", "/v1/version", "/v1/batches", "/openapi.json", "/readyz"})
    all += service.get(each, submit).body;
  field_list put = bearer(here.tokens["admin"].text);
  put.emplace_back("Content-Type", "text/plain");
  all += service.ask("PUT", "/v1/profiles/main/session", "geheim-cookie nonsense", put).body;
  all += service.get("/v1/hosts", submit).body;
  all += service.get("/metrics", bearer(here.tokens["metrics"].text)).body;
  CHECK(service.stop() == 0);
  all += service.err() + service.running().out();
  all += read_file(service.home() / "data/service.db");
  all += read_file(service.home() / ("data/batches/" + member(made.body, "id") + "/job.json"));
  CHECK_FALSE(has(all, value));
  CHECK_FALSE(has(all, "geheim"));
  for (const auto& [kind, token] : here.tokens) CHECK_FALSE(has(all, token.text));
}
