// Servers that want to see a certificate of the client.
#include "integration/transport_fixture.hpp"
#include "support/text.hpp"

#include <string>

namespace {

using namespace pofetch;
using namespace pofetch::testing;

void greet_with_certificate(const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); }

origin_options asking() {
  origin_options options;
  options.client_certificate = true;
  return options;
}

/// A certificate of that origin's authority, in files.
struct identity {
  explicit identity(const origin& of) {
    const auto made = of.make_client_identity("purchasing");
    test::write_file(folder / "cert.pem", made.certificate);
    test::write_file(folder / "key.pem", made.key);
  }
  void use(http::client_config& config) const {
    config.identity.certificate = (folder / "cert.pem").string();
    config.identity.key = (folder / "key.pem").string();
  }
  test::temp_dir folder;
};

using pofetch::test::has;

}  // namespace

TEST_CASE("client certificate: shown to the instance that asks for one, also when the session is resumed") {
  const origin server(&greet_with_certificate, asking());
  const identity mine(server);
  lane_fixture lane(server, [&mine](http::client_config& config) { mine.use(config); });
  CHECK(lane.get(server.base_url() + "/a").word() == "ok");
  lane.transport->close();
  CHECK(lane.get(server.base_url() + "/b").word() == "ok");
  for (const auto& request : server.log()) CHECK(request.client_name == "purchasing");
}

TEST_CASE("client certificate: asked for and not there, one sentence that names the option, every time") {
  const origin server(&greet_with_certificate, asking());
  lane_fixture lane(server);
  for (int i = 0; i < 5; ++i) {
    const auto& answer = lane.get(server.base_url() + "/");
    CHECK(answer.word() == "tls");
    CHECK_MESSAGE(has(answer.message(), "asks for a client certificate"), answer.message());
    CHECK_MESSAGE(has(answer.message(), "client_cert"), answer.message());
  }
  CHECK(server.log().empty());
}

TEST_CASE("client certificate: one of an authority that the server does not know is refused, and told") {
  const origin server(&greet_with_certificate, asking());
  const origin stranger(&greet_with_certificate);
  const identity wrong(stranger);
  lane_fixture lane(server, [&wrong](http::client_config& config) { wrong.use(config); });
  const auto& answer = lane.get(server.base_url() + "/");
  CHECK(answer.word() == "tls");
  CHECK_MESSAGE(has(answer.message(), "refuses the certificate of client_cert"), answer.message());
}

TEST_CASE("client certificate: never shown to where the instance redirects, nor without an instance") {
  const test::temp_dir folder;
  const origin other(&greet_with_certificate, asking());
  const origin server(
      [&other](const origin_request&, origin_peer& peer) {
        peer.reply(302, "", {{"Location", other.base_url() + "/file"}});
      },
      asking());
  const identity mine(server);
  const auto trusting = [&](http::client_config& config) {
    mine.use(config);
    config.ca_file = lane_fixture::trust(folder, {&server, &other});
    config.allow_hosts = {"localhost"};
  };
  lane_fixture lane(server, trusting);
  const auto& answer = lane.get(server.base_url() + "/");
  CHECK(answer.word() == "tls");
  CHECK_MESSAGE(has(answer.message(), "asks for a client certificate, and none was shown"), answer.message());
  CHECK(server.log().size() == 1);
  CHECK(other.log().empty());

  lane_fixture nobody(server, [&](http::client_config& config) {
    trusting(config);
    config.base_url.clear();
  });
  CHECK(nobody.get(server.base_url() + "/").word() == "tls");
  CHECK(server.log().size() == 1);
}

TEST_CASE(
    "client certificate: asked for when a request has come, in TLS 1.3 it is shown, and only if there is "
    "one") {
  origin_options late;
  late.late_client_certificate = true;
  const origin server(&greet_with_certificate, late);
  const identity mine(server);
  lane_fixture lane(server, [&mine](http::client_config& config) { mine.use(config); });
  for (const char* path : {"/a", "/b"}) {
    const auto& answer = lane.get(server.base_url() + path);
    CHECK_MESSAGE(answer.word() == "ok", answer.message());
  }
  REQUIRE_FALSE(server.log().empty());
  CHECK(server.log().front().client_name == "purchasing");

  lane_fixture without(server);
  CHECK(without.get(server.base_url() + "/").word() != "ok");
}

TEST_CASE("client certificate: asked for late in TLS 1.2, refused, and the message says what is to be done") {
  origin_options late;
  late.late_client_certificate = true;
  late.tls_1_2_at_most = true;
  const origin server(&greet_with_certificate, late);
  const identity mine(server);
  lane_fixture lane(server, [&mine](http::client_config& config) { mine.use(config); });
  const auto& answer = lane.get(server.base_url() + "/");
  CHECK(answer.word() == "tls");
  CHECK_MESSAGE(has(answer.message(), "renegotiation"), answer.message());
  CHECK_MESSAGE(has(answer.message(), "TLS 1.3"), answer.message());
  CHECK(server.log().empty());
}
