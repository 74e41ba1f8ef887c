// TLS of the service's own, spoken by curl.
#include "service/neighbours.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <coupa-sim/certificates.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::test;

namespace {

using coupa_sim::certificate_authority;

/// An authority, and what it has issued, as files.
struct trust {
  explicit trust(const std::string& name) : lead(name) {
    const auto pair = authority.issue();
    const auto client = authority.issue({{"erp"}, false, false, true});
    ca = folder.file(lead + "ca.pem", authority.pem());
    cert = folder.file(lead + "cert.pem", pair.certificate);
    key = folder.file(lead + "key.pem", pair.key);
    client_cert = folder.file(lead + "client.pem", client.certificate);
    client_key = folder.file(lead + "client.key", client.key);
  }

  certificate_authority authority;
  temp_dir folder;
  std::string lead;
  std::string ca, cert, key, client_cert, client_key;
};

const words tls_site = {"--pos", "3", "--attachments", "1", "--size", "3m-4m"};

/// Status of an answer, or why there is none.
std::string status_of(const std::string& url, const std::string& ca, const words& more = {}) {
  const ended done = curl(with(
      {"--output", "/dev/null", "--write-out", "%{http_code}/%{http_version}", "--cacert", ca, url}, more));
  return done.status == 0 ? done.out : "curl " + std::to_string(done.status);
}

/// A handshake by openssl s_client, which then sends these lines.
ended handshake(const std::string& where, const trust& ours, const words& more,
                const std::string& lines = {}) {
  process_setup made;
  made.program = path_of("openssl");
  made.arguments = with({"s_client", "-connect", where.substr(where.rfind('/') + 1), "-CAfile", ours.ca,
                         "-verify_return_error"},
                        more);
  made.input = lines;
  process running(made);
  REQUIRE_MESSAGE(running.wait(), running.err());
  return {running.status(), running.out(), running.err()};
}

}  // namespace

TEST_CASE("TLS: by openssl s_client: 1.2 and 1.3 with forward secrecy, and nothing that is older or weaker") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key});
  const std::string weak = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
  struct row {
    const char* name;
    words how;
    const char* made;  ///< empty: there is no handshake
  };
  const std::vector<row> rows = {
      {"TLS 1.3", {"-tls1_3"}, "New, TLSv1.3"},
      {"TLS 1.2", {"-tls1_2"}, "New, TLSv1.2"},
      {"TLS 1.1", {"-tls1_1", "-cipher", weak}, ""},
      {"TLS 1.0", {"-tls1", "-cipher", weak}, ""},
      {"no forward secrecy", {"-tls1_2", "-cipher", "kRSA:@SECLEVEL=0"}, ""},
      {"nobody is asked who he is", {"-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"}, ""},
      {"no encryption", {"-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"}, ""},
      {"compression", {"-tls1_2", "-comp"}, "Compression: NONE"},
  };
  for (const row& each : rows) {
    CAPTURE(each.name);
    const ended done = handshake(service.where(), ours, each.how);
    const std::string made = each.made;
    CHECK_MESSAGE((done.status == 0) == !made.empty(), done.out << done.err);
    CHECK_MESSAGE(has(done.out, made), done.out);
  }
  // A client that asks for another handshake on the same connection.
  const ended again = handshake(service.where(), ours, {"-tls1_2"}, "R\n");
  CHECK(has(again.out + again.err, "RENEGOTIATING"));
  CHECK_MESSAGE(again.status != 0, again.out << again.err);
}

