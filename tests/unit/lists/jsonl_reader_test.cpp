#include "lists/text/jsonl_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

std::vector<record> read_jsonl(const std::string& text, std::string* fault = nullptr) {
  jsonl_reader reader(text_source::of_text(text), "'x'");
  std::vector<record> all;
  while (true) {
    auto next = reader.next();
    if (!next && fault != nullptr) *fault = next.error().message;
    if (!next || !*next) return all;
    all.push_back(std::move(**next));
  }
}

using cells = std::vector<std::string>;

}  // namespace

TEST_CASE("jsonl_reader: objects, the keys of the first are the columns") {
  const auto read = read_jsonl(
      "{\"po\":\"12\",\"supplier\":\"A\"}\n\n{\"supplier\":\"B\",\"po\":13,\"more\":1}\r\n{\"po\":14}");
  REQUIRE(read.size() == 4);
  CHECK(read[0].cells == cells{"po", "supplier"});
  CHECK(read[1].cells == cells{"12", "A"});
  CHECK(read[1].line == 1);
  CHECK(read[2].cells == cells{"13", "B"});
  CHECK(read[2].line == 3);
  CHECK(read[3].cells == cells{"14", ""});
  CHECK(read[3].line == 4);
}

TEST_CASE("jsonl_reader: every kind of value, the text that a person would write") {
  struct {
    const char* json;
    const char* text;
  } const cases[] = {
      {"12", "12"},
      {"-12", "-12"},
      {"18446744073709551615", "18446744073709551615"},
      {"12.0", "12"},
      {"1.2e3", "1200"},
      {"12.5", "12.5"},
      {"true", "true"},
      {"false", "false"},
      {"null", ""},
      {"\"a\\u00e7\\n\"", "aç\n"},
      {"[1,\"a\"]", "[1,\"a\"]"},
      {"{\"b\":null}", "{\"b\":null}"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.json);
    const auto read = read_jsonl(std::string("{\"k\":") + one.json + "}\n");
    REQUIRE(read.size() == 2);
    CHECK(read[1].problem == "");
    CHECK(read[1].cells == cells{one.text});
  }
}

TEST_CASE("jsonl_reader: a number beyond exact integers, no other integer in its place") {
  const auto read = read_jsonl("{\"k\":45000123456789012345678}\n");
  REQUIRE(read.size() == 2);
  CHECK(read[1].cells[0].find('e') != std::string::npos);
}

TEST_CASE("jsonl_reader: bad lines, a problem that names the line; the rest is read") {
  struct {
    const char* line;
    const char* said;
  } const cases[] = {
      {"{\"po\":", "not valid JSON"},
      {"PO12", "not valid JSON"},
      {"[1]", "no object"},
      {"12", "no object"},
      {"{\"po\":1} x", "not valid JSON"},
      {"{\"po\":\"\\ud800\"}", "not valid JSON"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.line);
    const auto read = read_jsonl(std::string("{\"po\":1}\n") + one.line + "\n{\"po\":3}\n");
    REQUIRE(read.size() == 4);
    CHECK(read[2].problem.find("Line 2 ") == 0);
    CHECK(read[2].problem.find(one.said) != std::string::npos);
    CHECK(read[2].cells == cells{""});
    CHECK(read[3].cells == cells{"3"});
  }
}

TEST_CASE("jsonl_reader: a deep or long line, a problem") {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const std::string huge = "{\"po\":\"" + std::string(max_line_size, 'x') + "\"}";
  for (const std::string& line : {"{\"po\":" + deep + "}", huge}) {
    const auto read = read_jsonl("{\"po\":1}\n" + line + "\n{\"po\":3}\n");
    REQUIRE(read.size() == 4);
    CHECK(read[2].problem.find("Line 2 ") == 0);
    CHECK(read[3].cells == cells{"3"});
  }
}

TEST_CASE("jsonl_reader: bad lines before the first object, they come behind the header") {
  const auto read = read_jsonl("oops\n{\"po\":1,\"b\":2}\n");
  REQUIRE(read.size() == 3);
  CHECK(read[0].cells == cells{"po", "b"});
  CHECK(read[1].problem.find("Line 1 ") == 0);
  CHECK(read[1].cells == cells{"", ""});
  CHECK(read[2].cells == cells{"1", "2"});
}

TEST_CASE("jsonl_reader: no object at all, failure that shows the first problem") {
  std::string fault;
  CHECK(read_jsonl("1\n2\n", &fault).empty());
  CHECK(fault.find("no JSON object in 'x'") != std::string::npos);
  CHECK(fault.find("Line 1 ") != std::string::npos);

  std::string many;
  for (int i = 0; i < 2000; ++i) many += "1\n";
  fault.clear();
  CHECK(read_jsonl(many + "{\"po\":1}\n", &fault).empty());
  CHECK(fault.find("Line 1 ") != std::string::npos);
}
