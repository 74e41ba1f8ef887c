#include "cli/check_options.hpp"

#include "cli/arguments.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

settings::resolution checked(const std::vector<std::string>& line) {
  const auto parsed = parse_arguments(line);
  REQUIRE(parsed.has_value());
  const auto made = resolve(command_line_of(*parsed), settings::environment{}, std::nullopt);
  REQUIRE(made.has_value());
  return *made;
}

}  // namespace

TEST_CASE("check: good command lines pass") {
  const std::vector<std::vector<std::string>> lines = {
      {"run", "x.csv", "--out", "o"},
      {"run", "-", "--out", "o", "--base-url", "https://t.example/", "--source", "web"},
      {"run", "x", "--out", "o", "--base-url", "http://127.0.0.1:8080", "--allow-http"},
      {"run", "x", "--out", "o", "--header", "X-Thing: a:b", "--report", "r.JSON"},
      {"run", "x", "--out", "o", "--proxy", "http://u@proxy:1", "--no-proxy", "*"},
      {"plan", "x"},
      {"run", "--out", "o", "--source", "api", "--all", "--since", "2026-01-31", "--query", "status=issued",
       "--base-url", "https://t.example/", "--client-id", "me", "--secret-command", "echo x"},
      {"status", "d"},
      {"verify", "d"},
      {"report", "d", "--to", "r.jsonl"}};
  for (const auto& line : lines) {
    CAPTURE(line.front());
    const auto good = check_options(checked(line));
    CHECK_MESSAGE(good.has_value(), (good ? "" : good.error().message));
  }
}

TEST_CASE("check: what cannot work is refused before anything starts") {
  struct row {
    std::vector<std::string> line;
    const char* part;
  };
  const std::vector<row> rows = {
      {{"run"}, "needs the list"},
      {{"run", "x"}, "--out"},
      {{"plan"}, "needs the list"},
      {{"status"}, "needs the folder"},
      {{"verify"}, "needs the folder"},
      {{"report", "d"}, "--to"},
      {{"report", "d", "--to", "r.txt"}, ".csv, .json, .jsonl or .xlsx"},
      {{"report", "d", "--to", "r.xls"}, "must end in .csv, .json, .jsonl or .xlsx"},
      {{"run", "x", "--out", "o", "--report", "r"}, ".csv, .json, .jsonl or .xlsx"},
      {{"run", "x", "--out", "o", "--report", "/no/such/folder/r.csv"}, "no folder '/no/such/folder'"},
      {{"run", "x", "--out", "o", "--proxy", "http://u:pw@proxy:1"}, "--proxy must not hold a password"},
      {{"run", "x", "--out", "o", "--proxy", "u:pw@proxy:1"}, "--proxy must not hold a password"},
      {{"run", "x", "--out", "o", "--headless"}, "--headless is for --on-expiry login"},
      {{"plan", "x", "--on-expiry", "exit", "--driver", "d"}, "--driver is for --on-expiry login"},
      {{"login", "--save", "s"}, "pofetch login needs --base-url"},
      {{"login", "--base-url", "https://t.example"}, "pofetch login needs --save"},
      {{"login", "--base-url", "https://t.example", "--save", "s", "--timeout", "0s"}, "--timeout"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.part));
    const auto good = check_options(checked(each.line));
    REQUIRE_FALSE(good.has_value());
    CHECK(kind_of(good.error().code) == error_kind::usage);
    CHECK_MESSAGE(good.error().message.find(each.part) != std::string::npos, good.error().message);
    CHECK(good.error().message.find("pw@") == std::string::npos);
  }
}

TEST_CASE("check: a secret on the command line is warned about, without the secret") {
  const auto found = option_warnings(checked({"run", "x", "--header", "Authorization: Bearer geheim"}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("Authorization") != std::string::npos);
  CHECK(found[0].find("geheim") == std::string::npos);
  CHECK(option_warnings(checked({"run", "x", "--header", "X-Thing: y"})).empty());
}
