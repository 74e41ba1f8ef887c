#include "http/dial.hpp"
#include "integration/transport_fixture.hpp"
#include "support/gzip.hpp"
#include "support/has_ipv6.hpp"
#include "support/text.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace {

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

using script = std::function<void(origin_peer&)>;

origin_handler by_target(std::map<std::string, script> scripts) {
  return [scripts = std::move(scripts)](const origin_request& request, origin_peer& peer) {
    const auto found = scripts.find(request.target);
    if (found == scripts.end())
      peer.reply(404, "no such page");
    else
      found->second(peer);
  };
}

void hello(const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); }

using pofetch::test::has;

origin_options plain_origin() {
  origin_options options;
  options.plain_http = true;
  return options;
}

}  // namespace

TEST_CASE("transport: complete answers of every framing arrive whole") {
  struct row {
    std::string_view what;
    script answer;
    int status;
    std::string body;
    bool kept;
  };
  const std::string big(3'000'000, 'x');
  const std::vector<row> rows{
      {"length", [](origin_peer& p) { p.reply(200, "hello"); }, 200, "hello", true},
      {"3 MB", [&big](origin_peer& p) { p.reply(200, big); }, 200, big, true},
      {"length 0", [](origin_peer& p) { p.reply(200, ""); }, 200, "", true},
      {"chunked",
       [](origin_peer& p) {
         p.send_head(200, {{"Transfer-Encoding", "chunked"}});
         p.send_chunk("one ");
         p.send_chunk("two");
         p.send_chunk("");
       },
       200, "one two", true},
      {"until a clean close",
       [](origin_peer& p) {
         p.send_head(200, {});
         p.send("all");
         p.close();
       },
       200, "all", false},
      {"drop by drop", [](origin_peer& p) { p.drip("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 1ms); },
       200, "abc", true},
      {"interim answers first",
       [](origin_peer& p) {
         p.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
         p.reply(200, "last");
       },
       200, "last", true},
      {"204", [](origin_peer& p) { p.send("HTTP/1.1 204 No Content\r\n\r\n"); }, 204, "", true},
      {"304", [](origin_peer& p) { p.send("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"); }, 304, "",
       true},
      {"error with a body", [](origin_peer& p) { p.reply(500, "oops"); }, 500, "oops", true},
      {"length reached, then cut",
       [](origin_peer& p) {
         p.reply(200, "whole");
         p.cut();
       },
       200, "whole", true},
      {"connection: close",
       [](origin_peer& p) {
         p.reply(200, "bye", {{"Connection", "close"}});
         p.close();
       },
       200, "bye", false},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    for (const bool plain : {false, true}) {
      CAPTURE(plain);
      origin server([&r](const origin_request&, origin_peer& peer) { r.answer(peer); },
                    plain ? plain_origin() : origin_options{});
      lane_fixture lane(server, [](http::client_config& c) { c.allow_http = true; });
      const auto& got = lane.get(server.base_url() + "/file");
      CHECK(got.word() == "ok");
      CHECK(got.message() == "");
      CHECK(got.sink.begun == 1);
      CHECK(got.sink.status == r.status);
      CHECK((got.sink.body == r.body));
      CHECK(lane.transport->idle_connections() == (r.kept ? 1 : 0));
      CHECK(lane.transport->free_turns() == 16);
    }
  }
}

TEST_CASE("transport: broken answers end with the right word") {
  struct row {
    std::string_view what;
    script answer;
    std::string_view word;
    std::string_view words;
  };
  const auto head_100 = [](origin_peer& p) { p.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"); };
  const std::vector<row> rows{
      {"short length, clean close",
       [=](origin_peer& p) {
         head_100(p);
         p.close();
       },
       "truncated", "4 of 100 bytes"},
      {"short length, cut",
       [=](origin_peer& p) {
         head_100(p);
         p.cut();
       },
       "truncated", "4 of 100 bytes"},
      {"short length, reset",
       [=](origin_peer& p) {
         head_100(p);
         p.stall(100ms);
         p.reset();
       },
       "connection", "4 of 100 bytes"},
      {"short length, silence",
       [=](origin_peer& p) {
         head_100(p);
         p.stall();
       },
       "timeout", "silent for 0.4 s (idle_timeout)"},
      {"no answer", [](origin_peer& p) { p.stall(); }, "timeout", "silent for 0.4 s (idle_timeout)"},
      {"until close, but cut",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 OK\r\n\r\nhalf");
         p.cut();
       },
       "truncated", "4 bytes had come"},
      {"chunked, early clean close",
       [](origin_peer& p) {
         p.send_head(200, {{"Transfer-Encoding", "chunked"}});
         p.send_chunk("half");
         p.close();
       },
       "truncated", "before its last chunk"},
      {"chunked, cut",
       [](origin_peer& p) {
         p.send_head(200, {{"Transfer-Encoding", "chunked"}});
         p.send_chunk("half");
         p.cut();
       },
       "truncated", "4 bytes had come"},
      {"bad chunk",
       [](origin_peer& p) {
         p.send_head(200, {{"Transfer-Encoding", "chunked"}});
         p.send("zz\r\n");
       },
       "protocol", "chunk"},
      {"closed instead of an answer", [](origin_peer& p) { p.close(); }, "connection",
       "instead of answering"},
      {"cut instead of an answer", [](origin_peer& p) { p.cut(); }, "connection", ""},
      {"closed within the header",
       [](origin_peer& p) {
         p.send("HTTP/1.1 200 OK\r\nContent");
         p.close();
       },
       "connection", "within the header"},
      {"no HTTP", [](origin_peer& p) { p.send("220 mail.example.com ESMTP\r\n\r\n"); }, "protocol",
       "not a proper"},
      {"header too large",
       [](origin_peer& p) { p.send("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"); },
       "protocol", "65536 bytes of headers"},
      {"switching protocols", [](origin_peer& p) { p.send("HTTP/1.1 101 Switching Protocols\r\n\r\n"); },
       "protocol", "101"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    origin server([&r](const origin_request&, origin_peer& peer) { r.answer(peer); });
    lane_fixture lane(server, [](http::client_config& c) { c.idle_timeout = 400ms; });
    const auto& got = lane.get(server.base_url() + "/file?token=SECRET");
    CHECK(got.word() == r.word);
    CHECK(has(got.message(), r.words));
    CAPTURE(got.message());
    CHECK(has(got.message(), "localhost"));
    CHECK_FALSE(has(got.message(), "SECRET"));
    CHECK(lane.transport->idle_connections() == 0);
    CHECK(lane.transport->free_turns() == 16);
    CHECK(server.requests("/file?token=SECRET") == 1);
  }
}

TEST_CASE("transport: the limit on the whole exchange ends a body that goes on and on") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.send_head(200, {{"Content-Length", "100000"}});
    peer.drip(std::string(100'000, 'x'), 10ms);
  });
  lane_fixture lane(server, [](http::client_config& c) { c.request_timeout = 300ms; });
  const auto before = std::chrono::steady_clock::now();
  const auto& got = lane.get(server.base_url());
  CHECK(got.word() == "timeout");
  CHECK(has(got.message(), "longer than 0.3 s (request_timeout)"));
  CHECK(std::chrono::steady_clock::now() - before < 2s);
}

TEST_CASE("transport: nobody there, and no such name") {
  origin server(hello);
  lane_fixture lane(server);
  SUBCASE("refused") {
    std::string url;
    {
      origin short_lived(hello);
      url = short_lived.base_url();
    }
    const auto& got = lane.get(url, [](http_request& r) { r.user_named = true; });
    CAPTURE(got.message());
    CHECK(got.word() == "connection");
    CHECK(has(got.message(), "refused"));
  }
  SUBCASE("a name that does not exist") {
    lane_fixture elsewhere(server,
                           [](http::client_config& c) { c.base_url = "https://no-such-host.invalid"; });
    const auto& got = elsewhere.get("https://no-such-host.invalid/");
    CHECK((got.word() == "connection" || got.word() == "timeout"));
    CHECK(has(got.message(), "no-such-host.invalid"));
  }
}

TEST_CASE("transport: servers that must not be trusted do not see a byte of the request") {
  struct row {
    std::string_view what;
    origin_options options;
    std::string_view words;
  };
  std::vector<row> rows(4);
  rows[0] = {"wrong host", {}, "for another name"};
  rows[0].options.certificate = origin_certificate::wrong_host;
  rows[1] = {"expired", {}, "has expired"};
  rows[1].options.certificate = origin_certificate::expired;
  rows[2] = {"self signed", {}, "cacert"};
  rows[2].options.certificate = origin_certificate::self_signed;
  rows[3] = {"TLS 1.1", {}, ""};
  rows[3].options.tls_1_1_at_most = true;
  for (const row& r : rows) {
    CAPTURE(r.what);
    origin server(hello, r.options);
    lane_fixture lane(server);
    const auto& got = lane.get(server.base_url());
    CAPTURE(got.message());
    CHECK(got.word() == "tls");
    CHECK(has(got.message(), r.words));
    CHECK(has(got.message(), "localhost"));
    CHECK(server.counts().requests == 0);
    CHECK(server.counts().handshakes == 0);
  }
}

TEST_CASE("transport: an authority that nobody vouches for is refused, and the advice given") {
  origin server(hello);
  lane_fixture lane(server, [](http::client_config& c) { c.ca_file.clear(); });
  const auto& got = lane.get(server.base_url());
  CHECK(got.word() == "tls");
  CHECK(has(got.message(), "cacert"));
  CHECK(server.counts().requests == 0);
}

TEST_CASE("transport: addresses in URLs are verified as addresses, and are no server name") {
  origin_options options;
  options.host = "127.0.0.1";
  origin server(hello, options);
  lane_fixture lane(server);
  CHECK(lane.get(server.base_url()).word() == "ok");
  CHECK(server.log().front().server_name.empty());
  CHECK(server.log().front().header("host") == "127.0.0.1:" + std::to_string(server.port()));
  if (!test::has_ipv6()) {
    MESSAGE("SKIPPED: the half with IPv6, which this machine does not have");
    return;
  }
  origin_options v6;
  v6.host = "::1";
  v6.listen = origin_address::ipv6;
  origin other(hello, v6);
  const std::string url = "https://[::1]:" + std::to_string(other.port());
  lane_fixture second(other, [&](http::client_config& c) { c.base_url = url; });
  CHECK(second.get(url + "/").word() == "ok");
}

TEST_CASE("transport: a handshake that the other side never answers ends with the connect timeout") {
  origin server(hello, plain_origin());
  lane_fixture lane(server, [&](http::client_config& c) {
    c.base_url = "https://localhost:" + std::to_string(server.port());
    c.connect_timeout = 400ms;
  });
  const auto& got = lane.get("https://localhost:" + std::to_string(server.port()) + "/");
  CAPTURE(got.message());
  CHECK(got.word() == "timeout");
  CHECK(has(got.message(), "within 0.4 s (connect_timeout)"));
  CHECK(lane.transport->free_turns() == 16);
}

TEST_CASE("transport: a CA file, a base URL or a field that cannot be used is a config failure") {
  boost::asio::io_context io(1);
  http::host_limits limits{http::ceilings{}};
  http::cookie_jar cookies;
  http::trust_store trust;
  const auto word = [&](const std::function<void(http::client_config&)>& change) {
    http::client_config config;
    change(config);
    auto made = http::client::make(io.get_executor(), config, {limits, cookies, trust});
    return made ? std::string("ok") : code_word(made.error());
  };
  CHECK(word([](auto&) {}) == "ok");
  CHECK(word([](auto& c) { c.ca_file = "/no/such/file.pem"; }) == "config");
  CHECK(word([](auto& c) { c.base_url = "coupahost.com"; }) == "config");
  CHECK(word([](auto& c) { c.base_url = "http://acme.coupahost.com"; }) == "config");
  CHECK(word([](auto& c) { c.own_fields = {{"Host", "evil"}}; }) == "config");
  CHECK(word([](auto& c) { c.own_fields = {{"X", "a\r\nb: c"}}; }) == "config");
  CHECK(http::parse_header_lines({"X-Key: a: b"})->front().value == "a: b");
  CHECK_FALSE(http::parse_header_lines({"no colon"}).has_value());
}

TEST_CASE("transport: connections are kept and used again") {
  origin server(hello);
  lane_fixture lane(server);
  for (int i = 0; i < 5; ++i) CHECK(lane.get(server.base_url() + "/" + std::to_string(i)).word() == "ok");
  CHECK(server.counts().connections == 1);
  CHECK(lane.transport->requests() == 5);
  CHECK(lane.transport->seen().requests == 5);
  CHECK(lane.transport->seen().connections == 1);
  CHECK(lane.transport->seen().bytes_received > 25);
  lane.transport->close();
  CHECK(lane.transport->idle_connections() == 0);
}

TEST_CASE("transport: TLS sessions are resumed") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.reply(200, "x", {{"Connection", "close"}});
    peer.close();
  });
  lane_fixture lane(server);
  for (int i = 0; i < 3; ++i) CHECK(lane.get(server.base_url()).word() == "ok");
  CHECK(server.counts().connections == 3);
  CHECK(server.counts().resumed_handshakes == 2);
  CHECK(lane.transport->seen().resumed_handshakes == 2);
}