TEST_CASE("TLS: a batch from list to files, over TLS 1.2 and 1.3, HTTP/1.1 only") {
  const coupa site(tls_site);
  const trust ours("a");
  running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key});
  const std::string& where = service.where();
  REQUIRE(where.starts_with("https://127.0.0.1:"));
  const std::string version = where + "/v1/version";
  CHECK(status_of(version, ours.ca) == "200/1.1");
  CHECK(status_of(version, ours.ca, {"--http2"}) == "200/1.1");
  CHECK(status_of(version, ours.ca, {"--tls-max", "1.2"}) == "200/1.1");
  const words old = {"--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"};
  CHECK(status_of(version, ours.ca, old) == "curl 35");
  CHECK(status_of(version, site.file("ca.pem")) == "curl 60");
  // A page of ours is one of https.
  CHECK(status_of(version, ours.ca, {"--header", "Origin: " + where}) == "200/1.1");
  CHECK(status_of(version, ours.ca, {"--header", "Origin: http" + where.substr(5)}) == "403/1.1");

  const ended submitted = curl({"--cacert", ours.ca, "--header", "Content-Type: text/csv", "--data-binary",
                                "@" + site.file("orders.csv"), where + "/v1/batches"});
  const std::string id = member(submitted.out, "id");
  REQUIRE_MESSAGE(!id.empty(), submitted.out);
  // Ends with the batch.
  const ended stream = curl({"--cacert", ours.ca, "--no-buffer", where + "/v1/batches/" + id + "/events"});
  CHECK(stream.status == 0);
  CHECK(has(stream.out, "event: snapshot\n"));
  CHECK(has(stream.out, "event: end\n"));
  std::size_t files = 0;
  const auto out = service.home() / ("data/batches/" + id + "/out");
  for (const auto& each : std::filesystem::recursive_directory_iterator(out)) {
    const std::string name = each.path().lexically_relative(out).string();
    if (!each.is_regular_file() || name.starts_with(".pofetch") || name == "report.csv") continue;
    const ended got = curl({"--cacert", ours.ca, where + "/v1/batches/" + id + "/files/" + in_address(name)});
    const bool same = got.out == read_file(each.path());
    CHECK_MESSAGE(same, name << " " << got.err);
    ++files;
  }
  CHECK(files == 3);
  CHECK(service.stop() == 0);
}

TEST_CASE("TLS: a client that speaks none is left, and others do not notice") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key});
  talk plain(service.where());
  plain.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_FALSE(has(plain.rest(), "HTTP/1.1 200"));
  CHECK(plain.is_closed());
  CHECK(status_of(service.where() + "/healthz", ours.ca) == "200/1.1");
}

TEST_CASE("TLS: silence instead of a handshake, and half of one, end after ten seconds") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key});
  talk silent(service.where());
  talk half(service.where());
  // The lead of a record that holds a ClientHello of 512 bytes.
  half.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(silent.wait_for("\x01", std::chrono::seconds{20}));
  CHECK(silent.is_closed());
  CHECK_FALSE(half.wait_for("\x01 never", std::chrono::seconds{5}));
  CHECK(half.is_closed());
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begun;
  CHECK(lasted.count() > 9);
  CHECK(lasted.count() < 15);
}

TEST_CASE("TLS: SIGHUP takes the new pair; a bad one changes nothing and is told") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const trust next("b");
  running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key});
  const std::string version = service.where() + "/v1/version";
  CHECK(status_of(version, next.ca) == "curl 60");
  // One whose handshake is over goes on with what it has.
  process_setup stream;
  stream.program = path_of("curl");
  stream.arguments = {"--silent", "--no-buffer", "--cacert", ours.ca, service.where() + "/v1/events"};
  process open(stream);
  REQUIRE(open.wait_for("retry: 3000"));

  write_file(ours.cert, read_file(next.cert));
  service.running().send(SIGHUP);
  REQUIRE(service.running().wait_for("The certificate that was read before stays."));
  CHECK(has(service.err(), "--tls-key " + ours.key + ": the private key belongs to another certificate"));
  CHECK(status_of(version, ours.ca) == "200/1.1");

  write_file(ours.key, read_file(next.key));
  service.running().send(SIGHUP);
  std::string now;
  for (int i = 0; i < 200 && now != "200/1.1"; ++i) now = status_of(version, next.ca);
  CHECK(now == "200/1.1");
  CHECK(status_of(version, ours.ca) == "curl 60");
  const std::string before = open.out();
  const std::string id = member(curl({"--cacert", next.ca, "--json", R"({"list":{"purchase_orders":["1"]}})",
                                      service.where() + "/v1/batches"})
                                    .out,
                                "id");
  CHECK_MESSAGE(open.wait_for(id), open.out());
  CHECK(service.stop() == 0);
}

