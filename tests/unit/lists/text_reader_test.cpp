#include "lists/text/text_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

using lines = std::vector<std::pair<std::int64_t, std::string>>;

lines read_lines(const std::string& text) {
  text_reader reader(text_source::of_text(text));
  lines all;
  for (auto next = reader.next(); next.value(); next = reader.next())
    all.emplace_back((**next).line, (**next).cells.at(0));
  return all;
}

}  // namespace

TEST_CASE("text_reader: any line ends, lines with their numbers") {
  struct {
    const char* text;
    lines expected;
  } const cases[] = {
      {"PO1\nPO2\n", {{1, "PO1"}, {2, "PO2"}}},         {"PO1\r\nPO2\r\n", {{1, "PO1"}, {2, "PO2"}}},
      {"PO1\rPO2", {{1, "PO1"}, {2, "PO2"}}},           {"\n\r\n\r PO1 \n", {{4, " PO1 "}}},
      {"# list\nPO1 # x\n  # end\n", {{2, "PO1 # x"}}}, {"", {}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    CHECK(read_lines(one.text) == one.expected);
  }
}

TEST_CASE("text_reader: a line above the bound, a record with a problem; the next line is read") {
  text_reader reader(text_source::of_text(std::string(max_line_size + 1, '1') + "\nPO2\n"));
  auto first = reader.next();
  REQUIRE(first.value());
  CHECK((**first).problem.find("Line 1 ") == 0);
  auto second = reader.next();
  REQUIRE(second.value());
  CHECK((**second).cells == std::vector<std::string>{"PO2"});
  CHECK((**second).line == 2);
}

TEST_CASE("line_reader: a line at the bound, whole; above it, cut between characters") {
  line_reader at_bound(text_source::of_text(std::string(max_line_size, 'x')));
  auto line = at_bound.next();
  REQUIRE(line.value());
  CHECK_FALSE((**line).too_long);
  CHECK((**line).text.size() == max_line_size);

  std::string text = "x";
  while (text.size() <= max_line_size) text += "€";
  line_reader above(text_source::of_text(text + "\nnext"));
  line = above.next();
  REQUIRE(line.value());
  CHECK((**line).too_long);
  CHECK(text.starts_with((**line).text));
  CHECK((**line).text.ends_with("€"));
  CHECK((**above.next()).text == "next");
}