TEST_CASE("transport: a kept connection that died is replaced without anybody noticing") {
  for (const bool reset : {false, true}) {
    CAPTURE(reset);
    std::atomic<int> seen{0};
    origin server([&](const origin_request& request, origin_peer& peer) {
      // The second request on a connection meets its end.
      if (request.number == 2) {
        reset ? peer.reset() : peer.cut();
        return;
      }
      ++seen;
      peer.reply(200, "hello");
    });
    lane_fixture lane(server);
    CHECK(lane.get(server.base_url() + "/1").word() == "ok");
    CHECK(lane.get(server.base_url() + "/2").word() == "ok");
    CHECK(seen == 2);
    CHECK(server.counts().connections == 2);
    CHECK(lane.transport->requests() == 3);
  }
}

TEST_CASE("transport: on a new connection, and for POST, nothing is sent twice") {
  origin server([](const origin_request& request, origin_peer& peer) {
    if (request.number == 2 || request.target == "/dead")
      peer.cut();
    else
      peer.reply(200, "hello");
  });
  lane_fixture lane(server);
  CHECK(lane.get(server.base_url() + "/dead").word() == "connection");
  CHECK(server.requests("/dead") == 1);
  CHECK(lane.get(server.base_url() + "/alive").word() == "ok");
  const auto& posted = lane.get(server.base_url() + "/post", [](http_request& r) {
    r.method = "POST";
    r.body = "a=b";
  });
  CHECK(posted.word() == "connection");
  CHECK(server.requests("/post") == 1);
}

