// pofetch doctor on the real program, against coupa-sim and what is wrong around it.
#include "cli/doctor_fixture.hpp"
#include "support/sealed_folder.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

std::string first_order(const coupa& site) {
  const std::string list = read_file(site.file("orders.csv"));
  const std::size_t line = list.find('\n') + 1;
  return list.substr(line, list.find_first_of(",\r\n", line) - line);
}

}  // namespace

TEST_CASE("doctor: everything in order: every line OK, advice, 0, and nothing is made in the folder") {
  const program pofetch;
  const coupa site({"--pos", "5", "--latency", "20"});
  const std::string cookies = read_file(site.file("cookies.txt"));
  const words line = with(site.access(), {"--out", "new/out", "--order", first_order(site)});
  const ended done = pofetch.run(doctor_line(line));
  CHECK_MESSAGE(done.status == 0, (done.out + done.err));
  const found seen(done);
  for (const char* check : {"config", "folder", "space", "names", "address", "proxy", "connection", "tls",
                            "sign_in", "purchase_order", "latency"})
    CHECK_MESSAGE(seen.level(check) == "OK", (std::string(check) + done.out));
  CHECK_MESSAGE(has(seen.of("tls", "text"), "issued by CN="), done.out);
  CHECK(has(seen.of("tls", "text"), "valid until 20"));
  CHECK_MESSAGE(has(seen.of("parallel", "text"), "answers per second:"), done.out);
  CHECK(has(seen.of("parallel", "text"), " with 16"));
  CHECK(seen.whole.at("advice").at("max_connections").as_int64() > 1);
  CHECK(seen.whole.at("advice").at("workers").as_int64() >= 1);
  CHECK_FALSE(fs::exists(pofetch / "new"));
  // The session is not shown, and a newer one is kept for the run.
  const std::size_t value = cookies.rfind('\t') + 1;
  CHECK_FALSE(has(done.out + done.err, cookies.substr(value, 8)));
  CHECK(pofetch.run(site.run_line("out")).status == 0);
}

TEST_CASE("doctor: for people it is a line each, with the next step; what is not asked for is said") {
  const program pofetch;
  const ended done = pofetch.run({"doctor"});
  CHECK_MESSAGE(done.status == 0, (done.out + done.err));
  CHECK(has(done.out, "OK    config"));
  CHECK(has(done.out, "WARN  folder"));
  CHECK(has(done.out, "-> give it with --out DIR"));
  CHECK(has(done.out, "-> give it with --base-url URL"));
}

TEST_CASE("doctor: what is wrong is a FAIL with a next step, and the worst decides how it ends") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  pofetch.write("stale.txt", "#HttpOnly_localhost\tFALSE\t/\tTRUE\t0\t_coupa_session\tstale\n");
  fs::permissions(pofetch / "stale.txt", static_cast<fs::perms>(0600));
  pofetch.write("file", "no folder");
  const words trusted{"--base-url", site.base_url(), "--cacert", site.file("ca.pem")};
  struct row {
    words line;
    int status;
    const char* check;
    const char* part;
  };
  const row rows[] = {
      {trusted, 3, "sign_in", "asks to sign in"},
      {with(trusted, {"--cookies", "stale.txt"}), 3, "sign_in", "asks to sign in"},
      {with(trusted, {"--cookies", "file"}), 2, "sign_in", "file"},
      {{"--base-url", site.base_url()}, 2, "tls", "that this machine does not trust"},
      {{"--base-url", site.base_url()}, 2, "tls", "issued by CN="},
      {{"--base-url", "https://no-such-host.invalid"},
       2,
       "address",
       "no-such-host.invalid cannot be resolved"},
      {{"--base-url", "https://127.0.0.1:1"}, 2, "connection", "127.0.0.1:1"},
      {with(trusted, {"--proxy", "http://127.0.0.1:1"}), 2, "proxy", "the proxy http://127.0.0.1:1"},
      {{"--out", "file/out"}, 2, "folder", "is no folder"},
      {{"--workers", "0"}, 2, "config", "--workers"},
      {{"--base-url", "ftp://x"}, 2, "config", "--base-url"},
      {{"--cacert", "gone.pem"}, 2, "config", "gone.pem"},
  };
  for (const row& each : rows) {
    CAPTURE(each.line.back());
    CAPTURE(std::string(each.part));
    const ended done = pofetch.run(doctor_line(each.line));
    CHECK_MESSAGE(done.status == each.status, (done.out + done.err));
    const found seen(done);
    CHECK_MESSAGE(seen.level(each.check) == "FAIL", done.out);
    CHECK_MESSAGE(has(seen.of(each.check, "text"), each.part), done.out);
    CHECK(seen.of(each.check, "next_step") != "");
    CHECK_FALSE(has(done.out + done.err, "stale\t"));
  }
}

TEST_CASE("doctor: a folder in which nothing can be made is worse than a sign-in that is needed") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  const sealed_folder sealed;
  if (!sealed.is_sealed()) {
    MESSAGE("SKIPPED: no folder can be made read-only for root here");
    return;
  }
  const words out{"--out", (sealed / "out").string()};
  for (const words& line :
       {out, with({"--base-url", site.base_url(), "--cacert", site.file("ca.pem")}, out)}) {
    const ended done = pofetch.run(doctor_line(line));
    CHECK_MESSAGE(done.status == 4, (done.out + done.err));
    const found seen(done);
    CHECK(seen.level("folder") == "FAIL");
    CHECK_MESSAGE(has(seen.of("folder", "text"), "no folder can be made in '" + sealed.path().string() + "'"),
                  done.out);
    CHECK(seen.of("folder", "next_step") != "");
    if (line.size() > out.size()) CHECK_MESSAGE(has(seen.of("sign_in", "text"), "asks to sign in"), done.out);
  }
}

TEST_CASE("doctor: an order that is not there, and an instance that slows down, are told and cost nothing") {
  const program pofetch;
  const coupa site({"--pos", "1", "--rate", "12"});
  const ended done = pofetch.run(doctor_line(with(site.access(), {"--order", "999999999"})));
  CHECK_MESSAGE(done.status == 0, done.out);
  const found seen(done);
  CHECK(seen.level("purchase_order") == "WARN");
  CHECK_MESSAGE(has(seen.of("purchase_order", "next_step"), "look at the number"), done.out);
  CHECK_MESSAGE(seen.level("latency") != "FAIL", done.out);
  CHECK_MESSAGE((seen.level("parallel") == "WARN" || seen.level("latency") == "WARN"), done.out);
}

TEST_CASE("doctor: for a list of addresses the way is looked at, and what the list has itself is not asked") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  const words there{"--base-url", site.base_url(), "--cacert", site.file("ca.pem"), "--source", "manifest"};
  const ended done = pofetch.run(doctor_line(there));
  CHECK_MESSAGE(done.status == 0, (done.out + done.err));
  const found seen(done);
  CHECK(seen.level("tls") == "OK");
  CHECK_MESSAGE(has(seen.of("sign_in", "text"), "a list of addresses names its files itself"), done.out);
  CHECK(seen.level("purchase_order") == "");
}
