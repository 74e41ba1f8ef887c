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
                                 {{"work"}, "later version"},
                                 {{"serve"}, "later version"},
                                 {{"run", "x", "--wrokers", "2"}, "did you mean --workers?"},
                                 {{"run", "x", "--ledger", "x"}, "does not have it yet"},
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