TEST_CASE("transport: an idle connection that the peer closed or spoke on is not used") {
  for (const std::string_view end : {"close", "cut", "rubbish"}) {
    CAPTURE(end);
    origin server([&end](const origin_request& request, origin_peer& peer) {
      peer.reply(200, "hello");
      if (request.target != "/first") return;
      if (end == "close") peer.close();
      if (end == "cut") peer.cut();
      if (end == "rubbish") {
        peer.stall(50ms);
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
      }
    });
    lane_fixture lane(server);
    CHECK(lane.get(server.base_url() + "/first").word() == "ok");
    lane.run_for(1s);  // far more than the server takes
    const auto& got = lane.get(server.base_url() + "/second");
    CHECK(got.word() == "ok");
    CHECK(got.sink.body == "hello");
    CHECK(server.counts().connections == 2);
    CHECK(lane.transport->requests() == 2);
  }
}

TEST_CASE("transport: rubbish right behind an answer costs the connection, not the answer") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: "
        "6\r\n\r\npoison");
  });
  lane_fixture lane(server);
  for (int i = 0; i < 2; ++i) {
    const auto& got = lane.get(server.base_url());
    CHECK(got.word() == "ok");
    CHECK(got.sink.body == "hello");
  }
  CHECK(server.counts().connections == 2);
}

