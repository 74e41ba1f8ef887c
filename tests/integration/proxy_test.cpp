// The way through a company's proxy: scripted ones, and a real one if it is installed.
#include "integration/transport_fixture.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

void greet(const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); }

using pofetch::test::has;

origin_options plain() {
  origin_options options;
  options.plain_http = true;
  return options;
}

/// A proxy that leads every CONNECT to one port of this machine, whatever the name.
origin_handler leading_to(std::uint16_t port) {
  return [port](const origin_request&, origin_peer& peer) {
    if (peer.send("HTTP/1.1 200 Connection established\r\nProxy-agent: test\r\n\r\n")) peer.tunnel_to(port);
    peer.cut();
  };
}

std::string address_of(const origin& proxy, const std::string& userinfo = {}) {
  return "http://" + userinfo + "127.0.0.1:" + std::to_string(proxy.port());
}

std::function<void(http::client_config&)> through(const origin& proxy, const std::string& userinfo = {}) {
  return [url = address_of(proxy, userinfo)](http::client_config& config) {
    config.proxy.url = url;
    config.proxy.loopback = true;
  };
}

}  // namespace

TEST_CASE("proxy: TLS goes through CONNECT, the connection is kept, and the proxy sees no request") {
  const origin server(&greet);
  const origin proxy(leading_to(server.port()), plain());
  lane_fixture lane(server, through(proxy, "me:pa%40ss@"));
  for (int i = 0; i < 3; ++i) CHECK(lane.get(server.base_url() + "/file?secret=1").word() == "ok");
  CHECK(server.counts().connections == 1);
  CHECK(server.log().front().server_name == "localhost");
  REQUIRE(proxy.log().size() == 1);
  const origin_request asked = proxy.log().front();
  CHECK(asked.method == "CONNECT");
  CHECK(asked.target == "localhost:" + std::to_string(server.port()));
  CHECK(asked.header("host") == asked.target);
  CHECK(asked.header("proxy-authorization") == "Basic bWU6cGFAc3M=");
  CHECK_FALSE(has(asked.raw_head, "Cookie"));
  for (const auto& request : server.log()) CHECK(request.header("proxy-authorization").empty());
}

TEST_CASE("proxy: what it may do wrong, one sentence each that names it without its password") {
  const origin server(&greet);
  struct row {
    std::string_view what;
    std::function<void(origin_peer&)> answer;
    std::string word;
    std::string_view words;
  };
  const std::vector<row> rows{
      {"403", [](origin_peer& p) { p.reply(403, "<html>no</html>"); }, "connection",
       "403 Forbidden); ask those"},
      {"407",
       [](origin_peer& p) {
         p.reply(407, "", {{"Proxy-Authenticate", "Basic realm=\"x\""}});
       },
       "config", "refuses user name or password (407)"},
      {"502", [](origin_peer& p) { p.reply(502, "bad"); }, "connection", "(502 Bad Gateway)"},
      {"a page", [](origin_peer& p) { p.send("<html><body>Welcome to the hotel</body></html>\r\n\r\n"); },
       "connection", "does not answer as a proxy does"},
      {"a page with status",
       [](origin_peer& p) {
         p.reply(302, "<html>", {{"Location", "http://portal/"}});
       },
       "connection", "(302)"},
      {"closes", [](origin_peer& p) { p.cut(); }, "connection", "closed the connection instead of answering"},
      {"closes in the head",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 Conn");
         p.cut();
       },
       "connection", "closed the connection instead of answering"},
      {"resets", [](origin_peer& p) { p.reset(); }, "connection", "failed"},
      {"bytes of its own",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 OK\r\n\r\nhello");
         p.stall();
       },
       "connection", "sends bytes of its own"},
      {"silent", [](origin_peer& p) { p.stall(); }, "timeout", "within 0.4 s (connect_timeout)"},
      {"drips", [](origin_peer& p) { p.drip("HTTP/1.1 200 " + std::string(1000, 'x'), 20ms); }, "timeout",
       "within 0.4 s (connect_timeout)"},
      {"endless head",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 OK\r\n");
         while (p.send("X: " + std::string(1000, 'x') + "\r\n")) {
         }
       },
       "connection", "does not answer as a proxy does"},
      {"a way to nowhere",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 OK\r\n\r\n");
         p.cut();
       },
       "connection", "https://localhost"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    const origin proxy([&r](const origin_request&, origin_peer& peer) { r.answer(peer); }, plain());
    lane_fixture lane(server, [&](http::client_config& config) {
      through(proxy, "me:SECRET@")(config);
      config.connect_timeout = r.word == "timeout" ? 400ms : 5s;
    });
    const auto& answer = lane.get(server.base_url() + "/");
    CAPTURE(answer.message());
    CHECK(answer.word() == r.word);
    CHECK(has(answer.message(), r.words));
    if (r.what != "a way to nowhere") CHECK(has(answer.message(), "the proxy " + address_of(proxy)));
    CHECK_FALSE(has(answer.message(), "SECRET"));
    CHECK(lane.transport->free_turns() == 16);
  }
  CHECK(server.counts().connections == 0);
}

