#include "cli/toml_reader.hpp"

#include "cli/printable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

std::string first_value(const std::string& text) {
  const auto entries = read_toml(text);
  REQUIRE_MESSAGE(entries.has_value(), text);
  REQUIRE(entries->size() == 1);
  return entries->front().values.front();
}

}  // namespace

TEST_CASE("toml: every kind of value is read") {
  struct row {
    const char* text;
    const char* wanted;
  };
  const row rows[] = {{"a = 8", "8"},
                      {"a=8", "8"},
                      {"a = 1_000", "1000"},
                      {"a = -2.5e3", "-2.5e3"},
                      {"a = true # yes", "true"},
                      {"a = \"x # y\"  # comment", "x # y"},
                      {"a = \"K: a, b\"", "K: a, b"},
                      {"a = 'C:\\dir'", "C:\\dir"},
                      {R"(a = "q\"b\\n\t\u00e9\U0001F600")", "q\"b\\n\t\xc3\xa9\xf0\x9f\x98\x80"},
                      {"a = \"\"", ""},
                      {"\"a\" = 'x'", "x"},
                      {"\xef\xbb\xbf"
                       "a = 1",
                       "1"},
                      {"a = 1\r\n", "1"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    CHECK(first_value(each.text) == each.wanted);
  }
}

TEST_CASE("toml: sections, arrays over lines and line numbers") {
  const auto entries = read_toml(
      "# head\n"
      "workers = 4\n"
      "\n"
      "[run]\n"
      "include = [\n"
      "  \"*.pdf\", # one\n"
      "  '*#2.msg',\n"
      "]\n"
      "header = []\n");
  REQUIRE(entries.has_value());
  REQUIRE(entries->size() == 3);
  CHECK((*entries)[0].section == "");
  CHECK((*entries)[0].line == 2);
  CHECK_FALSE((*entries)[0].array);
  CHECK((*entries)[1].section == "run");
  CHECK((*entries)[1].line == 5);
  CHECK((*entries)[1].array);
  CHECK((*entries)[1].values == std::vector<std::string>{"*.pdf", "*#2.msg"});
  CHECK((*entries)[2].values.empty());
}

TEST_CASE("toml: anything else is refused, with its line") {
  struct row {
    const char* text;
    const char* part;
  };
  const row rows[] = {{"a", "line 1: expected '='"},
                      {"\n\na = ", "line 3: expected a value"},
                      {"a = web", "needs quotes"},
                      {"a = 10s", "needs quotes"},
                      {"a = \"x", "no closing quote"},
                      {"a = \"x\ny\"", "no closing quote"},
                      {"a = [1, 2", "expected"},
                      {"a = [1 2]", "expected ',' or ']'"},
                      {"a = 1 b = 2", "behind the value"},
                      {"a = \"x\" y", "behind the value"},
                      {"a.b = 1", "dotted"},
                      {"[[run]]", "arrays of tables"},
                      {"[run", "expected [name]"},
                      {"[]", "expected"},
                      {"a = \"\"\"x\"\"\"", "several lines"},
                      {"a = \"\\q\"", "unknown escape"},
                      {"a = \"\\uD800\"", "names no character"},
                      {"a = \"\\u12\"", "hexadecimal"},
                      {"a = 1\na = 2", "line 2: 'a' is there twice"},
                      {"[run]\n[run]", "line 2: the section [run] is there twice"},
                      {"a = \"\x01\"", "control character"},
                      {"= 1", "expected 'name = value'"},
                      {"\xff\xfe"
                       "a",
                       "no UTF-8"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto entries = read_toml(each.text);
    REQUIRE_FALSE(entries.has_value());
    CHECK(entries.error().code == errc::config);
    CHECK_MESSAGE(entries.error().message.find(each.part) != std::string::npos, entries.error().message);
  }
}

TEST_CASE("toml: bytes with NUL, refused") { CHECK_FALSE(read_toml(std::string("a = 1\0", 6)).has_value()); }

TEST_CASE("toml: every beginning of a good file is read or refused, never worse") {
  const std::string good = "[run]\na = [\"x\\u00e9\", 'y']\n\"b\" = true # c\nc = -1.5\n";
  for (std::size_t length = 0; length <= good.size(); ++length) {
    const auto entries = read_toml(good.substr(0, length));
    if (entries) CHECK(entries->size() <= 3);
  }
}

TEST_CASE("toml: a quoted text reads back") {
  for (const char* text : {"", "plain", "a\"b", "back\\slash", "#", "tab\there", "\xc3\xa9", "\x1b[0m",
                           "\u009b1m", "\u202e", "\U000e0001", "\x7f"}) {
    CAPTURE(std::string(text));
    const std::string quoted = toml_quoted(text);
    CHECK(first_value("a = " + quoted) == text);
    CHECK(printable(quoted) == quoted);
  }
}