TEST_CASE("transport: gzip and deflate are undone and their own end counts") {
  const std::string text(200'000, 'a');
  const std::string packed = gzipped(text);
  std::string bad = packed;
  bad[bad.size() - 8] = static_cast<char>(bad[bad.size() - 8] ^ 1);
  struct row {
    std::string_view what;
    std::string coding;
    std::string body;
    std::string_view word;
  };
  const std::vector<row> rows{
      {"good", "gzip", packed, "ok"},
      {"truncated", "gzip", packed.substr(0, packed.size() - 4), "truncated"},
      {"bad crc", "gzip", bad, "digest_mismatch"},
      {"rubbish behind", "gzip", packed + "x", "ok"},
      {"not gzip", "gzip", "hello", "protocol"},
      {"bomb", "gzip", gzipped(std::string(20U << 20, '\0')), "too_large"},
      {"brotli", "br", "hello", "unsupported"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    origin server([&r](const origin_request&, origin_peer& peer) {
      peer.reply(200, r.body, {{"Content-Encoding", r.coding}});
    });
    lane_fixture lane(server);
    const auto& got = lane.get(server.base_url(), [](http_request& q) {
      q.urgent = true;
      q.max_body = 1U << 20;
    });
    CAPTURE(got.message());
    CHECK(got.word() == r.word);
    CHECK(got.sink.body.size() <= (1U << 20));
    CHECK(server.log().front().header("accept-encoding") == "gzip, deflate");
    if (r.word != "ok") continue;
    CHECK((got.sink.body == text));
    CHECK(got.sink.decoded);
    CHECK((*got.outcome)->content_length == r.body.size());
    CHECK((*got.outcome)->remark.empty() == (r.body == packed));
  }
}

TEST_CASE("transport: downloads ask for the bytes as they are") {
  origin server(hello);
  lane_fixture lane(server);
  lane.get(server.base_url() + "/1");
  lane.get(server.base_url() + "/2", [](http_request& r) { r.fields = {{"Accept-Encoding", "gzip"}}; });
  CHECK(server.log()[0].header("accept-encoding") == "identity");
  CHECK(server.log()[1].header("accept-encoding") == "gzip");
  CHECK(server.log()[0].header("user-agent").starts_with("pofetch/"));
}

TEST_CASE("transport: a body above the bound is refused, before it comes if it is announced") {
  origin server(by_target({
      {"/announced", [](origin_peer& p) { p.reply(200, std::string(1001, 'x')); }},
      {"/exact", [](origin_peer& p) { p.reply(200, std::string(1000, 'x')); }},
      {"/chunked",
       [](origin_peer& p) {
         p.send_head(200, {{"Transfer-Encoding", "chunked"}});
         while (p.send_chunk(std::string(600, 'x'))) {
         }
       }},
  }));
  lane_fixture lane(server);
  const auto bounded = [](http_request& r) { r.max_body = 1000; };
  const auto& announced = lane.get(server.base_url() + "/announced", bounded);
  CHECK(announced.word() == "too_large");
  CHECK(announced.sink.begun == 0);
  CHECK(has(announced.message(), "1001"));
  CHECK(lane.get(server.base_url() + "/exact", bounded).word() == "ok");
  const auto& chunked = lane.get(server.base_url() + "/chunked", bounded);
  CHECK(chunked.word() == "too_large");
  CHECK(chunked.sink.body.size() <= 1000);
}

TEST_CASE(
    "transport: what the sink says ends the exchange; a refused error answer does not cost the connection") {
  origin server(by_target({
      {"/missing", [](origin_peer& p) { p.reply(404, std::string(5000, 'x')); }},
      {"/file", [](origin_peer& p) { p.reply(200, std::string(500'000, 'x')); }},
  }));
  lane_fixture lane(server);
  http_request missing;
  missing.url = server.base_url() + "/missing";
  auto& refused = lane.start(missing);
  refused.sink.refuse_status = 404;
  lane.finish();
  CHECK(refused.message() == "refused");
  CHECK(refused.sink.body.empty());
  CHECK(lane.transport->idle_connections() == 1);
  http_request file;
  file.url = server.base_url() + "/file";
  auto& full = lane.start(file);
  full.sink.refuse_after = 1000;
  lane.finish();
  CHECK(full.word() == "disk_full");
  CHECK(full.message() == "the sink is full");
  CHECK(lane.transport->idle_connections() == 0);
  CHECK(lane.transport->free_turns() == 16);
  CHECK(server.counts().connections == 1);
}

TEST_CASE("transport: HEAD has no body, whatever its length says") {
  origin server([](const origin_request& request, origin_peer& peer) {
    if (request.method == "HEAD")
      peer.send_head(200, {{"Content-Length", "5000"}});
    else
      peer.reply(200, "hello");
  });
  lane_fixture lane(server);
  const auto& got = lane.get(server.base_url(), [](http_request& r) { r.method = "HEAD"; });
  REQUIRE(got.word() == "ok");
  CHECK((*got.outcome)->content_length == 5000U);
  CHECK(lane.get(server.base_url()).sink.body == "hello");
  CHECK(server.counts().connections == 1);
}

TEST_CASE("transport: credentials go to the own origin and to no other") {
  origin storage(hello);
  std::string elsewhere = "https://127.0.0.1:" + std::to_string(storage.port()) + "/blob";
  origin server([&elsewhere](const origin_request& request, origin_peer& peer) {
    if (request.target == "/away")
      peer.reply(302, "", {{"Location", elsewhere}});
    else if (request.target == "/inside")
      peer.reply(302, "", {{"Location", "/landed"}});
    else
      peer.reply(200, "hello");
  });
  const test::temp_dir folder;
  lane_fixture lane(server, [&](http::client_config& c) {
    c.own_fields = {{"X-COUPA-API-KEY", "SECRET"}};
    c.ca_file = lane_fixture::trust(folder, {&server, &storage});
  });
  http::cookie session;
  session.name = "_coupa_session";
  session.value = "SECRET";
  session.domain = "localhost";
  session.secure = true;
  lane.cookies.put(session);
  session.domain = "127.0.0.1";
  lane.cookies.put(session);

  CHECK(lane.get(server.base_url() + "/inside").word() == "ok");
  for (const auto& request : server.log()) {
    CHECK(request.header("cookie") == "_coupa_session=SECRET");
    CHECK(request.header("x-coupa-api-key") == "SECRET");
  }
  const auto& away = lane.get(server.base_url() + "/away", [](http_request& r) {
    r.fields = {{"Authorization", "Bearer SECRET"}, {"X-Mine", "1"}};
  });
  CAPTURE(away.message());
  REQUIRE(away.word() == "ok");
  CHECK((*away.outcome)->url == elsewhere);
  REQUIRE(storage.log().size() == 1);
  CHECK_FALSE(has(storage.log().front().raw_head, "SECRET"));
  CHECK(storage.log().front().header("x-mine") == "1");
  CHECK(server.log().back().header("authorization") == "Bearer SECRET");
  // Another port of the same host is another origin.
  const std::string port = "https://localhost:" + std::to_string(storage.port()) + "/direct";
  CHECK(lane.get(port).word() == "ok");
  CHECK_FALSE(has(storage.log().back().raw_head, "SECRET"));
}

TEST_CASE(
    "transport: a sliding session: the newest cookie counts at once, also from a redirect, for every lane") {
  std::atomic<int> turn{0};
  origin server([&turn](const origin_request& request, origin_peer& peer) {
    const std::string fresh = "_coupa_session=v" + std::to_string(++turn) + "; Path=/; Secure; HttpOnly";
    if (request.target == "/redirect")
      peer.reply(302, "", {{"Location", "/"}, {"Set-Cookie", fresh}});
    else
      peer.reply(200, "x", {{"Set-Cookie", fresh}});
  });
  lane_fixture lane(server);
  lane.get(server.base_url() + "/");
  lane.get(server.base_url() + "/redirect");
  const auto log = server.log();
  REQUIRE(log.size() == 3);
  CHECK(log[0].header("cookie").empty());
  CHECK(log[1].header("cookie") == "_coupa_session=v1");
  CHECK(log[2].header("cookie") == "_coupa_session=v2");
  CHECK(lane.cookies.all().size() == 1);
  CHECK(lane.cookies.changed() == 3);
}

TEST_CASE("transport: cookies from another origin are not kept") {
  origin storage([](const origin_request&, origin_peer& peer) {
    peer.reply(200, "x", {{"Set-Cookie", "evil=1; Path=/"}});
  });
  origin server([&storage](const origin_request&, origin_peer& peer) {
    peer.reply(302, "", {{"Location", "https://127.0.0.1:" + std::to_string(storage.port()) + "/"}});
  });
  const test::temp_dir folder;
  lane_fixture lane(server, [&](http::client_config& c) {
    c.ca_file = lane_fixture::trust(folder, {&server, &storage});
  });
  CHECK(lane.get(server.base_url()).word() == "ok");
  CHECK(lane.cookies.all().empty());
}

TEST_CASE("transport: an answer to a request of an ended session does not replace the cookies of a new one") {
  std::atomic<bool> released{false};
  const origin server([&released](const origin_request&, origin_peer& peer) {
    while (!released && peer.stall(5ms)) {
    }
    peer.reply(302, "", {{"Location", "/"}, {"Set-Cookie", "s=anonymous; Path=/; Secure"}});
  });
  lane_fixture lane(server);
  http_request request;
  request.url = server.base_url() + "/";
  request.stop_before = [](std::string_view) { return true; };
  lane.start(std::move(request));
  while (server.log().empty()) lane.run_for(5ms);
  http::cookie fresh;
  fresh.name = "s";
  fresh.value = "signed-in";
  fresh.domain = "localhost";
  fresh.secure = true;
  lane.cookies.sign_in({fresh});
  released = true;
  lane.finish();
  const core::origin where{"https", "localhost", server.port()};
  CHECK(lane.cookies.header_for(where, "/") == "s=signed-in");
  lane.get(server.base_url() + "/",
           [](http_request& later) { later.stop_before = [](std::string_view) { return true; }; });
  CHECK(lane.cookies.header_for(where, "/") == "s=anonymous");
}

TEST_CASE("transport: without a base URL, cookies go by their domain and own fields to nobody") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.reply(200, "x", {{"Set-Cookie", "known=2; Path=/"}, {"Set-Cookie", "stranger=1; Path=/"}});
  });
  lane_fixture lane(server, [](http::client_config& c) {
    c.base_url.clear();
    c.own_fields = {{"X-Key", "SECRET"}};
  });
  http::cookie known;
  known.name = "known";
  known.value = "1";
  known.domain = "localhost";
  lane.cookies.put(known);
  for (int i = 0; i < 2; ++i)
    CHECK(lane.get(server.base_url(), [](http_request& r) { r.user_named = true; }).word() == "ok");
  CHECK(server.log()[0].header("cookie") == "known=1");
  CHECK(server.log()[1].header("cookie") == "known=2");
  CHECK(server.log()[0].header("x-key").empty());
}

TEST_CASE("transport: redirects, followed and refused") {
  struct row {
    std::string_view what;
    std::string location;
    std::string_view word;
    std::string_view words;
  };
  const std::vector<row> rows{
      {"relative", "/end", "ok", ""},
      {"loop", "/start", "too_many_redirects", "more than 10"},
      {"to plain HTTP", "http://localhost/", "blocked_redirect", "plain HTTP"},
      {"to the metadata service", "https://169.254.169.254/latest", "blocked_redirect", "link-local"},
      {"to a private address", "https://10.0.0.1/", "blocked_redirect", "10.0.0.1"},
      {"to a private address in IPv6 clothes", "https://[::ffff:10.0.0.1]/", "blocked_redirect", ""},
      {"to nonsense", "ftp://localhost/", "protocol", ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    origin server([&r](const origin_request& request, origin_peer& peer) {
      if (request.target == "/start")
        peer.reply(302, "moved", {{"Location", r.location}});
      else
        peer.reply(200, "end");
    });
    lane_fixture lane(server);
    const auto& got = lane.get(server.base_url() + "/start");
    CAPTURE(got.message());
    CHECK(got.word() == r.word);
    CHECK(has(got.message(), r.words));
    CHECK(got.sink.begun == (r.word == "ok" ? 1 : 0));
    CHECK(server.counts().connections == 1);
    CHECK(lane.transport->free_turns() == 16);
    if (r.what == "loop") CHECK(server.requests("/start") == 11);
  }
}

TEST_CASE("transport: links and redirects to this machine need a reason") {
  origin server(hello);
  const std::string url = server.base_url();
  const auto word = [&](const std::function<void(http::client_config&)>& config,
                        const std::function<void(http_request&)>& request) {
    lane_fixture lane(server, [&](http::client_config& c) {
      c.base_url = "https://acme.coupahost.com";
      if (config) config(c);
    });
    return lane.get(url, request).word();
  };
  CHECK(word({}, {}) == "blocked_redirect");
  CHECK(server.counts().connections == 0);
  CHECK(word({}, [](http_request& r) { r.user_named = true; }) == "ok");
  CHECK(word([](auto& c) { c.allow_hosts = {"LOCALHOST"}; }, {}) == "ok");
  CHECK(word([](auto& c) { c.allow_hosts = {"other"}; }, {}) == "blocked_redirect");
}

TEST_CASE("transport: a kept connection does not get around the address rule") {
  origin server(hello);
  lane_fixture lane(server, [](http::client_config& c) { c.base_url = "https://acme.coupahost.com"; });
  CHECK(lane.get(server.base_url(), [](http_request& r) { r.user_named = true; }).word() == "ok");
  CHECK(lane.transport->idle_connections() == 1);
  CHECK(lane.get(server.base_url()).word() == "blocked_redirect");
  CHECK(server.counts().requests == 1);
}

TEST_CASE("transport: stop_before makes the redirect itself the answer") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.reply(302, "moved", {{"Location", "/sessions/new?return=/x"}});
  });
  lane_fixture lane(server);
  std::string seen;
  const auto& got = lane.get(server.base_url(), [&seen](http_request& r) {
    r.stop_before = [&seen](std::string_view url) {
      seen = url;
      return true;
    };
  });
  CHECK(got.word() == "ok");
  CHECK(got.sink.status == 302);
  CHECK(got.sink.body == "moved");
  CHECK(seen == server.base_url() + "/sessions/new?return=/x");
  CHECK(server.counts().requests == 1);
}

TEST_CASE("transport: after a 303 the request is repeated as GET without its body") {
  origin server([](const origin_request& request, origin_peer& peer) {
    if (request.method == "POST")
      peer.reply(303, "", {{"Location", "/done"}});
    else
      peer.reply(200, "done");
  });
  lane_fixture lane(server);
  const auto& got = lane.get(server.base_url() + "/form", [](http_request& r) {
    r.method = "POST";
    r.body = "a=b";
  });
  CHECK(got.sink.body == "done");
  CHECK(server.log()[0].body == "a=b");
  CHECK(server.log()[1].method == "GET");
  CHECK(server.log()[1].body.empty());
}

TEST_CASE("transport: plain HTTP goes to loopback, with --allow-http, and nowhere else") {
  origin server(hello, plain_origin());
  lane_fixture allowed(server, [](http::client_config& c) { c.allow_http = true; });
  CHECK(allowed.get(server.base_url()).word() == "ok");
  CHECK(allowed.get("http://192.0.2.1/").word() == "blocked_redirect");
  lane_fixture refused(server, [](http::client_config& c) { c.base_url = "https://acme.coupahost.com"; });
  CHECK(refused.get(server.base_url(), [](http_request& r) { r.user_named = true; }).word() ==
        "blocked_redirect");
  CHECK(server.counts().requests == 1);
}

TEST_CASE("transport: requests that cannot be sent are refused before anything is opened") {
  origin server(hello);
  lane_fixture lane(server);
  const std::string url = server.base_url();
  CHECK(lane.get(url, [](http_request& r) { r.fields = {{"X", "a\r\nY: b"}}; }).word() == "config");
  CHECK(lane.get(url, [](http_request& r) { r.fields = {{"X\n", "a"}}; }).word() == "config");
  CHECK(lane.get(url, [](http_request& r) { r.method = "GET /x HTTP/1.1\r\n"; }).word() == "config");
  CHECK(lane.get("file:///etc/passwd").word() == "protocol");
  CHECK(lane.get("").word() == "protocol");
  CHECK(server.counts().connections == 0);
  // Line breaks in a URL cannot split the request line.
  CHECK(lane.get(url + "/a\r\nX: b").word() == "ok");
  CHECK(server.log().front().header("x").empty());
}

TEST_CASE("transport: never more connections than allowed, idle ones included") {
  origin other(hello);
  origin server([](const origin_request&, origin_peer& peer) {
    peer.stall(30ms);
    peer.reply(200, "hello");
  });
  const test::temp_dir folder;
  lane_fixture lane(server, [&](http::client_config& c) {
    c.max_connections = 3;
    c.ca_file = lane_fixture::trust(folder, {&server, &other});
  });
  std::vector<running_exchange*> all;
  for (int i = 0; i < 12; ++i) {
    http_request request;
    request.url = server.base_url() + "/" + std::to_string(i);
    all.push_back(&lane.start(request));
  }
  lane.finish();
  for (const auto* each : all) CHECK(each->word() == "ok");
  CHECK(server.counts().max_in_flight == 3);
  CHECK(server.counts().connections == 3);
  CHECK(lane.transport->idle_connections() == 3);
  // A connection to another origin takes the place of an idle one.
  CHECK(lane.get("https://localhost:" + std::to_string(other.port()) + "/").word() == "ok");
  CHECK(lane.transport->idle_connections() == 3);
}

TEST_CASE("transport: urgent requests go first when connections are short") {
  origin server([](const origin_request&, origin_peer& peer) {
    peer.stall(20ms);
    peer.reply(200, "hello");
  });
  lane_fixture lane(server, [](http::client_config& c) { c.max_connections = 1; });
  for (const std::string_view name : {"first", "download", "page"}) {
    http_request request;
    request.url = server.base_url() + "/" + std::string(name);
    request.urgent = name == "page";
    lane.start(request);
  }
  lane.finish();
  const auto log = server.log();
  REQUIRE(log.size() == 3);
  CHECK(log[1].target == "/page");
}

TEST_CASE("transport: a cancelled exchange ends at once and gives everything back") {
  struct row {
    std::string_view what;
    script answer;
  };
  const std::vector<row> rows{
      {"before the head", [](origin_peer& p) { p.stall(); }},
      {"within the body",
       [](origin_peer& p) {
         p.send_head(200, {{"Content-Length", "100"}});
         p.send("half");
         p.stall();
       }},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    origin server([&r](const origin_request&, origin_peer& peer) { r.answer(peer); });
    lane_fixture lane(server, [](http::client_config& c) { c.max_connections = 1; });
    http_request request;
    request.url = server.base_url();
    auto& under_way = lane.start(request);
    auto& in_line = lane.start(request);
    lane.run_for(200ms);
    CHECK_FALSE(under_way.done);
    in_line.stop.emit(boost::asio::cancellation_type::terminal);
    under_way.stop.emit(boost::asio::cancellation_type::terminal);
    const auto before = std::chrono::steady_clock::now();
    lane.finish();
    CHECK(std::chrono::steady_clock::now() - before < 1s);
    CHECK(under_way.cancelled());
    CHECK(in_line.cancelled());
    CHECK(lane.transport->free_turns() == 1);
    CHECK(lane.transport->idle_connections() == 0);
  }
}

TEST_CASE("transport: 429 and 503 with Retry-After hold the whole host, others not") {
  for (const int status : {429, 503}) {
    CAPTURE(status);
    std::atomic<int> turn{0};
    origin server([&](const origin_request&, origin_peer& peer) {
      if (++turn == 1)
        peer.reply(status, "busy", {{"Retry-After", "1"}});
      else
        peer.reply(200, "hello");
    });
    lane_fixture lane(server);
    CHECK(lane.get(server.base_url()).sink.status == status);
    const auto before = std::chrono::steady_clock::now();
    CHECK(lane.get("https://127.0.0.1:" + std::to_string(server.port()) + "/").word() == "ok");
    CHECK(std::chrono::steady_clock::now() - before < 500ms);
    CHECK(lane.get(server.base_url()).word() == "ok");
    CHECK(std::chrono::steady_clock::now() - before >= 900ms);
  }
}

TEST_CASE("transport: limits on requests and bytes per second hold") {
  origin server([](const origin_request&, origin_peer& peer) { peer.reply(200, std::string(100'000, 'x')); });
  http::ceilings limits{.max_connections = 4096};
  SUBCASE("requests") {
    limits.requests_per_second = 20;
    lane_fixture lane(server, {}, limits);
    const auto before = std::chrono::steady_clock::now();
    for (int i = 0; i < 14; ++i) CHECK(lane.get(server.base_url()).word() == "ok");
    // Two at once, and then one every 50 ms.
    CHECK(std::chrono::steady_clock::now() - before >= 600ms);
  }
  SUBCASE("bytes, however many connections there are") {
    limits.bytes_per_second = 400'000;
    lane_fixture lane(server, {}, limits);
    const auto before = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i) {
      http_request request;
      request.url = server.base_url();
      lane.start(request);
    }
    lane.finish();
    // 400,000 bytes but for the first piece and the burst, each a fiftieth of a second's worth.
    CHECK(std::chrono::steady_clock::now() - before >= 950ms);
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    CHECK(lane.transport->seen().bytes_received >= 400'000);
  }
}

TEST_CASE("transport: what a host bears is shared out among the lanes along their connections") {
  origin server([](const origin_request&, origin_peer& peer) {
    std::this_thread::sleep_for(20ms);
    peer.reply(200, "hello");
  });
  const http::ceilings limits{.max_connections = 16, .adaptive = true};
  const auto second_half = [](http::client_config& c) {
    c.max_connections = 8;
    c.connections_before = 8;
  };
  lane_fixture lane(server, second_half, limits);
  http::host_load& load = lane.limits.load_of("localhost");
  const auto now = std::chrono::steady_clock::now();
  for (int i = 0; i < 11; ++i) load.tell_silence(now - 11s + i * 1s);
  REQUIRE(load.limit() == 4);
  for (int i = 0; i < 20; ++i) {
    http_request request;
    request.url = server.base_url();
    lane.start(request);
  }
  lane.finish();
  // Half of four; a slow machine leaves the limit time to rise meanwhile.
  CHECK(server.counts().max_in_flight >= 2);
  CHECK(server.counts().max_in_flight <= (load.limit() + 1) / 2);
  CHECK(load.limit() < 16);
}

TEST_CASE("transport: a pace that 429 has set holds for all, and the most urgent goes first") {
  std::atomic<int> turn{0};
  origin server([&](const origin_request& request, origin_peer& peer) {
    if (++turn == 1)
      peer.reply(429, "busy", {{"Retry-After", "0"}});
    else
      peer.reply(200, request.target);
  });
  http::ceilings limits{.max_connections = 16, .adaptive = true};
  lane_fixture lane(server, {}, limits);
  CHECK(lane.get(server.base_url()).sink.status == 429);
  http::host_load& load = lane.limits.load_of("localhost");
  REQUIRE(load.paced());
  const auto before = std::chrono::steady_clock::now();
  std::vector<running_exchange*> all;
  for (int i = 0; i < 8; ++i) {
    http_request request;
    request.url = server.base_url() + (i == 7 ? "/page" : "/file");
    request.urgent = i == 7;
    all.push_back(&lane.start(request));
  }
  while (!all[7]->done) lane.run_for(1ms);
  int files = 0;
  for (const auto* each : all) files += each->done && each->sink.body == "/file" ? 1 : 0;
  CHECK(files <= 2);
  lane.finish();
  for (const auto* each : all) CHECK(each->word() == "ok");
  // One a second at first, twice as many a second later, and so on: eight take about three seconds.
  CHECK(std::chrono::steady_clock::now() - before >= 1500ms);
}

TEST_CASE(
    "transport: a host that is to be spared is left alone for a second, and asked more slowly from then on") {
  origin server([](const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); });
  const std::string other = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  for (const bool adaptive : {true, false}) {
    CAPTURE(adaptive);
    lane_fixture lane(server, {}, {.max_connections = 16, .adaptive = adaptive});
    CHECK(lane.get(server.base_url()).word() == "ok");
    lane.transport->spare("no address at all");
    lane.transport->spare(server.base_url() + "/of/whichever/page");
    const auto before = std::chrono::steady_clock::now();
    CHECK(lane.get(other).word() == "ok");
    CHECK(std::chrono::steady_clock::now() - before < 500ms);
    CHECK(lane.get(server.base_url()).word() == "ok");
    CHECK(std::chrono::steady_clock::now() - before >= 900ms);
    CHECK(lane.limits.load_of("localhost").paced() == adaptive);
    CHECK_FALSE(lane.limits.load_of("127.0.0.1").paced());
  }
}

TEST_CASE("transport: nothing is sent in a pause, also by those who already stood in line for their start") {
  std::atomic<int> turn{0};
  std::mutex guard;
  std::vector<std::chrono::steady_clock::time_point> came;
  origin server([&](const origin_request&, origin_peer& peer) {
    {
      const std::lock_guard lock(guard);
      came.push_back(std::chrono::steady_clock::now());
    }
    if (++turn == 2)
      peer.reply(429, "busy", {{"Retry-After", "2"}});
    else
      peer.reply(200, "hello");
  });
  // The third would start half a second after the second.
  const http::ceilings limits{.requests_per_second = 2, .max_connections = 16, .adaptive = true};
  lane_fixture lane(server, {}, limits);
  for (int i = 0; i < 4; ++i) {
    http_request request;
    request.url = server.base_url();
    lane.start(request);
  }
  lane.finish();
  REQUIRE(came.size() == 4);
  CHECK(came[2] - came[1] >= 1900ms);
  CHECK(came[3] - came[2] >= 400ms);
}

TEST_CASE("transport: many at once, each gets its own bytes") {
  origin server([](const origin_request& request, origin_peer& peer) {
    peer.reply(200, std::string(50'000, request.target.back()));
  });
  lane_fixture lane(server, [](http::client_config& c) { c.max_connections = 8; });
  std::vector<running_exchange*> all;
  for (int i = 0; i < 100; ++i) {
    http_request request;
    request.url = server.base_url() + "/" + std::string(1, static_cast<char>('a' + i % 26));
    all.push_back(&lane.start(request));
  }
  lane.finish();
  for (const auto* each : all) {
    CHECK(each->word() == "ok");
    CHECK((each->sink.body == std::string(50'000, each->request.url.back())));
  }
  CHECK(server.counts().connections <= 8);
}

namespace {

/// A port of this machine that takes no connection and refuses none: the queue in front of it is full.
class silent_port {
 public:
  explicit silent_port(boost::asio::io_context& io)
      : listener_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
    listener_.listen(0);
    // One stands in the queue; who comes behind it hears nothing. Asio's own connect would wait.
    const auto here = listener_.local_endpoint();
    for (int i = 0; i < 4; ++i) {
      waiting_.emplace_back(io, boost::asio::ip::tcp::v4());
      waiting_.back().native_non_blocking(true);
      (void)::connect(waiting_.back().native_handle(), here.data(), static_cast<socklen_t>(here.size()));
    }
  }
  [[nodiscard]] boost::asio::ip::tcp::endpoint where() const { return listener_.local_endpoint(); }

 private:
  boost::asio::ip::tcp::acceptor listener_;
  std::vector<boost::asio::ip::tcp::socket> waiting_;
};

struct dialled_in {
  http::dialled outcome;
  std::chrono::milliseconds took{};
  bool cancelled = false;
};

awaitable<void> dial_all(const std::vector<boost::asio::ip::tcp::endpoint>& addresses,
                         std::chrono::steady_clock::time_point deadline, dialled_in& seen) {
  auto executor = co_await boost::asio::this_coro::executor;
  const std::span<const boost::asio::ip::tcp::endpoint> all(addresses);
  seen.outcome = co_await http::dial(executor, all, deadline);
}

dialled_in dial_within(boost::asio::io_context& io,
                       const std::vector<boost::asio::ip::tcp::endpoint>& addresses,
                       std::chrono::milliseconds limit, std::chrono::milliseconds cancel_after = 0ms) {
  dialled_in seen;
  const auto began = std::chrono::steady_clock::now();
  boost::asio::cancellation_signal stop;
  boost::asio::steady_timer timer(io, cancel_after);
  if (cancel_after > 0ms)
    timer.async_wait(
        [&stop](const boost::system::error_code&) { stop.emit(boost::asio::cancellation_type::terminal); });
  boost::asio::co_spawn(
      io, dial_all(addresses, began + limit, seen),
      boost::asio::bind_cancellation_slot(
          stop.slot(), [&seen](const std::exception_ptr& thrown) { seen.cancelled = thrown != nullptr; }));
  io.restart();
  io.run();
  seen.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  return seen;
}

}  // namespace

TEST_CASE("transport: of several addresses the first that answers is taken, and a dead one costs a moment") {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  tcp::acceptor living(io, {boost::asio::ip::address_v4::loopback(), 0});
  const silent_port dead(io);
  const silent_port dead_too(io);
  tcp::endpoint refusing;
  {
    const tcp::acceptor gone(io, {boost::asio::ip::address_v4::loopback(), 0});
    refusing = gone.local_endpoint();
  }
  struct row {
    std::string_view what;
    std::vector<tcp::endpoint> addresses;
    std::chrono::milliseconds least;
    std::chrono::milliseconds most;
  };
  const auto well = living.local_endpoint();
  for (const row& r : {row{"the first", {well, dead.where()}, 0ms, 200ms},
                       row{"refused, then at once", {refusing, well}, 0ms, 200ms},
                       row{"silent, then after a quarter of a second", {dead.where(), well}, 240ms, 1500ms},
                       row{"silent twice", {dead.where(), dead_too.where(), well}, 490ms, 2000ms},
                       row{"silent, refused, at once", {dead.where(), refusing, well}, 240ms, 1500ms}}) {
    CAPTURE(r.what);
    const dialled_in seen = dial_within(io, r.addresses, 10s);
    REQUIRE(seen.outcome.socket);
    CHECK(seen.outcome.address == well);
    CHECK(seen.outcome.socket->is_open());
    CHECK(seen.took >= r.least);
    CHECK(seen.took < r.most);
  }
}

TEST_CASE("transport: where no address answers, it ends with the last refusal, the deadline or a cancel") {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  const silent_port dead(io);
  tcp::endpoint refusing;
  {
    const tcp::acceptor gone(io, {boost::asio::ip::address_v4::loopback(), 0});
    refusing = gone.local_endpoint();
  }
  const dialled_in refused_all = dial_within(io, {refusing, refusing}, 10s);
  CHECK_FALSE(refused_all.outcome.socket);
  CHECK(refused_all.outcome.error == boost::asio::error::connection_refused);
  const dialled_in late = dial_within(io, {dead.where(), refusing, dead.where()}, 600ms);
  CHECK_FALSE(late.outcome.socket);
  CHECK_FALSE(late.outcome.error);
  CHECK(late.took >= 600ms);
  CHECK(late.took < 2s);
  const dialled_in nobody = dial_within(io, {}, 10s);
  CHECK_FALSE(nobody.outcome.socket);
  CHECK(nobody.took < 1s);
  for (const auto after : {1ms, 100ms, 300ms}) {
    const dialled_in stopped = dial_within(io, {dead.where(), dead.where()}, 10s, after);
    CHECK(stopped.cancelled);
    CHECK(stopped.took < 2s);
  }
}