TEST_CASE("proxy: one that is not there, and one whose name nobody knows") {
  const origin server(&greet);
  for (const char* url : {"http://me:SECRET@127.0.0.1:1", "http://me:SECRET@no-such-host.invalid:3128"}) {
    lane_fixture lane(server, [url](http::client_config& config) {
      config.proxy.url = url;
      config.proxy.loopback = true;
    });
    const auto& answer = lane.get(server.base_url() + "/");
    CAPTURE(answer.message());
    CHECK(answer.word() == "connection");
    CHECK(has(answer.message(), "the proxy http://"));
    CHECK_FALSE(has(answer.message(), "SECRET"));
  }
}

TEST_CASE(
    "proxy: a certificate that it puts in place of the host's is refused, and taken with its authority") {
  const origin server(&greet);
  const origin middle(&greet);  // has a certificate for the same name, of another authority
  const origin proxy(leading_to(middle.port()), plain());
  lane_fixture refusing(server, through(proxy));
  const auto& refused = refusing.get(server.base_url() + "/");
  CHECK(refused.word() == "tls");
  CHECK_MESSAGE(has(refused.message(), "re-signs TLS, give its authority with cacert"), refused.message());
  CHECK(middle.log().empty());
  lane_fixture trusting(server, [&](http::client_config& config) {
    through(proxy)(config);
    config.ca_file = middle.ca_file().string();
  });
  CHECK(trusting.get(server.base_url() + "/").word() == "ok");
  CHECK(middle.log().size() == 1);
}

TEST_CASE("proxy: the host's name is what is verified, whatever the proxy leads to") {
  origin_options elsewhere;
  elsewhere.certificate = origin_certificate::wrong_host;
  const origin server(&greet, elsewhere);
  const origin proxy(leading_to(server.port()), plain());
  lane_fixture lane(server, through(proxy));
  const auto& answer = lane.get(server.base_url() + "/");
  CHECK(answer.word() == "tls");
  CHECK_MESSAGE(has(answer.message(), "for another name"), answer.message());
}

TEST_CASE("proxy: what is left out, and this machine unless asked for, is reached directly") {
  const origin server(&greet);
  const origin proxy([](const origin_request&, origin_peer& peer) { peer.reply(403, ""); }, plain());
  SUBCASE("NO_PROXY") {
    lane_fixture lane(server, [&](http::client_config& config) {
      through(proxy)(config);
      config.proxy.except = {"localhost"};
    });
    CHECK(lane.get(server.base_url() + "/").word() == "ok");
  }
  SUBCASE("the machine's own proxy, an instance on this machine") {
    lane_fixture lane(server, [&](http::client_config& config) {
      through(proxy)(config);
      config.proxy.loopback = false;
    });
    CHECK(lane.get(server.base_url() + "/").word() == "ok");
  }
  CHECK(proxy.log().empty());
}

TEST_CASE("proxy: links and redirects into the inner network are refused before the proxy hears of them") {
  const origin server([](const origin_request& request, origin_peer& peer) {
    peer.reply(302, "", {{"Location", "https://" + request.target.substr(1) + "/"}});
  });
  const origin proxy(leading_to(server.port()), plain());
  // A proxy's own address is a private one more often than not; that opens nothing.
  lane_fixture lane(server, [&](http::client_config& config) {
    through(proxy)(config);
    config.base_url = "https://acme.example:" + std::to_string(server.port());
    config.ca_file = server.ca_file().string();
  });
  for (const char* host : {"10.0.0.1", "169.254.169.254", "127.0.0.1", "localhost", "[::1]", "intranet",
                           "db.internal", "2130706433", "127.1"}) {
    CAPTURE(host);
    const auto& direct = lane.get(std::string("https://") + host + "/");
    CHECK_MESSAGE(direct.word() == "blocked_redirect", direct.message());
  }
  CHECK(proxy.log().empty());
  // The certificate is not for acme.example: the proxy was asked for it, and nothing else was wrong.
  CHECK(lane.get("https://acme.example:" + std::to_string(server.port()) + "/").word() == "tls");
  CHECK(proxy.log().front().target == "acme.example:" + std::to_string(server.port()));
}

TEST_CASE("proxy: a redirect from the instance to the inner network is refused") {
  const origin server([](const origin_request& request, origin_peer& peer) {
    peer.reply(302, "", {{"Location", "https://" + request.target.substr(1) + "/"}});
  });
  const origin proxy(leading_to(server.port()), plain());
  lane_fixture lane(server, through(proxy));
  for (const char* host : {"10.0.0.1", "169.254.169.254", "intranet", "db.internal"}) {
    CAPTURE(host);
    CHECK(lane.get(server.base_url() + "/" + host).word() == "blocked_redirect");
  }
  CHECK(proxy.log().size() == 1);
}