TEST_CASE("TLS: only clients with a certificate of the authority are let in") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const trust other("b");
  const running_service service(site,
                                {"--tls-cert", ours.cert, "--tls-key", ours.key, "--tls-client-ca", ours.ca});
  const std::string version = service.where() + "/v1/version";
  const words good = {"--cert", ours.client_cert, "--key", ours.client_key};
  CHECK(status_of(version, ours.ca, good) == "200/1.1");
  CHECK(status_of(version, ours.ca, with(good, {"--tls-max", "1.2"})) == "200/1.1");
  CHECK(status_of(version, ours.ca).starts_with("curl "));
  CHECK(status_of(version, ours.ca, {"--tls-max", "1.2"}).starts_with("curl "));
  CHECK(status_of(version, ours.ca, {"--cert", other.client_cert, "--key", other.client_key})
            .starts_with("curl "));
  // The reason gets through.
  const ended told = curl({"--cacert", ours.ca, version});
  CHECK_MESSAGE(has(told.err, "certificate required"), told.err);
}

TEST_CASE("TLS: beyond loopback with a token; a Unix socket beside it needs none of both") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const trust ours("a");
  const program maker;
  const ended made = maker.run({"serve", "--new-token", "erp", "--scope", "read"});
  const std::size_t line = made.out.find("erp read ");
  maker.write("tokens", made.out.substr(line));
  REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
  const std::string first = made.out.substr(made.out.find('\n') + 1);
  const std::string token = first.substr(0, first.find('\n'));
  running_service service(site, {"--tls-cert", ours.cert, "--tls-key", ours.key, "--listen", "0.0.0.0:0",
                                 "--listen", "unix:api.sock", "--tokens", (maker / "tokens").string()});
  REQUIRE(service.where().starts_with("https://0.0.0.0:"));
  REQUIRE(service.running().wait_for("listening on unix:"));
  const std::string url =
      "https://127.0.0.1" + service.where().substr(service.where().rfind(':')) + "/v1/version";
  const words bearer = {"--header", "Authorization: Bearer " + token};
  CHECK(status_of(url, ours.ca) == "401/1.1");
  CHECK(status_of(url, ours.ca, bearer) == "200/1.1");
  const words local = {"--unix-socket", (service.home() / "api.sock").string()};
  CHECK(status_of("http://whatever.example/v1/version", ours.ca, with(local, bearer)) == "200/1.1");
  CHECK(service.stop() == 0);
}

TEST_CASE("TLS: what cannot be used is told at the start") {
  const program pofetch;
  const trust ours("a");
  const trust other("b");
  struct row {
    words line;
    const char* said;
  };
  const std::vector<row> rows = {
      {{"--tls-key", ours.key}, "--tls-key"},
      {{"--tls-client-ca", ours.ca}, "--tls-client-ca"},
      {{"--tls-cert", "none.pem"}, "--tls-cert none.pem"},
      {{"--tls-cert", ours.cert}, "--tls-cert"},
      {{"--tls-cert", ours.cert, "--tls-key", other.key}, "belongs to another certificate"},
      {{"--tls-cert", ours.key, "--tls-key", ours.key}, "--tls-cert"},
      {{"--tls-cert", ours.cert, "--tls-key", ours.key, "--tls-client-ca", "none.pem"},
       "--tls-client-ca none.pem"},
      {{"--tls-cert", ours.cert, "--tls-key", ours.key, "--listen", "0.0.0.0:0"}, "--tokens"},
  };
  for (const row& each : rows) {
    const ended done = pofetch.run(with({"serve", "--data", "d", "--listen", "127.0.0.1:0"}, each.line));
    CHECK_MESSAGE(done.status == 2, done.err);
    CHECK_MESSAGE(has(done.err, each.said), done.err);
  }
}
