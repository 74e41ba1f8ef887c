// pofetch login with drivers that do not what they should; a real browser is in browser_test.cpp.
#include "cli/login_fixture.hpp"

#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

/// A driver that answers as told: status and body for New Session, body for whatever is asked with GET.
std::string fake_driver(int status, const std::string& session, const std::string& other) {
  return R"(#!/usr/bin/python3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class driver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, status, body):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def do_GET(self):
        if self.path == "/status": self.answer(200, '{"value":{"ready":true,"message":""}}')
        else: self.answer(404, ')" +
         other + R"(')
    def do_POST(self):
        if self.path == "/session": self.answer()" +
         std::to_string(status) + ", '" + session + R"(')
        else: self.answer(200, '{"value":null}')
    do_DELETE = do_POST
    def log_message(self, *a): pass
HTTPServer(("127.0.0.1", int(sys.argv[1].split("=")[1])), driver).serve_forever()
)";
}

/// Its browser stays on a page of another host.
std::string waiting_driver() {
  std::string text = fake_driver(200, R"({"value":{"sessionId":"s1","capabilities":{}}})",
                                 R"({"value":"https://sso.example/"})");
  return text.replace(text.find("404"), 3, "200");
}

/// Its browser is closed as soon as it has opened.
std::string closed_driver() {
  return fake_driver(200, R"({"value":{"sessionId":"s1","capabilities":{}}})",
                     R"({"value":{"error":"no such window","message":"window already closed"}})");
}

/// What Edge's driver does differently: it takes only its own name for the options, says `msedge`, and
/// answers with members that nobody asked for. Keeps what it was asked in the file; its browser is signed in
/// from the start.
std::string edge_driver(const program& pofetch, const coupa& site) {
  const std::string cookies = read_file(site.file("cookies.txt"));
  const std::size_t value = cookies.find("_coupa_session\t") + 15;
  std::string text = R"py(#!/usr/bin/python3
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
session = "0123456789abcdef0123456789abcdef"
cookie = {"domain": "localhost", "expiry": 4102444800, "httpOnly": True, "name": "_coupa_session", "path": "/",
          "sameSite": "Lax", "secure": True, "value": "VALUE"}
class driver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, value, status=200):
        body = json.dumps({"value": value}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        ways = {"/url": "URL/", "/cookie": [cookie], "/window/handles": ["W1"]}
        if self.path == "/status":
            self.answer({"build": {"version": "131.0.2903.86"},
                         "message": "Microsoft Edge WebDriver ready for new sessions.",
                         "os": {"arch": "x86_64", "name": "Linux", "version": "6"}, "ready": True})
        else: self.answer(ways[self.path[len("/session/" + session):]])
    def do_POST(self):
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with open("FILE", "a") as log: log.write(self.path + " " + asked + "\n")
        if self.path != "/session": return self.answer(None)
        always = json.loads(asked)["capabilities"]["alwaysMatch"]
        foreign = [name for name in always if ":" in name and name != "ms:edgeOptions"]
        if foreign or always.get("browserName", "msedge") not in ("msedge", "MicrosoftEdge"):
            return self.answer({"error": "session not created", "message": "No matching capabilities found",
                                "stacktrace": "#0 0x55d0\n"}, 500)
        self.answer({"capabilities": {"browserName": "msedge", "browserVersion": "131.0.2903.86",
                                      "ms:edgeOptions": {"debuggerAddress": "localhost:1"},
                                      "msedge": {"msedgedriverVersion": "131.0.2903.86 (abc)"}},
                     "sessionId": session})
    def do_DELETE(self): self.answer(None)
    def log_message(self, *a): pass
HTTPServer(("127.0.0.1", int(sys.argv[1].split("=")[1])), driver).serve_forever()
)py";
  const auto put = [&text](const std::string& word, const std::string& by) {
    text.replace(text.find(word), word.size(), by);
  };
  put("VALUE", cookies.substr(value, cookies.find_first_of("\r\n", value) - value));
  put("URL/", site.base_url() + "/");
  put("FILE", (pofetch / "asked").string());
  return text;
}

}  // namespace

TEST_CASE(
    "login: Edge's driver, by its file's name or by --browser edge, gets Edge's options, and signs in") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  fs::create_directory(pofetch / "bin");
  const std::string driver = write_script(pofetch, "bin/msedgedriver", edge_driver(pofetch, site));
  write_script(pofetch, "edge", "#!/bin/sh\nexit 1\n");
  variables by_path = own_temp(pofetch);
  by_path["PATH"] = (pofetch / "bin").string() + ":/usr/bin:/bin";
  const words ways[] = {{"--driver", driver},
                        {"--driver", driver, "--browser", (pofetch / "edge").string()},
                        {"--browser", "edge"}};
  for (const words& way : ways) {
    CAPTURE(way.back());
    fs::remove(pofetch / "asked");
    fs::remove(pofetch / "fresh.txt");
    const ended done = pofetch.run(login_line(site, way), by_path);
    CHECK_MESSAGE(done.status == 0, done.err);
    const std::string asked = read_file(pofetch / "asked");
    for (const char* part : {"ms:edgeOptions", "--user-data-dir=", "--headless"})
      CHECK_MESSAGE(has(asked, part), asked);
    CHECK(has(asked, "\"binary\"") == (way.size() == 4));
    CHECK(has(read_file(pofetch / "fresh.txt"), "_coupa_session"));
    check_nothing_left(pofetch);
  }
}

