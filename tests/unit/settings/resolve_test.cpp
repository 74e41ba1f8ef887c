#include "settings/resolve.hpp"

#include "settings/setting.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::settings;
using words = std::vector<std::string>;
using variables = std::map<std::string, std::string, std::less<>>;

namespace {

std::optional<config_file> file_with(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto entries = read_toml(text);
  REQUIRE_MESSAGE(entries.has_value(), text);
  return config_file{"pofetch.toml", *entries};
}

/// What the command line would make of these words: `run x --workers 7`, `--quiet=loud`.
command_line line_of(const words& line) {
  command_line made;
  for (const command each : all_commands)
    if (to_string(each) == line.front()) made.what = each;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (!line[i].starts_with("--")) {
      made.operand = line[i];
      continue;
    }
    const std::size_t equals = line[i].find('=');
    const std::string value = equals == std::string::npos ? line[i + 1] : line[i].substr(equals + 1);
    made.given[line[i].substr(2, equals - 2)].push_back(value);
    i += equals == std::string::npos ? 1 : 0;
  }
  return made;
}

result<resolution> decide(const words& line, const variables& environs, const std::string& toml) {
  return resolve(line_of(line), environment(environs), file_with(toml));
}

}  // namespace

TEST_CASE("resolve: flag beats environment beats file beats default") {
  struct row {
    words line;
    variables environs;
    const char* toml;
    unsigned wanted;
    origin from;
    const char* where;
  };
  const std::vector<row> rows = {
      {{"run", "x"}, {}, "", 8, origin::preset, ""},
      {{"run", "x"}, {}, "workers = 5", 5, origin::file, "pofetch.toml line 1"},
      {{"run", "x"}, {{"POFETCH_WORKERS", "6"}}, "", 6, origin::environment, "POFETCH_WORKERS"},
      {{"run", "x"}, {{"POFETCH_WORKERS", "6"}}, "workers = 5", 6, origin::environment, "POFETCH_WORKERS"},
      {{"run", "x", "--workers", "7"}, {}, "", 7, origin::flag, "workers"},
      {{"run", "x", "--workers", "7"}, {}, "workers = 5", 7, origin::flag, "workers"},
      {{"run", "x", "--workers", "7"}, {{"POFETCH_WORKERS", "6"}}, "", 7, origin::flag, "workers"},
      {{"run", "x", "--workers", "7"}, {{"POFETCH_WORKERS", "6"}}, "workers = 5", 7, origin::flag, "workers"},
      {{"run", "x"}, {{"POFETCH_WORKERS", ""}}, "workers = 5", 5, origin::file, "pofetch.toml line 1"},
      {{"run", "x"}, {}, "workers = 5\n[run]\nworkers = 9", 9, origin::file, "pofetch.toml line 3"},
      {{"run", "x"}, {}, "workers = 5\n[plan]\nworkers = 9", 5, origin::file, "pofetch.toml line 1"},
      {{"plan", "x"}, {}, "workers = 5\n[plan]\nworkers = 9", 9, origin::file, "pofetch.toml line 3"}};
  for (const row& each : rows) {
    CAPTURE(each.wanted);
    CAPTURE(std::string(each.toml));
    const auto decided = decide(each.line, each.environs, each.toml);
    REQUIRE(decided.has_value());
    CHECK(decided->values.batch.pool.workers == each.wanted);
    const auto found = decided->origins.find(std::string_view("workers"));
    const settled source = found == decided->origins.end() ? settled{} : found->second;
    CHECK(source.from == each.from);
    CHECK(source.where == each.where);
  }
}

