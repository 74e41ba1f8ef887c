#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace pofetch::test;

TEST_CASE("precedence: flag, then variable, then file, then default") {
  const program pofetch;
  const auto workers = [&](words more, variables environment) {
    words line{"run", "--print-config"};
    line.insert(line.end(), more.begin(), more.end());
    const ended done = pofetch.run(line, environment);
    CHECK(done.status == 0);
    const std::size_t at = done.out.find("\nworkers = ");
    REQUIRE(at != std::string::npos);
    return done.out.substr(at + 1, done.out.find('\n', at + 1) - at - 1);
  };
  CHECK(workers({}, {}) == "workers = 8  # default");
  std::filesystem::create_directories(pofetch / ".config/pofetch");
  pofetch.write(".config/pofetch/config.toml", "workers = 2\n");
  CHECK(workers({}, {}) ==
        "workers = 2  # file " + (pofetch / ".config/pofetch/config.toml").string() + " line 1");
  pofetch.write("pofetch.toml", "[run]\nworkers = 3\n");
  CHECK(workers({}, {}) == "workers = 3  # file pofetch.toml line 2");
  pofetch.write("mine.toml", "\nworkers = 4\n");
  CHECK(workers({"--config", "mine.toml"}, {}) == "workers = 4  # file mine.toml line 2");
  CHECK(workers({}, {{"POFETCH_WORKERS", "5"}}) == "workers = 5  # environment POFETCH_WORKERS");
  CHECK(workers({"--workers", "6"}, {{"POFETCH_WORKERS", "5"}}) == "workers = 6  # flag --workers");
}

TEST_CASE("configuration: an unknown key ends with 2 and names file, line and key") {
  const program pofetch;
  pofetch.write("pofetch.toml", "# mine\nwrokers = 3\n");
  for (const words& line : {words{"run", "--print-config"}, words{"status", "x"}}) {
    const ended done = pofetch.run(line);
    CHECK(done.status == 2);
    for (const char* part : {"pofetch.toml", "line 2", "wrokers", "did you mean workers?"}) {
      CHECK_MESSAGE(has(done.err, part), done.err);
    }
  }
  const ended missing = pofetch.run({"run", "--config", "none.toml", "--print-config"});
  CHECK(missing.status == 2);
  CHECK(has(missing.err, "none.toml"));
}

TEST_CASE("print-config: no secret, nothing started, usable as a file") {
  const program pofetch;
  const ended done = pofetch.run({"run", "--print-config", "--out", "out", "--header", "X-Key: geheim"},
                                 {{"POFETCH_COOKIE", "_coupa_session=geheim"}});
  CHECK(done.status == 0);
  CHECK_FALSE(has(done.out + done.err, "geheim"));
  CHECK(has(done.out, "header = [\"X-Key: ***\"]  # flag --header"));
  CHECK(has(done.out, "POFETCH_COOKIE"));
  CHECK_FALSE(std::filesystem::exists(pofetch / "out"));
  pofetch.write("again.toml", done.out);
  const ended again = pofetch.run({"run", "--print-config", "--config", "again.toml"});
  CHECK(again.status == 0);
  CHECK(has(again.out, "out = \"out\"  # file again.toml"));
}

TEST_CASE("environment: a misspelt variable is told") {
  const program pofetch;
  const ended done = pofetch.run({"run", "missing.csv", "--out", "o", "--base-url", "https://127.0.0.1:9"},
                                 {{"POFETCH_WORKER", "3"}});
  CHECK(done.status == 2);
  CHECK(has(done.err, "POFETCH_WORKER has no effect; did you mean POFETCH_WORKERS?"));
}
