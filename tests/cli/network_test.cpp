// The program in a company's network, and with sessions that end in mid-run.
#include "cli/program.hpp"
#include "coupa-sim/simulator.hpp"
#include "support/origin.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_options;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;

namespace {

coupa_sim::options site_options(const fs::path& dir, std::uint64_t expire_after) {
  coupa_sim::options site;
  site.dir = dir;
  site.pos = 30;
  site.attachments = {1, 2};
  site.size = {1024, 2048};
  site.expire_after = expire_after;
  return site;
}

/// The look-alike in this process, so that the test can end its session and begin a new one.
struct site {
  explicit site(std::uint64_t expire_after = 0) : sim(site_options(folder.path(), expire_after)) {
    sim.start();
  }

  [[nodiscard]] std::string file(std::string_view name) const { return (folder / name).string(); }
  [[nodiscard]] words line(const words& more) const {
    words all{"run",       file("orders.csv"),  "--out",    "out",         "--base-url", sim.base_url(),
              "--cookies", file("cookies.txt"), "--cacert", file("ca.pem")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// As a browser's extension saves it: a new file in place of the old one.
  void save(const std::string& text) const {
    write_file(folder / "fresh", text);
    fs::permissions(folder / "fresh", static_cast<fs::perms>(0600));
    fs::rename(folder / "fresh", folder / "cookies.txt");
  }
  void sign_in() {
    sim.sign_in();
    sim.write_cookies(folder / "scratch");
    save(read_file(folder / "scratch"));
  }

  temp_dir folder;
  coupa_sim::simulator sim;
};

using pofetch::test::count;

/// A proxy that answers every CONNECT with that status.
origin_options plain() {
  origin_options options;
  options.plain_http = true;
  return options;
}

/// What OpenSSL calls this certificate in a folder of certificates.
std::string hashed_name(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate));
  X509_free(certificate);
  BIO_free(bio);
  return name.data();
}

}  // namespace

TEST_CASE(
    "expiry: --on-expiry wait goes on when the cookie file has a session that works, and nothing is lost") {
  const program pofetch;
  site coupa(40);
  process running(pofetch.setup(coupa.line({"--on-expiry", "wait", "--progress", "json"})));
  REQUIRE_MESSAGE(running.wait_for("\"sign_in_needed\""), running.err());
  coupa.save("localhost\tFALSE\t/\tTRUE\t0\t_coupa_session\tSTALE-VALUE\n");
  REQUIRE_MESSAGE(running.wait_for("still asks to sign in; still waiting"), running.out());
  coupa.sign_in();
  REQUIRE_MESSAGE(running.wait_for("\"signed_in\""), running.out());
  // The new session is over after 40 requests, too.
  std::size_t answered = 1;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{120};
  while (!running.wait_for("batch_finished", std::chrono::milliseconds{500}) &&
         std::chrono::steady_clock::now() < until) {
    if (count(running.out(), "\"sign_in_needed\"") == answered) continue;
    ++answered;
    coupa.sign_in();
  }
  const ended done = ended_well(running);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(has(done.out, "\"waited_seconds\""));
  CHECK(has(done.out, "\"waiting\":true"));
  CHECK_FALSE(has(done.out + done.err, "STALE-VALUE"));
  const std::string report = read_file(pofetch / "out/report.csv");
  CHECK(count(report, ",COMPLETED,") == 30);
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}

TEST_CASE("expiry: while it waits a person sees what to do, and Ctrl-C ends it within 5 s, nothing FAILED") {
  const program pofetch;
  site coupa(40);
  process running(pofetch.setup(coupa.line({"--on-expiry", "wait", "--progress", "plain"})));
  REQUIRE_MESSAGE(running.wait_for("Waiting: The session has expired. Sign in to " + coupa.sim.base_url()),
                  running.err());
  REQUIRE(running.wait_for(coupa.file("cookies.txt")));
  REQUIRE_MESSAGE(running.wait_for("waiting for a new session"), running.err());
  running.send(SIGINT);
  const auto asked = std::chrono::steady_clock::now();
  const ended done = ended_well(running);
  CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds{8});
  CHECK(done.status == 130);
  CHECK(count(done.err, "Waiting: The session") == 1);
  CHECK(has(done.err, "To go on:"));
  const std::string report = read_file(pofetch / "out/report.csv");
  CHECK(count(report, ",FAILED,") + count(report, ",NOT_FOUND,") == 0);
  CHECK(count(report, ",COMPLETED,") > 0);
  CHECK(count(report, ",PENDING,") > 0);
}

TEST_CASE("expiry: exit is the default, ends with 3, and prints the very command that goes on") {
  const program pofetch;
  site coupa(40);
  const words line = coupa.line({});
  const ended done = pofetch.run(line);
  CHECK(done.status == 3);
  CHECK_MESSAGE(has(done.err, "To go on:"), done.err);
  for (const char* part : {"pofetch run ", "--out out", "--base-url https://localhost:", "--cookies "})
    CHECK_MESSAGE(has(done.err, part), done.err);
  CHECK(count(read_file(pofetch / "out/report.csv"), ",FAILED,") == 0);
  coupa.sign_in();
  ended again = pofetch.run(line);
  for (int i = 0; again.status == 3 && i < 10; ++i) {
    coupa.sign_in();
    again = pofetch.run(line);
  }
  CHECK_MESSAGE(again.status == 0, again.err);
}

