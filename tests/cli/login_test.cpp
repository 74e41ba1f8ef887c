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

}  // namespace

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
