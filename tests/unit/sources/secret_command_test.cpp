#include "sources/coupa_api/token/secret_command.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {
namespace {

using namespace std::chrono_literals;
using words = std::vector<std::string>;
using test::must;

const std::function<bool()> goes_on = [] { return false; };

result<std::string> run(const std::string& command, std::chrono::milliseconds limit = 20s) {
  return run_secret_command(command, limit, goes_on);
}

}  // namespace

TEST_CASE("secret command: words as a shell cuts them, and nothing else has a meaning") {
  const struct {
    const char* text;
    words expected;
  } rows[] = {
      {"op read secret", {"op", "read", "secret"}},
      {"  a\tb  ", {"a", "b"}},
      {"a 'b c' \"d e\"", {"a", "b c", "d e"}},
      {"a'b'c", {"abc"}},
      {"a '' b", {"a", "", "b"}},
      {R"(a \"b\ c "d\"e" 'f\g')", {"a", "\"b c", "d\"e", "f\\g"}},
      {"echo $HOME; rm -rf / | x > y `z` *",
       {"echo", "$HOME;", "rm", "-rf", "/", "|", "x", ">", "y", "`z`", "*"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(must(command_words(row.text)) == row.expected);
  }
  for (const char* bad : {"", "  ", "a 'b", "a \"b", "''"})
    CHECK_MESSAGE(command_words(bad).has_error(), bad);
}

TEST_CASE("secret command: the first line, trimmed, of a command that no shell has touched") {
  CHECK(must(run("printf '  first \\nsecond\\n'")) == "first");
  CHECK(must(run("echo '$HOME;' \"`id`\"")) == "$HOME; `id`");
  CHECK(must(run("/bin/sh -c 'read x || echo empty-input'")) == "empty-input");
  // More than a pipe holds is read to its end, so that the command does.
  CHECK(must(run("/bin/sh -c 'echo s3; head -c 300000 /dev/zero'")) == "s3");
}

TEST_CASE("secret command: every way to fail is said, without arguments and output") {
  const struct {
    const char* command;
    const char* part;
  } rows[] = {
      {"/no/such/program geheim", "/no/such/program, the secret_command, cannot be started"},
      {"/bin/sh -c 'echo geheim; exit 3'", "exit status 3"},
      {"/bin/sh -c 'echo geheim; kill -9 $$'", "signal 9"},
      {"true geheim", "printed no secret"},
      {"echo", "printed no secret"},
      {"printf '\\ngeheim'", "printed no secret"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.command);
    const auto got = run(row.command);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == errc::config);
    CHECK_MESSAGE(got.error().message.find(row.part) != std::string::npos, got.error().message);
    CHECK(got.error().message.find("geheim") == std::string::npos);
  }
}

TEST_CASE("secret command: one that does not end is killed, and one that is no longer wanted too") {
  // The first closes its output, so that only its end is waited for.
  for (const char* command : {"sleep 600", "/bin/sh -c 'exec >&-; exec sleep 600'"}) {
    const auto late = run(command, 100ms);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == errc::config);
    CHECK(late.error().message.find("not done") != std::string::npos);
  }
  const auto stopped = run_secret_command("sleep 600", 600s, [] { return true; });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == errc::cancelled);
}

}  // namespace pofetch::sources