TEST_CASE("proxy: waiting for its answer can be cancelled") {
  const origin server(&greet);
  const origin proxy([](const origin_request&, origin_peer& peer) { peer.stall(); }, plain());
  lane_fixture lane(server, through(proxy));
  http_request request;
  request.url = server.base_url() + "/";
  auto& entry = lane.start(std::move(request));
  while (proxy.log().empty()) lane.run_for(5ms);
  entry.stop.emit(boost::asio::cancellation_type::terminal);
  lane.finish();
  CHECK(entry.cancelled());
  CHECK(lane.transport->free_turns() == 16);
}

// --- a real one ---

namespace {

/// A port that nobody listened on a moment ago.
std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool there = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return there;
}

/// tinyproxy as Debian has it, for the time of a test.
struct real_proxy {
  explicit real_proxy(const std::string& more) {
    for (int tries = 0; tries < 5 && !running; ++tries) start(more);
    REQUIRE_MESSAGE(running, "tinyproxy does not start");
  }
  void start(const std::string& more) {
    port = free_port();
    test::write_file(folder / "proxy.conf",
                     "Port " + std::to_string(port) +
                         "\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nMaxClients 20\n" + more);
    test::process_setup setup;
    setup.program = program();
    setup.arguments = {"-d", "-c", (folder / "proxy.conf").string()};
    auto started = std::make_unique<test::process>(setup);
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
      if (answers(port)) {
        running = std::move(started);
        return;
      }
      if (started->wait(20ms)) return;
    }
  }
  static const char* program() { return "/usr/bin/tinyproxy"; }
  static bool installed() {
    const bool there = std::filesystem::exists(program());
    const bool must = std::getenv("CI") != nullptr;
    if (!there) MESSAGE("tinyproxy is not installed (tools/setup installs it): not tested with a real proxy");
    CHECK_MESSAGE((there || !must), "tinyproxy is missing where everything has to be tested");
    return there;
  }
  test::temp_dir folder;
  std::uint16_t port = 0;
  std::unique_ptr<test::process> running;
};

std::function<void(http::client_config&)> through(const real_proxy& proxy, const std::string& userinfo) {
  return
      [url = "http://" + userinfo + "127.0.0.1:" + std::to_string(proxy.port)](http::client_config& config) {
        config.proxy.url = url;
        config.proxy.loopback = true;
      };
}

}  // namespace

TEST_CASE("proxy: a real one, without and with a password") {
  if (!real_proxy::installed()) return;
  const std::string large(300'000, 'x');
  // By address: the proxy looks names up, and a machine may have no hosts file.
  origin_options by_address;
  by_address.host = "127.0.0.1";
  const origin server([&large](const origin_request&, origin_peer& peer) { peer.reply(200, large); },
                      by_address);
  {
    const real_proxy open("");
    lane_fixture lane(server, through(open, ""));
    for (int i = 0; i < 3; ++i) {
      const auto& answer = lane.get(server.base_url() + "/");
      CHECK_MESSAGE(answer.word() == "ok", answer.message());
      CHECK(answer.sink.body == large);
    }
    CHECK(server.counts().connections == 1);
    lane_fixture nowhere(server, through(open, ""));
    const auto& refused = nowhere.get("https://localhost:1/");
    CHECK_MESSAGE(refused.word() == "blocked_redirect", refused.message());
  }
  const real_proxy locked("BasicAuth me secret\n");
  lane_fixture right(server, through(locked, "me:secret@"));
  CHECK_MESSAGE(right.get(server.base_url() + "/").word() == "ok",
                right.get(server.base_url() + "/").message());
  for (const char* userinfo : {"", "me:WRONG@"}) {
    CAPTURE(userinfo);
    lane_fixture wrong(server, through(locked, userinfo));
    const auto& answer = wrong.get(server.base_url() + "/");
    CHECK(answer.word() == "config");
    CHECK_MESSAGE(has(answer.message(), "); put them into the variable POFETCH_PROXY"), answer.message());
    CHECK_FALSE(has(answer.message(), "WRONG"));
  }
}

TEST_CASE("proxy: a real one that cannot reach the host") {
  if (!real_proxy::installed()) return;
  const origin server(&greet);
  const real_proxy open("");
  lane_fixture lane(server, [&](http::client_config& config) {
    through(open, "")(config);
    config.base_url = "https://localhost:1";
  });
  const auto& answer = lane.get("https://localhost:1/");
  CHECK(answer.word() == "connection");
  CHECK_MESSAGE(has(answer.message(), "does not connect to localhost:1 (5"), answer.message());
}