TEST_CASE("expiry, proxy: options that cannot work, exit 2, one sentence") {
  const program pofetch;
  const site coupa;
  struct row {
    words line;
    variables environs;
    const char* part;
  };
  words no_file = coupa.line({"--on-expiry", "wait"});
  no_file.erase(no_file.begin() + 6, no_file.begin() + 8);
  const row rows[] = {
      {coupa.line({"--on-expiry", "later"}), {}, "expected exit, wait or login"},
      {no_file, {}, "--on-expiry wait needs --cookies FILE"},
      {coupa.line({"--proxy", "http://me:SECRET@proxy:3128"}), {}, "--proxy must not hold a password"},
      {coupa.line({}), {{"POFETCH_PROXY", "https://me:SECRET@proxy:3128"}}, "are not supported"},
      {coupa.line({"--no-proxy", "10.0.0.0/99"}), {}, "'10.0.0.0/99' is no host, domain"},
      {coupa.line({"--client-cert", coupa.file("cookies.txt")}), {}, "there is no certificate in PEM"},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.part));
    const ended done = pofetch.run(each.line, each.environs);
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, each.part), done.err);
    CHECK_FALSE(has(done.out + done.err, "SECRET"));
    CHECK_FALSE(fs::exists(pofetch / "out"));
  }
}

TEST_CASE("proxy: one that wants a password, or is not there, exit 2 with advice; this machine needs none") {
  const program pofetch;
  site coupa;
  const origin proxy(
      [](const origin_request&, origin_peer& peer) {
        peer.reply(407, "", {{"Proxy-Authenticate", "Basic realm=\"x\""}});
      },
      plain());
  const std::string where = "127.0.0.1:" + std::to_string(proxy.port());
  const ended none = pofetch.run(coupa.line({"--proxy", "http://" + where}));
  CHECK(none.status == 2);
  CHECK_MESSAGE(has(none.err, "the proxy http://" + where + " wants a user name and a password (407)"),
                none.err);
  const ended wrong =
      pofetch.run(coupa.line({"--log-file", "log.txt"}), {{"POFETCH_PROXY", "http://me:SECRET@" + where}});
  CHECK(wrong.status == 2);
  CHECK_MESSAGE(has(wrong.err, "refuses user name or password (407)"), wrong.err);
  CHECK_FALSE(has(wrong.err + wrong.out + read_file(pofetch / "log.txt"), "SECRET"));
  const ended shown =
      pofetch.run(coupa.line({"--print-config"}),
                  {{"HTTPS_PROXY", "http://me:SECRET@" + where}, {"no_proxy", "a.com, b.com"}});
  CHECK_MESSAGE(has(shown.out, "proxy = \"http://" + where + "\"  # environment HTTPS_PROXY"), shown.out);
  CHECK_MESSAGE(has(shown.out, "no-proxy = [\"a.com\", \"b.com\"]  # environment no_proxy"), shown.out);
  CHECK_FALSE(has(shown.out, "SECRET"));
  const ended gone = pofetch.run(coupa.line({"--proxy", "http://127.0.0.1:1", "--retries", "0"}));
  CHECK(gone.status == 2);
  CHECK_MESSAGE(has(gone.err, "the proxy http://127.0.0.1:1"), gone.err);
  CHECK_FALSE(fs::exists(pofetch / "out"));
  const ended direct = pofetch.run(coupa.line({}), {{"HTTPS_PROXY", "http://127.0.0.1:1"}});
  CHECK_MESSAGE(direct.status == 0, direct.err);
}

TEST_CASE("proxy: a password that is refused in mid-run ends the run with 2, nothing FAILED") {
  const program pofetch;
  const origin proxy([](const origin_request&, origin_peer& peer) { peer.reply(407, ""); }, plain());
  pofetch.write("list.csv", "po,url\nA,https://files.example.com/a.pdf\nB,https://files.example.com/b.pdf\n");
  const ended done = pofetch.run({"run", "list.csv", "--out", "out"},
                                 {{"HTTPS_PROXY", "http://127.0.0.1:" + std::to_string(proxy.port())}});
  CHECK(done.status == 2);
  CHECK_MESSAGE(has(done.err, "(407)"), done.err);
  const std::string report = read_file(pofetch / "out/report.csv");
  CHECK(count(report, ",PENDING,") == 2);
}

TEST_CASE("trust: SSL_CERT_FILE and SSL_CERT_DIR move the system's store, --cacert adds to it") {
  const program pofetch;
  site coupa;
  words line = coupa.line({});
  line.erase(line.end() - 2, line.end());
  CHECK(pofetch.run(line).status == 2);
  const ended by_file = pofetch.run(line, {{"SSL_CERT_FILE", coupa.file("ca.pem")}});
  CHECK_MESSAGE(by_file.status == 0, by_file.err);
  fs::create_directory(pofetch / "certs");
  pofetch.write("certs/" + hashed_name(coupa.sim.ca_pem()), coupa.sim.ca_pem());
  const ended by_folder = pofetch.run(line, {{"SSL_CERT_DIR", (pofetch / "certs").string()}});
  CHECK_MESSAGE(by_folder.status == 0, by_folder.err);
}

