#include "support/origin.hpp"

#include "integration/https_client.hpp"
#include "support/has_ipv6.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace {

using namespace std::chrono_literals;
using namespace pofetch::testing;

void hello_target(const origin_request& request, origin_peer& peer) {
  peer.reply(200, "hello " + request.target, {{"Content-Type", "text/plain"}});
}

boost::system::error_code failure_of(const origin& server, const std::string& host = "localhost") {
  try {
    https_client client(server.port(), server.ca_pem(), host);
    client.get("/");
  } catch (const boost::system::system_error& problem) {
    return problem.code();
  }
  return {};
}

}  // namespace

TEST_CASE("origin: hands requests to its handler and keeps a log of them") {
  origin server(hello_target);
  https_client client(server.port(), server.ca_pem());
  CHECK(client.get("/a", {{"X-One", "1"}}).body() == "hello /a");
  CHECK(client.request("POST", "/b", {}, "body").body() == "hello /b");
  CHECK(server.requests("/a") == 1);
  const auto log = server.log();
  REQUIRE(log.size() == 2);
  CHECK(log[0].header("x-one") == "1");
  CHECK(log[0].server_name == "localhost");
  CHECK(log[1].body == "body");
  CHECK(log[1].connection == 1);
  CHECK(log[1].number == 2);
  CHECK(server.counts().handshakes == 1);
  CHECK(server.base_url() == "https://localhost:" + std::to_string(server.port()));
  std::ostringstream file;
  file << std::ifstream(server.ca_file()).rdbuf();
  CHECK(file.str() == server.ca_pem());
}

TEST_CASE("origin: each way to end a connection looks different to a client") {
  namespace ssl = boost::asio::ssl;
  origin server([](const origin_request& request, origin_peer& peer) {
    peer.send_head(200, {});
    peer.send("half");
    if (request.target == "/close") peer.close();
    if (request.target == "/cut") peer.cut();
    if (request.target == "/reset") peer.reset();
  });
  const auto outcome = [&](const char* target) {
    https_client client(server.port(), server.ca_pem());
    boost::system::error_code error;
    try {
      client.get(target);
    } catch (const boost::system::system_error& problem) {
      error = problem.code();
    }
    return error;
  };
  CHECK(!outcome("/close"));
  CHECK(outcome("/cut") == ssl::error::stream_truncated);
  CHECK(outcome("/reset") == boost::asio::error::connection_reset);
}

TEST_CASE("origin: certificates and versions that a client must refuse are refused") {
  struct row {
    origin_certificate certificate;
    bool old_tls;
  };
  for (const row& one : {row{origin_certificate::wrong_host, false}, row{origin_certificate::expired, false},
                         row{origin_certificate::self_signed, false}, row{origin_certificate::good, true}}) {
    origin_options options;
    options.certificate = one.certificate;
    options.tls_1_1_at_most = one.old_tls;
    origin server(hello_target, options);
    CHECK(failure_of(server).category() == boost::asio::error::get_ssl_category());
    CHECK(server.counts().requests == 0);
  }
  origin good(hello_target);
  CHECK(!failure_of(good));
}

TEST_CASE("origin: a client certificate can be demanded") {
  origin_options options;
  options.client_certificate = true;
  origin server(hello_target, options);
  CHECK(failure_of(server));
  CHECK(server.make_client_identity("buyer").certificate.find("BEGIN CERTIFICATE") != std::string::npos);
}

TEST_CASE("origin: a drip arrives whole, a stall ends when the origin stops") {
  origin server([](const origin_request& request, origin_peer& peer) {
    peer.send_head(200, {{"Content-Length", "5"}});
    if (request.target == "/drip")
      peer.drip("bytes", 1ms);
    else
      peer.stall();
  });
  https_client client(server.port(), server.ca_pem());
  CHECK(client.get("/drip").body() == "bytes");
  std::thread waiting([&] { CHECK_THROWS(client.get("/stall")); });
  while (server.requests("/stall") == 0) std::this_thread::yield();
  server.stop();
  waiting.join();
  CHECK(server.counts().open == 0);
}

TEST_CASE("origin: chunks, plain HTTP and a tunnel through a second origin") {
  origin target([](const origin_request&, origin_peer& peer) {
    peer.send_head(200, {{"Transfer-Encoding", "chunked"}});
    peer.send_chunk("first ");
    peer.send_chunk("second");
    peer.send_chunk("");
  });
  origin_options plain;
  plain.plain_http = true;
  const std::uint16_t port = target.port();
  origin proxy(
      [port](const origin_request& request, origin_peer& peer) {
        if (request.method != "CONNECT") return peer.close();
        peer.send_head(200, {});
        peer.tunnel_to(port);
      },
      plain);
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  socket.connect({boost::asio::ip::address_v4::loopback(), proxy.port()});
  boost::asio::write(socket, boost::asio::buffer(std::string("CONNECT target:443 HTTP/1.1\r\n\r\n")));
  std::string head;
  boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n");
  CHECK(head.substr(0, 12) == "HTTP/1.1 200");
  https_client through(std::move(socket), target.ca_pem());
  CHECK(through.get("/").body() == "first second");
}

TEST_CASE("origin: listens on the addresses that were asked for") {
  struct row {
    origin_address listen;
    bool v4;
    bool v6;
  };
  const bool ipv6 = pofetch::test::has_ipv6();
  if (!ipv6) MESSAGE("SKIPPED: the rows with IPv6, which this machine does not have");
  for (const row& one : {row{origin_address::ipv4, true, false}, row{origin_address::ipv6, false, true},
                         row{origin_address::both, true, true}}) {
    if (one.v6 && !ipv6) continue;
    origin_options options;
    options.listen = one.listen;
    origin server(hello_target, options);
    boost::asio::io_context context;
    const auto reachable = [&](const boost::asio::ip::address& address) {
      boost::system::error_code error;
      boost::asio::ip::tcp::socket(context).connect({address, server.port()}, error);
      return !error;
    };
    CHECK(reachable(boost::asio::ip::address_v4::loopback()) == one.v4);
    CHECK(reachable(boost::asio::ip::address_v6::loopback()) == one.v6);
  }
}
