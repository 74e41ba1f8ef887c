#include "cli/arguments.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;
using words = std::vector<std::string>;

TEST_CASE("arguments: options, flags and the operand are taken apart") {
  const auto line =
      parse_arguments({"run", "--out", "o", "list.csv", "--workers=4", "--no-breaker", "-vv", "--report",
                       "a.csv", "--report", "b.json", "--allow-http", "--config", "c.toml"});
  REQUIRE(line.has_value());
  CHECK(line->what == command::run);
  CHECK(line->operand == "list.csv");
  CHECK(line->config == "c.toml");
  CHECK(line->given.at("out") == words{"o"});
  CHECK(line->given.at("workers") == words{"4"});
  CHECK(line->given.at("breaker") == words{"false"});
  CHECK(line->given.at("verbose") == words{"2"});
  CHECK(line->given.at("report") == words{"a.csv", "b.json"});
  CHECK(line->given.at("allow-http") == words{"true"});
  CHECK(line->given.count("quiet") == 0);
}

TEST_CASE("arguments: odd but good lines") {
  CHECK(parse_arguments({"run", "-", "--out", "o"})->operand == "-");
  CHECK(parse_arguments({"run", "--out", "o", "--", "-list.csv"})->operand == "-list.csv");
  CHECK(parse_arguments({"run", "x", "--include", "[ab].pdf"})->given.at("include") == words{"[ab].pdf"});
  CHECK(parse_arguments({"run", "x", "--header", "K: a, b"})->given.at("header") == words{"K: a, b"});
  CHECK(parse_arguments({"run", "x", "--allow-http=false"})->given.at("allow-http") == words{"false"});
  CHECK(parse_arguments({"run", "x", "--workers", "1", "--workers", "2"})->given.at("workers").back() == "2");
  CHECK(parse_arguments({"run", "x", "--workers", "-1"})->given.at("workers") == words{"-1"});
  CHECK(parse_arguments({"run", "--print-config"})->print_config);
  CHECK(parse_arguments({"--version"})->version);
  CHECK(parse_arguments({"--help"})->help);
  CHECK(parse_arguments({"run", "--help"})->help);
  CHECK(parse_arguments({"run", "--help"})->what == command::run);
  CHECK_FALSE(parse_arguments({})->what.has_value());
  CHECK(parse_arguments({"status", "dir"})->operand == "dir");
  CHECK(parse_arguments({"report", "dir", "--to", "x.csv"})->given.at("to") == words{"x.csv"});
}

TEST_CASE("arguments: an option whose value may be left out takes the next word only if that is one") {
  struct row {
    words line;
    const char* operand;
    words given;
  };
  const row rows[] = {
      {{"run", "x.csv", "--refresh"}, "x.csv", {"all"}},
      {{"run", "--refresh", "x.csv"}, "x.csv", {"all"}},
      {{"run", "--refresh", "7d", "x.csv"}, "x.csv", {"7d"}},
      {{"run", "--refresh=12h", "x.csv"}, "x.csv", {"12h"}},
      {{"run", "--refresh", "7d.csv"}, "7d.csv", {"all"}},
      {{"run", "--refresh", "--", "7d"}, "7d", {"all"}},
      {{"run", "--refresh", "-"}, "-", {"all"}},
      {{"run", "x.csv", "--refresh", "--out", "o"}, "x.csv", {"all"}},
      {{"run", "x.csv", "--out", "o", "--refresh", "2w"}, "x.csv", {"2w"}},
      {{"run", "x.csv", "--refresh=soon"}, "x.csv", {"soon"}},
  };
  for (const row& r : rows) {
    const auto line = parse_arguments(r.line);
    REQUIRE(line.has_value());
    CHECK(line->operand == r.operand);
    CHECK(line->given.at("refresh") == r.given);
  }
  CHECK_FALSE(parse_arguments({"run", "--refresh", "7d", "9d", "x.csv"}).has_value());
}

TEST_CASE("arguments: what cannot be understood, refused with a hint") {
  struct row {
    words line;
    const char* part;
  };
  const std::vector<row> rows = {
      {{"runn"}, "did you mean run?"},
      {{"frobnicate"}, "there are run, plan"},
      {{"login", "x"}, "one word too many"},
      {{"doctor", "x"}, "one word too many"},
      {{"pause", "x"}, "one word too many"},
      {{"--workers", "3", "run"}, "options follow the command"},
      {{"run", "x", "--wrokers", "3"}, "did you mean --workers?"},
      {{"run", "x", "--max-con", "3"}, "no option --max-con"},
      {{"run", "x", "--qqqqqqqqqq=secret"}, "no option --qqqqqqqqqq."},
      {{"run", "x", "-z"}, "no option -z"},
      {{"run", "x", "--client-secret", "s"}, "POFETCH_CLIENT_SECRET"},
      {{"run", "x", "--cookie", "a=b"}, "POFETCH_COOKIE"},
      {{"status", "d", "--workers", "3"}, "it is for pofetch run, plan, work, doctor, submit"},
      {{"run", "x", "--version"}, "stands alone"},
      {{"run", "x", "y"}, "'y' is one input too many"},
      {{"status", "x", "y"}, "one folder too many"},
      {{"run", "x", "--out"}, "--out needs a value"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.part));
    const auto line = parse_arguments(each.line);
    REQUIRE_FALSE(line.has_value());
    CHECK(line.error().code == errc::config);
    CHECK_MESSAGE(line.error().message.find(each.part) != std::string::npos, line.error().message);
  }
}

TEST_CASE("arguments: a value behind an unknown option is not repeated") {
  const auto line = parse_arguments({"run", "x", "--pasword=hunter2"});
  REQUIRE_FALSE(line.has_value());
  CHECK(line.error().message.find("hunter2") == std::string::npos);
}
