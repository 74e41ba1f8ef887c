#include "settings/file/toml_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::settings;

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
                      {"a = -2.5e3", "-2500"},
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

TEST_CASE("toml: what settings seldom need is read as well") {
  struct row {
    const char* text;
    const char* section;
    const char* key;
    const char* wanted;
  };
  const row rows[] = {{"run.workers = 3", "run", "workers", "3"},
                      {"run = {workers = 3}", "run", "workers", "3"},
                      {"[profile.main]\nsource = 'api'", "profile.main", "source", "api"},
                      {"a = \"\"\"x\ny\"\"\"", "", "a", "x\ny"},
                      {"a = '''x'y'''", "", "a", "x'y"},
                      {"since = 2026-01-31", "", "since", "2026-01-31"},
                      {"since = 2026-01-31T12:00:00Z", "", "since", "2026-01-31T12:00:00Z"},
                      {"a = 0x10", "", "a", "16"},
                      {"a = 12:30:00", "", "a", "12:30:00"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto entries = read_toml(each.text);
    REQUIRE_MESSAGE(entries.has_value(), entries.error().message);
    REQUIRE(entries->size() == 1);
    CHECK(entries->front().section == each.section);
    CHECK(entries->front().key == each.key);
    CHECK(entries->front().values.front() == each.wanted);
  }
}

TEST_CASE("toml: entries come in the order of the text") {
  const auto entries = read_toml("z = 1\na = 2\n[run]\nm = 3\nb = 4\n[doctor]\nc = 5\n");
  REQUIRE(entries.has_value());
  std::string keys;
  for (const auto& entry : *entries) keys += entry.key;
  CHECK(keys == "zambc");
}

TEST_CASE("toml: anything else is refused, with its line") {
  struct row {
    const char* text;
    const char* part;
  };
  const row rows[] = {{"a", "line 1: "},
                      {"\n\na = ", "line 3: "},
                      {"a = web", "line 1: the text web needs quotes: \"web\""},
                      {"\nb = 1\na = 10s # soon\n", "line 3: the text 10s needs quotes: \"10s\""},
                      {"a = \"x", "line 1: "},
                      {"a = \"x\ny\"", "line 1: "},
                      {"a = [1, 2", "line 1: "},
                      {"a = [1 2]", "line 1: array: expected comma or closing ']', saw '2'"},
                      {"a = 1 b = 2", "line 1: "},
                      {"a = \"x\" y", "line 1: "},
                      {"a = [[1]]", "line 1: the list 'a' may hold"},
                      {"\n[[run]]\nworkers = 3", "line 2: the list 'run' may hold"},
                      {"[run", "line 1: "},
                      {"[[ .x", "line 1: "},
                      {"a \xc3\xa9 = 1", "line 1: "},
                      {"a = \xc3\xa9", "line 1: "},
                      {"[]", "line 1: "},
                      {"a = \"\\q\"", "line 1: "},
                      {"a = \"\\uD800\"", "line 1: "},
                      {"a = \"\\u12\"", "line 1: "},
                      {"a = 1\na = 2", "line 2: key-value pair: cannot redefine existing integer 'a'"},
                      {"[run]\n[run]", "line 2: "},
                      {"a = \"\x01\"", "line 1: "},
                      {"= 1", "line 1: "},
                      {"\xff\xfe"
                       "a",
                       "line 1: this is no UTF-8 text"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    const auto entries = read_toml(each.text);
    REQUIRE_FALSE(entries.has_value());
    CHECK(entries.error().code == errc::config);
    CHECK_MESSAGE(entries.error().message.starts_with(each.part), entries.error().message);
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
