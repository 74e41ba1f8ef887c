#include "cli/text/print_config.hpp"

#include "cli/options.hpp"
#include "cli/text/printable.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace pofetch;
using namespace pofetch::cli;
using variables = std::map<std::string, std::string, std::less<>>;

namespace {

using pofetch::test::has;

settings::resolution decided(const std::vector<std::string>& line, const variables& environs,
                             const std::optional<settings::config_file>& file = std::nullopt) {
  const auto parsed = parse_arguments(line);
  REQUIRE(parsed.has_value());
  const auto made = resolve(command_line_of(*parsed), settings::environment(environs), file);
  REQUIRE(made.has_value());
  return *made;
}

}  // namespace

TEST_CASE("print-config: every value with the place it comes from") {
  const auto entries = settings::read_toml("idle-timeout = '7s'");
  const variables environs{{"POFETCH_RETRIES", "2"}};
  const std::string text = print_config(
      decided({"run", "--workers", "4"}, environs, settings::config_file{"pofetch.toml", *entries}),
      settings::environment(environs));
  CHECK(has(text, "\nworkers = 4  # flag --workers\n"));
  CHECK(has(text, "\nretries = 2  # environment POFETCH_RETRIES\n"));
  CHECK(has(text, "\nidle-timeout = \"7s\"  # file pofetch.toml line 1\n"));
  CHECK(has(text, "\nmax-concurrent = 4  # default\n"));
  CHECK(has(text, "\nmax-file-size = \"2G\"  # default\n"));
  CHECK(has(text, "\nbreaker = true  # default\n"));
  CHECK(has(text, "\nadaptive = true  # default\n"));
  CHECK(has(text, "\n# out is not set\n"));
}

TEST_CASE("print-config: secrets are masked") {
  const variables environs{{"POFETCH_COOKIE", "_coupa_session=geheim1"},
                           {"POFETCH_HEADER", "X-Key: geheim2"}};
  const std::string text =
      print_config(decided({"run", "--base-url", "https://user:geheim3@t.example/?token=geheim4"}, environs),
                   settings::environment(environs));
  CHECK_FALSE(has(text, "geheim"));
  CHECK(has(text, "header = [\"X-Key: ***\"]  # environment POFETCH_HEADER"));
  CHECK(has(text, "POFETCH_COOKIE: ***"));
}

TEST_CASE("print-config: reads back as a config file with the same values") {
  const settings::resolution first =
      decided({"run", "--out", "a \"b\"\\c", "--include", "*#.pdf", "--include", "b'c", "--limit-rate",
               "1.5M", "--no-breaker", "--request-timeout", "90", "-v"},
              {});
  const auto entries = settings::read_toml(print_config(first, settings::environment{}));
  REQUIRE(entries.has_value());
  const settings::resolution second = decided({"run"}, {}, settings::config_file{"x.toml", *entries});
  for (const setting& each : all_settings()) {
    CAPTURE(each.name);
    CHECK(each.show(first.values) == each.show(second.values));
  }
}

TEST_CASE("print-config: a quoted text reads back") {
  for (const char* text : {"", "plain", "a\"b", "back\\slash", "#", "tab\there", "\xc3\xa9", "\x1b[0m",
                           "\u009b1m", "\u202e", "\U000e0001", "\x7f"}) {
    CAPTURE(std::string(text));
    const std::string quoted = toml_quoted(text);
    const auto entries = settings::read_toml("a = " + quoted);
    REQUIRE(entries.has_value());
    CHECK(entries->front().values.front() == text);
    CHECK(printable(quoted) == quoted);
  }
}