TEST_CASE("resolve: every setting can come from a variable and from a file") {
  const std::map<std::string, std::string> samples = {
      {"source", "manifest"},    {"report", "r.csv"},
      {"to", "r.csv"},           {"requests-per-second", "3.5"},
      {"limit-rate", "3M"},      {"max-file-size", "7M"},
      {"connect-timeout", "3s"}, {"idle-timeout", "4s"},
      {"request-timeout", "5s"}, {"breaker", "false"},
      {"adaptive", "false"},     {"retry-skipped", "true"},
      {"hash", "none"},          {"durability", "file"},
      {"allow-http", "true"},    {"progress", "json"},
      {"verbose", "2"},          {"quiet", "true"},
      {"header", "A: b"},        {"on-expiry", "wait"},
      {"headless", "true"},      {"timeout", "9m"},
      {"json", "true"},          {"all", "true"},
      {"token-wait", "9s"},      {"dedupe", "true"},
      {"folder-status", "true"}, {"visible-rows", "true"},
      {"refresh", "7d"},         {"plain-http", "true"},
      {"watch", "true"},         {"max-list", "3M"},
      {"min-free", "4M"},        {"keep", "9d"},
      {"keep-failed", "12h"},    {"lease", "2s"},
      {"ledger-timeout", "3m"},  {"ledger", "postgresql://db/po"}};
  for (const setting& each : all_settings()) {
    const std::string name(each.name);
    CAPTURE(name);
    const auto sample = samples.find(name);
    const bool number = each.kind == setting_kind::number;
    const std::string value = sample != samples.end() ? sample->second : number ? "3" : "text";
    const words line = belongs_to(each, command::run)      ? words{"run", "x"}
                       : belongs_to(each, command::login)  ? words{"login"}
                       : belongs_to(each, command::doctor) ? words{"doctor"}
                       : belongs_to(each, command::serve)  ? words{"serve"}
                       : belongs_to(each, command::submit) ? words{"submit", "x"}
                                                           : words{"report", "x"};
    const auto by_variable = decide(line, {{variable_name(name), value}}, "");
    REQUIRE(by_variable.has_value());
    CHECK(each.show(by_variable->values) == words{value});
    const auto by_file = decide(line, {}, name + " = " + "'" + value + "'");
    REQUIRE(by_file.has_value());
    CHECK(each.show(by_file->values) == words{value});
    CHECK(each.show(options{}) != words{value});
  }
}

TEST_CASE("resolve: lists are split where that is said, and replaced as a whole") {
  const auto by_flag =
      decide({"run", "x", "--allow-host", "a, b", "--allow-host", "c"}, {}, "allow-host = ['z']");
  CHECK(by_flag->values.batch.pool.allow_hosts == words{"a", "b", "c"});
  const auto headers = decide({"run", "x"}, {{"POFETCH_HEADER", "A: 1, 2\nB: 3\n"}}, "");
  CHECK(headers->values.batch.headers == words{"A: 1, 2", "B: 3"});
  const auto emptied = decide({"run", "x"}, {}, "include = []");
  CHECK(emptied->values.batch.pool.include.empty());
  const auto several = decide({"run", "x"}, {}, "include = ['*.pdf', 'a,b']");
  CHECK(several->values.batch.pool.include == words{"*.pdf", "a,b"});
}

TEST_CASE("resolve: the cookie comes from its variable, for the commands that fetch") {
  CHECK(decide({"run", "x"}, {{"POFETCH_COOKIE", "s=1"}}, "")->values.batch.cookie_header == "s=1");
  CHECK(decide({"status", "x"}, {{"POFETCH_COOKIE", "s=1"}}, "")->values.batch.cookie_header.empty());
}

TEST_CASE("resolve: what cannot be used, refused with its place") {
  struct row {
    words line;
    variables environs;
    const char* toml;
    std::vector<const char*> parts;
  };
  const std::vector<row> rows = {
      {{"run", "x", "--workers", "many"}, {}, "", {"workers: ", "'many'"}},
      {{"run", "x", "--workers", "-1"}, {}, "", {"workers: ", "'-1'"}},
      {{"run", "x", "--workers", "4294967296"}, {}, "", {"workers: ", "too large"}},
      {{"run", "x", "--quiet=loud"}, {}, "", {"quiet: ", "'loud'"}},
      {{"run", "x", "--source", "ftp"}, {}, "", {"auto, web, api or manifest"}},
      {{"run", "x", "--hash", "md5"}, {}, "", {"sha256 or none"}},
      {{"run", "x", "--progress", "loud"}, {}, "", {"progress: ", "bar"}},
      {{"run", "x", "--out", ""}, {}, "", {"out: "}},
      {{"run", "x"}, {{"POFETCH_RETRIES", "x"}}, "", {"POFETCH_RETRIES", "'x'"}},
      {{"run", "x"}, {}, "\nretries = 'x'", {"pofetch.toml line 2", "'x'"}},
      {{"run", "x"}, {}, "wrokers = 3", {"pofetch.toml", "line 1", "'wrokers'", "did you mean workers?"}},
      {{"run", "x"}, {}, "client-key-password = 'p'", {"POFETCH_CLIENT_KEY_PASSWORD"}},
      {{"run", "x", "--on-expiry", "later"}, {}, "", {"on_expiry: ", "expected exit, wait or login"}},
      {{"run", "x"}, {}, "cookie = 's=1'", {"POFETCH_COOKIE"}},
      {{"run", "x"}, {}, "[runn]\nworkers = 3", {"line 2", "[runn]"}},
      {{"run", "x"}, {}, "[status]\nworkers = 3", {"line 2", "status has no setting 'workers'"}},
      {{"run", "x"}, {}, "workers = [3]", {"line 1", "one value"}},
      {{"status", "x"}, {}, "wrokers = 3", {"'wrokers'"}},
      {{"run", "x"}, {}, "config = 'other'", {"'config'"}}};
  for (const row& each : rows) {
    const auto decided = decide(each.line, each.environs, each.toml);
    CAPTURE(std::string(each.toml));
    REQUIRE_FALSE(decided.has_value());
    CHECK(decided.error().code == errc::config);
    for (const char* part : each.parts) {
      CHECK_MESSAGE(decided.error().message.find(part) != std::string::npos, decided.error().message);
    }
  }
}