TEST_CASE("login: what cannot work ends with 2 or 3, one sentence and the next step") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  write_script(pofetch, "silent", "#!/bin/sh\nexit 0\n");
  write_script(
      pofetch, "older-chromedriver",
      fake_driver(500,
                  R"({"value":{"error":"session not created","message":"session not created: This version )"
                  R"(of ChromeDriver only supports Chrome version 90","stacktrace":""}})",
                  "{}"));
  write_script(pofetch, "closed-chromedriver", closed_driver());
  write_script(pofetch, "waiting-chromedriver", waiting_driver());
  fs::create_directory(pofetch / "empty");
  const std::string url = site.base_url();
  const std::string ca = site.file("ca.pem");
  struct row {
    words line;
    int status;
    words parts;
  };
  const row rows[] = {
      {login_line(site, {"--driver", "./nowhere"}),
       2,
       {"--driver: ./nowhere is no program", "--driver PATH"}},
      {login_line(site, {"--driver", "./silent"}),
       2,
       {"./silent ended at once", "chromedriver, msedgedriver or geckodriver"}},
      {login_line(site, {"--driver", "./older-chromedriver"}),
       2,
       {"do not fit each other", "only supports Chrome version 90"}},
      {login_line(site, {"--driver", "./closed-chromedriver"}), 3, {"the browser was closed", "Start again"}},
      {login_line(site, {"--driver", "./waiting-chromedriver", "--timeout", "2s"}),
       3,
       {"nobody was signed in to " + url + " within 2 s", "the last page was one of https://sso.example;"}},
      {login_line(site, {"--browser", "netscape"}),
       2,
       {"expected chrome, chromium, edge, firefox", "netscape"}},
      {login_line(site, {"extra"}), 2, {"'extra' is one word too many"}},
      {{"login", "--base-url", url, "--cacert", ca, "--save", "gone/fresh.txt", "--driver", "./silent"},
       2,
       {"--save: gone/fresh.txt cannot be written", "no folder gone"}},
      {{"login", "--base-url", url, "--cacert", ca, "--save", "empty", "--driver", "./silent"},
       2,
       {"it is a folder"}},
      {{"login", "--base-url", url, "--cacert", "gone.pem", "--save", "fresh.txt"},
       2,
       {"gone.pem, given with --cacert, is not there"}},
      {{"login", "--base-url", "https://127.0.0.1:1", "--save", "fresh.txt", "--driver", "./silent"},
       2,
       {"127.0.0.1:1"}},
      // Not trusted: told before any browser is started.
      {{"login", "--base-url", url, "--save", "fresh.txt", "--driver", "/bin/false"}, 2, {"--cacert"}},
  };
  for (const row& each : rows) {
    CAPTURE(each.line.back());
    const ended done = pofetch.run(each.line, own_temp(pofetch));
    CHECK_MESSAGE(done.status == each.status, done.err);
    for (const std::string& part : each.parts) CHECK_MESSAGE(has(done.err, part), done.err);
    CHECK_FALSE(fs::exists(pofetch / "fresh.txt"));
    check_nothing_left(pofetch);
  }
}

TEST_CASE(
    "login: a driver gets no secret of pofetch, none of its connections, and a temporary folder of its own") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  const std::string seen = (pofetch / "seen").string();
  write_script(pofetch, "nosy", "#!/bin/sh\n(env; ls -l /proc/self/fd; ls -ld \"$TMPDIR\") > " + seen + "\n");
  variables given = own_temp(pofetch);
  given["POFETCH_CLIENT_KEY_PASSWORD"] = "geheim";
  given["POFETCH_COOKIE"] = "_coupa_session=geheim";
  given["LANGUAGE"] = "pt";
  const ended done = pofetch.run(login_line(site, {"--driver", "./nosy"}), given);
  CHECK_MESSAGE(done.status == 2, done.err);
  const std::string told = read_file(seen);
  CHECK(has(told, "LANGUAGE=pt"));
  CHECK_FALSE(has(told, "geheim"));
  CHECK_FALSE_MESSAGE(has(told, "socket:"), told);
  CHECK(has(told, "drwx------"));
  CHECK_MESSAGE(has(told, "TMPDIR=" + (pofetch / "tmp/pofetch-login-").string()), told);
  check_nothing_left(pofetch);
}

TEST_CASE("login: a run whose --on-expiry login does not work ends with 3, and what it has is kept") {
  const program pofetch;
  const coupa site({"--pos", "12", "--expire-after", "20", "--attachments", "1-2"});
  write_script(pofetch, "closed-chromedriver", closed_driver());
  const ended refused = pofetch.run(site.run_line("out", {"--on-expiry", "login", "--driver", "./nowhere"}));
  CHECK(refused.status == 2);
  CHECK_MESSAGE(has(refused.err, "./nowhere is no program"), refused.err);
  CHECK_FALSE(fs::exists(pofetch / "out"));

  const ended done = pofetch.run(
      site.run_line("out", {"--on-expiry", "login", "--driver", "./closed-chromedriver"}), own_temp(pofetch));
  CHECK_MESSAGE(done.status == 3, done.err);
  CHECK_MESSAGE(has(done.err, "signing in again did not work: the browser was closed"), done.err);
  const ended status = pofetch.run({"status", "out"});
  CHECK(has(status.out, "PENDING"));
  CHECK_FALSE(has(status.out, "FAILED"));
  check_nothing_left(pofetch);
}
