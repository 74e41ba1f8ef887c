#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::test;

TEST_CASE("help: groups, defaults and exit states on standard output") {
  const program pofetch;
  const ended all = pofetch.run({"--help"});
  CHECK(all.status == 0);
  CHECK(all.err.empty());
  for (const char* part : {"Usage: pofetch COMMAND", "run INPUT --out DIR", "verify DIR",
                           "Speed:", "Security:", "--workers N", "[8]", "Exit status:", "130, 143"}) {
    CHECK_MESSAGE(has(all.out, part), part);
  }
  for (const char* command : {"run", "plan", "status", "verify", "report"}) {
    const ended one = pofetch.run({command, "--help"});
    CHECK(one.status == 0);
    CHECK(has(one.out, std::string("Usage: pofetch ") + command));
  }
}

TEST_CASE("version: name, version, compiler and libraries") {
  const program pofetch;
  const ended done = pofetch.run({"--version"});
  CHECK(done.status == 0);
  CHECK(done.out.starts_with("pofetch "));
  for (const char* part : {"Boost: ", "OpenSSL: ", "SQLite: ", "libxml2: "}) CHECK(has(done.out, part));
}

TEST_CASE("usage: what cannot be understood ends with 2 and one sentence") {
  const program pofetch;
  struct row {
    words line;
    const char* part;
  };
  const std::vector<row> rows = {{{}, "command is missing"},
                                 {{"frob"}, "unknown command 'frob'"},
                                 {{"stauts", "x"}, "did you mean status?"},
                                 {{"work"}, "--ledger"},
                                 {{"run", "x", "--wrokers", "2"}, "did you mean --workers?"},
                                 {{"run", "x.csv", "--out", "o", "--lease", "3s"}, "--ledger"},
                                 {{"run", "x", "--out"}, "--out needs a value"},
                                 {{"run"}, "needs the list"},
                                 {{"run", "x.csv"}, "--out"},
                                 {{"run", "x.csv", "--out", "o", "--source", "api"}, "--base-url"},
                                 {{"run", "x.csv", "--out", "o", "--workers", "0"}, "--workers"},
                                 {{"run", "x.csv", "--out", "o", "--idle-timeout", "soon"}, "--idle-timeout"},
                                 {{"status", "no-such-folder"}, "no-such-folder"},
                                 {{"verify", "no-such-folder"}, "no-such-folder"},
                                 {{"report", "no-such-folder", "--to", "r.csv"}, "no-such-folder"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.part));
    const ended done = pofetch.run(each.line);
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, each.part), done.err);
    CHECK(done.err.starts_with("pofetch: "));
    CHECK(done.out.empty());
  }
}

TEST_CASE("usage: what is said below the command line names its options") {
  const program pofetch;
  const words run{"run", "x.csv", "--out", "o"};
  struct row {
    words more;
    const char* text;
  };
  const std::vector<row> rows = {
      {{"--source", "api"}, "--source api needs --base-url URL, the instance."},
      {{"--base-url", "t.example"},
       "--base-url: expected an address such as https://tenant.coupahost.com, not 't.example'."},
      {{"--base-url", "https://u:pw@t.example"}, "--base-url must not hold a user name or password."},
      {{"--cookies", "/no/such/file"}, "the file /no/such/file, given with --cookies, is not there."},
      {{"--client-cert", "/", "--base-url", "https://t.example"},
       "the file /, given with --client-cert, is a folder."},
      {{"--client-key", "/"}, "--client-key needs --client-cert FILE, the certificate that it belongs to."},
      {{"--client-cert", "/"},
       "--client-cert needs --base-url URL: the certificate is shown to that instance alone."},
      {{"--no-proxy", "a.com,b/c"},
       "--no-proxy: 'b/c' is no host, domain, address or network (such as example.com, .example.com, "
       "10.0.0.0/8 or *)."},
      {{"--on-expiry", "wait"},
       "--on-expiry wait needs --cookies FILE: that is the file in which it waits for a new session."},
      {{"--header", "none"}, "--header: expected 'Name: value'."},
      {{"--workers", "many"}, "--workers: expected a whole number, not 'many'."},
      {{"--workers", "0"}, "--workers must be between 1 and 1024, but it is 0."},
      {{"--dedupe", "--hash", "none"},
       "--dedupe finds files of one content by their digest: it needs --hash sha256."},
      {{"--since", "2026-01-31"}, "--since and --query choose among the orders of --all; add --all"}};
  for (const row& each : rows) {
    words line = run;
    line.insert(line.end(), each.more.begin(), each.more.end());
    const ended done = pofetch.run(line);
    CHECK(done.status == 2);
    CHECK(done.err == "pofetch: " + std::string(each.text) + "\n");
  }
}

TEST_CASE("input: a list that cannot be used ends with 2, and nothing is made") {
  const program pofetch;
  pofetch.write("empty.csv", "");
  pofetch.write("blank.csv", "\n\n  \n");
  pofetch.write("binary.csv", std::string("\x7f"
                                          "ELF\x02\x01\x01\0\0\0\0\x03\0>\0\x01",
                                          16) +
                                  std::string(64, '\0'));
  pofetch.write("other.csv", "name,colour\nx,red\n");
  struct row {
    const char* input;
    std::vector<const char*> parts;
  };
  const std::vector<row> rows = {
      {"missing.csv", {"missing.csv"}}, {"empty.csv", {"empty"}}, {"blank.csv", {"no rows"}},
      {"binary.csv", {"binary.csv"}},   {".", {"folder"}},        {"other.csv", {"name", "colour"}}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.input));
    const ended done = pofetch.run({"run", each.input, "--out", "out", "--base-url", "https://127.0.0.1:9"});
    CHECK(done.status == 2);
    for (const char* part : each.parts) CHECK_MESSAGE(has(done.err, part), done.err);
    CHECK_FALSE(std::filesystem::exists(pofetch / "out"));
  }
}

TEST_CASE("cookies: a file that is not there or no cookie file ends with 2") {
  const program pofetch;
  pofetch.write("orders.csv", "po_number\n7000001\n");
  pofetch.write("bad.txt", "this is no cookie file\n");
  const words line{"run", "orders.csv", "--out", "out", "--base-url", "https://127.0.0.1:9", "--cookies"};
  for (const char* file : {"missing.txt", "bad.txt"}) {
    CAPTURE(std::string(file));
    words with = line;
    with.emplace_back(file);
    const ended done = pofetch.run(with);
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, file), done.err);
  }
}

TEST_CASE("standard output that nobody reads is no crash") {
  const program pofetch;
  process_setup setup = pofetch.setup({"-c", std::string("'") + POFETCH_PROGRAM + "' --help | head -n 1"});
  setup.program = "/bin/sh";
  process shell(setup);
  const ended done = ended_well(shell);
  CHECK(done.status == 0);
  CHECK(done.err.empty());
}