TEST_CASE("resolve: settings of other commands may stand at the top of the file") {
  const auto decided = decide({"status", "x"}, {}, "workers = 3\nto = 'x.csv'");
  REQUIRE(decided.has_value());
  CHECK(decided->values.batch.pool.workers == 8);
  CHECK(decided->values.batch.out == "x");
}

TEST_CASE("resolve: the machine's proxy stands below every setting of pofetch itself") {
  struct row {
    words line;
    variables environs;
    const char* toml;
    const char* proxy;
    bool loopback;
    const char* where;
  };
  const std::vector<row> rows = {
      {{"run", "x"}, {}, "", "", false, nullptr},
      {{"run", "x"}, {{"HTTPS_PROXY", "http://a:1"}}, "", "http://a:1", false, "HTTPS_PROXY"},
      {{"run", "x"},
       {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", "http://b:1"}},
       "",
       "http://b:1",
       false,
       "https_proxy"},
      {{"run", "x"}, {{"ALL_PROXY", "http://a:1"}}, "", "http://a:1", false, "ALL_PROXY"},
      {{"run", "x"},
       {{"ALL_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:1"}},
       "",
       "http://b:1",
       false,
       "HTTPS_PROXY"},
      {{"run", "x"}, {{"HTTP_PROXY", "http://a:1"}, {"http_proxy", "http://a:1"}}, "", "", false, nullptr},
      {{"run", "x"},
       {{"HTTPS_PROXY", "http://a:1"}},
       "proxy = 'http://c:1'",
       "http://c:1",
       true,
       "pofetch.toml line 1"},
      {{"run", "x"},
       {{"HTTPS_PROXY", "http://a:1"}, {"POFETCH_PROXY", "http://d:1"}},
       "proxy = 'http://c:1'",
       "http://d:1",
       true,
       "POFETCH_PROXY"},
      {{"run", "x", "--proxy", "http://e:1"},
       {{"POFETCH_PROXY", "http://d:1"}},
       "",
       "http://e:1",
       true,
       "proxy"},
      {{"run", "x", "--proxy", ""}, {{"HTTPS_PROXY", "http://a:1"}}, "", "", true, "proxy"},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.proxy));
    const auto made = decide(each.line, each.environs, each.toml);
    REQUIRE(made.has_value());
    CHECK(made->values.batch.network.proxy == each.proxy);
    CHECK(made->values.batch.network.proxy_loopback == each.loopback);
    const auto from = made->origins.find("proxy");
    CHECK((from != made->origins.end()) == (each.where != nullptr));
    if (each.where != nullptr && from != made->origins.end()) CHECK(from->second.where == each.where);
  }
}

TEST_CASE("resolve: NO_PROXY of the machine, and the one for pofetch in its place") {
  const auto machine = decide({"run", "x"}, {{"NO_PROXY", "a.com, .b.com 10.0.0.0/8,http://odd/,,"}}, "");
  REQUIRE(machine.has_value());
  CHECK(machine->values.batch.network.no_proxy == words{"a.com", ".b.com", "10.0.0.0/8"});
  const auto own = decide({"run", "x", "--no-proxy", "c.com,d.com"}, {{"no_proxy", "a.com"}}, "");
  REQUIRE(own.has_value());
  CHECK(own->values.batch.network.no_proxy == words{"c.com", "d.com"});
}

TEST_CASE("environment: misspelt variables, one warning each") {
  const environment some({{"POFETCH_WORKER", "3"},
                          {"POFETCH_LEDGER", "u:secret"},
                          {"POFETCH_PROXY", "http://u:secret@p"},
                          {"POFETCH_WORKERS", "3"},
                          {"POFETCH_COOKIE", "s=1"},
                          {"POFETCH_SOMETHING_ELSE", "x"},
                          {"POFETCH_RETRYS", ""},
                          {"WORKERS", "3"}});
  const auto found = some.warnings();
  REQUIRE(found.size() == 1);
  CHECK(found[0] == "POFETCH_WORKER has no effect; did you mean POFETCH_WORKERS?");
}
