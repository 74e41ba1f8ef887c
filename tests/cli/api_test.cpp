// The source `api` as a user starts it: every credential that is missing, wrong or cannot be read.
#include "cli/program.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

using pofetch::test::first_line;

/// The line of a run over the API, without credentials.
words api_line(const coupa& site, const words& more) {
  words line{"run",          site.file("orders.csv"),
             "--out",        "out",
             "--source",     "api",
             "--base-url",   site.base_url(),
             "--cacert",     site.file("ca.pem"),
             "--token-wait", "0s",
             "--retries",    "1"};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("api: the secret from a file, a command or the environment, and no secret in anything written") {
  const program pofetch;
  const coupa site({"--pos", "5", "--attachments", "1-2", "--size", "1k-2k", "--api-rate", "0",
                    "--redirect-downloads", "50"});
  const std::string secret = first_line(site.file("client-secret"));
  const std::string key = first_line(site.file("api-key"));
  REQUIRE(secret.size() > 20);
  for (const char* name : {"client-secret", "api-key"})
    CHECK((fs::status(site.file(name)).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
  struct row {
    const char* out;
    words options;
    variables environment;
  };
  const row rows[] = {
      {"file", {"--client-id", "coupa-sim", "--client-secret-file", site.file("client-secret")}, {}},
      {"command",
       {"--client-id", "coupa-sim", "--secret-command", "cat '" + site.file("client-secret") + "'"},
       {}},
      {"variable", {"--client-id", "coupa-sim"}, {{"POFETCH_CLIENT_SECRET", secret}}},
      {"key", {}, {{"POFETCH_API_KEY", key}}},
  };
  for (const row& each : rows) {
    CAPTURE(each.out);
    words more = each.options;
    more.insert(more.end(),
                {"--log-file", "log.txt", "-vv", "--report", "r.json", "--requests-per-second", "1000"});
    words line = api_line(site, more);
    line[3] = each.out;
    const ended done = pofetch.run(line, each.environment);
    CHECK_MESSAGE(done.status == 0, done.err);
    std::string all = done.out + done.err + read_file(pofetch / "log.txt") + read_file(pofetch / "r.json");
    for (const auto& entry : fs::recursive_directory_iterator(pofetch / each.out))
      if (entry.is_regular_file()) all += read_file(entry.path());
    CHECK(has(all, "COMPLETED"));
    CHECK_FALSE(has(all, secret));
    CHECK_FALSE(has(all, key));
    CHECK_FALSE(has(all, "sim-token-"));
    const ended shown = pofetch.run(
        [&] {
          words print = line;
          print.push_back("--print-config");
          return print;
        }(),
        each.environment);
    CHECK(shown.status == 0);
    CHECK_FALSE(has(shown.out, secret));
    CHECK_FALSE(has(shown.out, key));
  }
}

TEST_CASE("api: what is missing ends with 2, what is refused with 3, each with one clear sentence") {
  const program pofetch;
  const coupa site({"--pos", "3", "--api-rate", "0"});
  pofetch.write("empty", "\n");
  pofetch.write("wrong", "wr0ng-s3cret\n");
  struct row {
    words options;
    variables environment;
    int status;
    const char* part;
  };
  const words id{"--client-id", "coupa-sim"};
  const auto with = [&id](const words& more) {
    words all = id;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const row rows[] = {
      {{}, {}, 2, "needs credentials"},
      {{}, {{"POFETCH_CLIENT_SECRET", "wr0ng"}}, 2, "--client-id is missing"},
      {id, {}, 2, "needs its secret"},
      {with({"--client-secret-file", "none"}), {}, 2, "--client-secret-file"},
      {with({"--client-secret-file", "empty"}), {}, 2, "nothing in its first line"},
      {with({"--client-secret-file", "wrong", "--secret-command", "true"}), {}, 2, "not both"},
      {with({"--secret-command", "false"}), {}, 2, "false, the --secret-command, failed with exit status 1"},
      {with({"--secret-command", "no-such-program-here"}), {}, 2, "cannot be started"},
      {with({"--secret-command", "true"}), {}, 2, "printed no secret"},
      {with({"--secret-command", "echo 'x"}), {}, 2, "a quote in --secret-command does not end"},
      {with({"--client-secret-file", "wrong", "--on-expiry", "wait"}), {}, 2, "--on-expiry wait is for"},
      {with({"--client-secret-file", "wrong"}), {}, 3, "invalid_client"},
      {{"--client-id", "nobody"}, {{"POFETCH_CLIENT_SECRET", "wr0ng"}}, 3, "invalid_client"},
      {with({"--secret-command", "cat " + site.file("client-secret"), "--scope", "core.all"}),
       {},
       3,
       "invalid_scope"},
      {with({"--secret-command", "cat " + site.file("client-secret"), "--scope", "core.requisition.read"}),
       {},
       3,
       "core.purchase_order.read"},
      {{}, {{"POFETCH_API_KEY", "wr0ng"}}, 3, "401"},
  };
  for (const row& each : rows) {
    CAPTURE(each.part);
    fs::remove_all(pofetch / "out");
    const ended done = pofetch.run(api_line(site, each.options), each.environment);
    CHECK_MESSAGE(done.status == each.status, done.err);
    CHECK_MESSAGE(has(done.err, each.part), done.err);
    CHECK_FALSE(has(done.err, "wr0ng"));
    CHECK_FALSE(has(done.err, "***"));  // the sentence itself was taken for a secret
    CHECK(lines_with(done.err, "pofetch: ") >= 1);
    CHECK(fs::exists(pofetch / "out") == (each.status == 3));
    if (each.status == 3) CHECK(has(done.err, "still PENDING"));
  }
}

TEST_CASE("api: all orders of the instance in place of a list, and the advice repeats the command") {
  const program pofetch;
  const coupa site(
      {"--pos", "7", "--attachments", "1", "--size", "1k-1k", "--api-rate", "0", "--missing-files", "100"});
  words line{"run",
             "--all",
             "--query",
             "status=issued",
             "--out",
             "out",
             "--source",
             "api",
             "--base-url",
             site.base_url(),
             "--cacert",
             site.file("ca.pem"),
             "--token-wait",
             "0s",
             "--client-id",
             "coupa-sim",
             "--client-secret-file",
             site.file("client-secret")};
  const ended done = pofetch.run(line);
  CHECK_MESSAGE(done.status == 1, done.err);
  CHECK_MESSAGE(has(done.err, "pofetch run --"), done.err);
  CHECK(has(done.err, "--all"));
  const ended status = pofetch.run({"status", "out"});
  CHECK(status.status == 0);
}

TEST_CASE("api: the address of a page of the instance, its origin is meant") {
  const program pofetch;
  const coupa site({"--pos", "3"});
  words line =
      api_line(site, {"--client-id", "coupa-sim", "--client-secret-file", site.file("client-secret")});
  line[7] += "/order_headers/1?x#y";
  const ended done = pofetch.run(line);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(fs::exists(pofetch / "out/report.csv"));
}