TEST_CASE(
    "client certificate: from the command line, with the passphrase of a variable, and a word on a loose "
    "key") {
  const program pofetch;
  origin_options asking;
  asking.client_certificate = true;
  const origin server([](const origin_request&, origin_peer& peer) { peer.reply(500, ""); }, asking);
  const auto identity = server.make_client_identity("purchasing");
  pofetch.write("cert.pem", identity.certificate);
  pofetch.write("key.pem", identity.key);
  fs::permissions(pofetch / "key.pem", static_cast<fs::perms>(0644));
  pofetch.write("orders.csv", "po\n1\n");
  words line{"run",        "orders.csv",
             "--out",      "out",
             "--base-url", server.base_url(),
             "--cacert",   server.ca_file().string(),
             "--retries",  "0"};
  // With TLS 1.3 it is not the handshake that fails but the first request.
  const ended without = pofetch.run(line);
  CHECK(without.status != 0);
  CHECK_MESSAGE(has(without.err, "--client-cert FILE"), without.err);
  CHECK(server.log().empty());
  line.insert(line.end(), {"--client-cert", "cert.pem", "--client-key", "key.pem"});
  const ended with = pofetch.run(line);
  REQUIRE_FALSE(server.log().empty());
  CHECK(server.log().front().client_name == "purchasing");
  CHECK_MESSAGE(has(with.err, "private key key.pem can be read by other users"), with.err);
}

TEST_CASE(
    "cookies: an export of a whole browser, with what cannot be used in it, in both forms, which it keeps") {
  const program pofetch;
  const struct {
    const char* name;
    std::string own;  // VALUE stands for the session
    std::string others;
    const char* warning;
    const char* kept;
  } rows[] = {
      {"cookies.txt", "# mine\nlocalhost\tFALSE\t/\tTRUE\t\t_coupa_session\tVALUE\n",
       ".ads.example.com\tTRUE\t/\tFALSE\t\tid\t7\n.ads.example.com\tTRUE\t/\tFALSE\t0\tid\t7\t8\n",
       "line 4 is left out: 7 fields", "# mine\n"},
      {"state.json",
       R"({"cookies": [{"name": "_coupa_session", "value": "VALUE", "domain": "localhost", "path": "/",
  "expires": -1, "secure": true, "sameSite": "Lax"}, )",
       R"({"name": "", "value": "7", "domain": ".ads.example.com"}], "origins": [{"origin": "https://x"}]})",
       "cookie 2 is left out: it has no name", R"("origins": [{"origin": "https://x"}]})"},
  };
  for (const auto& each : rows) {
    CAPTURE(std::string(each.name));
    const site coupa;
    const std::string given = read_file(coupa.folder / "cookies.txt");
    const std::string value =
        given.substr(given.rfind('\t') + 1, given.find('\n', given.rfind('\t')) - given.rfind('\t') - 1);
    std::string text = each.own + each.others;
    text.replace(text.find("VALUE"), 5, value);
    pofetch.write(each.name, text);
    fs::permissions(pofetch / each.name, static_cast<fs::perms>(0600));
    words line = coupa.line({"--out", (pofetch / (std::string(each.name) + ".out")).string()});
    line.erase(line.begin() + 2, line.begin() + 4);
    *(std::find(line.begin(), line.end(), "--cookies") + 1) = (pofetch / each.name).string();
    *(std::find(line.begin(), line.end(), "--base-url") + 1) += "/order_headers/1?x#y";
    const ended done = pofetch.run(line);
    CHECK_MESSAGE(done.status == 0, done.err);
    CHECK_MESSAGE(has(done.err, each.warning), done.err);
    const std::string after = read_file(pofetch / each.name);
    CHECK_FALSE(has(after, value));
    CHECK(has(after, "_coupa_session"));
    CHECK(has(after, each.kept));
    CHECK(has(after, each.others));
    CHECK_FALSE(has(done.out + done.err, value));
  }
}

TEST_CASE("base-url: the address of a page is that of its instance, for plan and doctor as for run") {
  const program pofetch;
  const site coupa;
  for (const char* page : {"/", "/order_headers/1?x#y", "/user/home#top"}) {
    CAPTURE(page);
    const words reaching{"--base-url", coupa.sim.base_url() + page, "--cookies", coupa.file("cookies.txt"),
                         "--cacert",   coupa.file("ca.pem")};
    words plan{"plan", coupa.file("orders.csv")};
    plan.insert(plan.end(), reaching.begin(), reaching.end());
    const ended planned = pofetch.run(plan);
    CHECK_MESSAGE(planned.status == 0, planned.err);
    words doctor{"doctor"};
    doctor.insert(doctor.end(), reaching.begin(), reaching.end());
    const ended seen = pofetch.run(doctor);
    CHECK_MESSAGE(has(seen.out, coupa.sim.base_url() + " knows you"), seen.out);
  }
}
