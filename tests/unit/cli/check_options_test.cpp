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
      {{"run", "x", "--out", "o", "--source", "api"}, "--source api needs --base-url"},
      {{"run", "x", "--out", "o", "--client-secret-file", "/no/such/file"}, "--client-secret-file"},
      {{"plan"}, "needs the list"},
      {{"status"}, "needs the folder"},
      {{"verify"}, "needs the folder"},
      {{"report", "d"}, "--to"},
      {{"report", "d", "--to", "r.txt"}, ".csv, .json, .jsonl or .xlsx"},
      {{"report", "d", "--to", "r.xls"}, "must end in .csv, .json, .jsonl or .xlsx"},
      {{"run", "x", "--out", "o", "--report", "r"}, ".csv, .json, .jsonl or .xlsx"},
      {{"run", "x", "--out", "o", "--report", "/no/such/folder/r.csv"}, "no folder '/no/such/folder'"},
      {{"run", "x", "--out", "o", "--source", "web"}, "--base-url"},
      {{"run", "x", "--out", "o", "--base-url", "tenant.example"}, "expected an address"},
      {{"run", "x", "--out", "o", "--base-url", "ftp://tenant.example"}, "expected an address"},
      {{"run", "x", "--out", "o", "--base-url", "http://127.0.0.1"}, "plain HTTP"},
      {{"run", "x", "--out", "o", "--base-url", "https://u:pw@t.example"}, "user name or password"},
      {{"run", "x", "--out", "o", "--cookies", "/no/such/file"},
       "the file /no/such/file, given with --cookies, is not there"},
      {{"run", "x", "--out", "o", "--cookies", "/"}, "is a folder"},
      {{"run", "x", "--out", "o", "--cacert", "/no/such/file"}, "--cacert"},
      {{"run", "x", "--out", "o", "--proxy", "http://u:pw@proxy:1"}, "--proxy must not hold a password"},
      {{"run", "x", "--out", "o", "--proxy", "u:pw@proxy:1"}, "--proxy must not hold a password"},
      {{"run", "x", "--out", "o", "--no-proxy", "a.com,b/c"}, "'b/c' is no host"},
      {{"run", "x", "--out", "o", "--on-expiry", "wait"}, "--on-expiry wait needs --cookies"},
      {{"run", "x", "--out", "o", "--headless"}, "--headless is for --on-expiry login"},
      {{"plan", "x", "--on-expiry", "exit", "--driver", "d"}, "--driver is for --on-expiry login"},
      {{"login", "--save", "s"}, "pofetch login needs --base-url"},
      {{"login", "--base-url", "https://t.example"}, "pofetch login needs --save"},
      {{"login", "--base-url", "https://t.example", "--save", "s", "--timeout", "0s"}, "--timeout"},
      {{"login", "--base-url", "http://t.example", "--save", "s"}, "plain HTTP"},
      {{"run", "x", "--out", "o", "--client-key", "/dev/null"}, "--client-key needs --client-cert"},
      {{"run", "x", "--out", "o", "--client-cert", "/dev/null"}, "--client-cert needs --base-url"},
      {{"run", "x", "--out", "o", "--base-url", "https://t.example", "--client-cert", "/no/such/file"},
       "given with --client-cert, is not there"},
      {{"run", "x", "--out", "o", "--header", "no colon"}, "--header"},
      {{"run", "x", "--out", "o", "--header", "bad name: x"}, "--header"},
      {{"run", "x", "--out", "o", "--header", "A: x\x01y"}, "control characters"},
      {{"run", "x", "--out", "o", "--workers", "0"}, "--workers"},
      {{"run", "x", "--out", "o", "--workers", "5000"}, "--workers"},
      {{"run", "x", "--out", "o", "--retries", "101"}, "--retries"}};
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
