#include "lists/csv/csv_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

using rows = std::vector<std::vector<std::string>>;

struct reading {
  rows cells;
  std::vector<std::int64_t> lines;
  std::string fault;
};

reading read_csv(record_reader& reader) {
  reading all;
  while (true) {
    auto next = reader.next();
    if (!next) {
      all.fault = next.error().message;
      return all;
    }
    if (!*next) return all;
    all.cells.push_back((**next).cells);
    all.lines.push_back((**next).line);
  }
}

reading read_csv(const std::string& text) {
  csv_reader reader(text_source::of_text(text), detect_csv_dialect(text), "'x'");
  return read_csv(reader);
}

struct csv_case {
  const char* name;
  const char* text;
  rows cells;
  std::vector<std::int64_t> lines;
};

const csv_case cases[] = {
    {"plain", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"no line end at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"CR LF", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"CR alone", "a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"semicolon, comma in cells", "a;b\n1,5;2,5\n", {{"a", "b"}, {"1,5", "2,5"}}, {1, 2}},
    {"tab", "a\tb\n1\t2\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"bar", "a|b\n1|2\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"blank lines", "\n\na,b\n\n1,2\n\r\n3,4\n", {{"a", "b"}, {"1", "2"}, {"3", "4"}}, {3, 5, 7}},
    {"blank lines, CR LF", "a,b\r\n\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}, {1, 3}},
    {"blank lines, CR", "a,b\r\r1,2\r", {{"a", "b"}, {"1", "2"}}, {1, 3}},
    {"one column", "po\n1,2\n3\n", {{"po"}, {"1,2"}, {"3"}}, {1, 2, 3}},
    {"one column, quoted", "po\n\"1,\n2\"\n3\n", {{"po"}, {"1,\n2"}, {"3"}}, {1, 2, 4}},
    {"quotes", "\"a\",\"b\"\n\"1\",\"2\"\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
    {"doubled quotes", "a,b\n\"x\"\"y\",2\n", {{"a", "b"}, {"x\"y", "2"}}, {1, 2}},
    {"delimiter in quotes", "a,b\n\"x,y\",2\n", {{"a", "b"}, {"x,y", "2"}}, {1, 2}},
    {"line ends in quotes",
     "a,b\n\"x\r\ny\nz\",2\n3,4\n",
     {{"a", "b"}, {"x\r\ny\nz", "2"}, {"3", "4"}},
     {1, 2, 5}},
    {"line end in the header", "\"a\nb\",c\n1,2\n", {{"a\nb", "c"}, {"1", "2"}}, {1, 3}},
    {"empty cells", "a,b,c\n,,\n1,,\n", {{"a", "b", "c"}, {"", "", ""}, {"1", "", ""}}, {1, 2, 3}},
    {"short and long rows", "a,b\n1\n1,2,3\n", {{"a", "b"}, {"1"}, {"1", "2", "3"}}, {1, 2, 3}},
    {"space is part of a cell", "a,b\n 1 , 2\n", {{"a", "b"}, {" 1 ", " 2"}}, {1, 2}},
    {"space before quotes", "a, \"b\"\n1 , \"x, y\"\n", {{"a", "b"}, {"1", "x, y"}}, {1, 2}},
    {"quote in a bare cell",
     "a,b\n5\" pipe,2\n3,4\n",
     {{"a", "b"}, {"5\" pipe", "2"}, {"3", "4"}},
     {1, 2, 3}},
    {"text behind a closing quote",
     "a,b\n\"Foo\" Ltd,2\n\"3\",4\n",
     {{"a", "b"}, {"Foo\" Ltd", "2"}, {"3", "4"}},
     {1, 2, 3}},
    {"quote behind a closing quote",
     "a,b\n\"Foo\" \"Bar\",2\n3,4\n",
     {{"a", "b"}, {"Foo\" \"Bar\"", "2"}, {"3", "4"}},
     {1, 2, 3}},
    {"text behind a closing quote, last cell",
     "a,b\n1,\"Foo\" Ltd\n3,4\n",
     {{"a", "b"}, {"1", "Foo\" Ltd"}, {"3", "4"}},
     {1, 2, 3}},
    {"the same at the very end", "a,b\n1,\"Foo\" Ltd", {{"a", "b"}, {"1", "Foo\" Ltd"}}, {1, 2}},
    {"sep line", "sep=;\r\na;b\r\n1;2,3\r\n", {{"a", "b"}, {"1", "2,3"}}, {2, 3}},
    {"sep line, odd delimiter", "sep=^\na^b\n1^2\n", {{"a", "b"}, {"1", "2"}}, {2, 3}},
    {"sep line, tab", "SEP=\t\na\tb\n1\t2\n", {{"a", "b"}, {"1", "2"}}, {2, 3}},
    {"sep line, quoted", "\"sep=;\"\na;b\n", {{"a", "b"}}, {2}},
    {"delimiter by the header",
     "a;b\n1,2,3;4,5,6\n1,2,3;4,5,6\n",
     {{"a", "b"}, {"1,2,3", "4,5,6"}, {"1,2,3", "4,5,6"}},
     {1, 2, 3}},
    {"the delimiter that fits all lines",
     "a, or x;b;c\n1;2;3\n",
     {{"a, or x", "b", "c"}, {"1", "2", "3"}},
     {1, 2}},
    {"delimiter in quoted header", "\"a,b,c,d\";e\n1;2\n", {{"a,b,c,d", "e"}, {"1", "2"}}, {1, 2}},
    {"other writing", "número,fornecedor\n12,São 😀\n", {{"número", "fornecedor"}, {"12", "São 😀"}}, {1, 2}},
};

}  // namespace

TEST_CASE("csv_reader: CSV as people write it, its cells and lines") {
  for (const csv_case& one : cases) {
    CAPTURE(one.name);
    const reading read = read_csv(one.text);
    CHECK(read.fault == "");
    CHECK(read.cells == one.cells);
    CHECK(read.lines == one.lines);
  }
}

TEST_CASE("csv_reader: an open quote, a failure that names the line instead of lost rows") {
  const reading read = read_csv("a,b\n1,2\n3,\"4\n5,6\n");
  CHECK(read.cells.size() == 2);
  CHECK(read.fault.find("line 3") != std::string::npos);
  CHECK(read.fault.find("quote") != std::string::npos);
}

TEST_CASE("csv_reader: an open quote in a large file, a failure that names the line") {
  std::string text = "a,b\n1,\"2\n";
  for (int i = 0; i < 300'000; ++i) text += "12345,xyz\n";
  const reading read = read_csv(text);
  CHECK(read.fault.find("line 2") != std::string::npos);
  CHECK(read.fault.find("1 MiB") != std::string::npos);
}

TEST_CASE("csv_reader: above a bound, a failure; at the bound, none") {
  const std::string wide(max_columns - 1, ',');
  CHECK(read_csv(wide + "\n").fault == "");
  CHECK(read_csv(wide + ",\n").fault.find("4096") != std::string::npos);

  const std::string cell(max_cell_size, 'x');
  CHECK(read_csv("a,b\n" + cell + ",1\n").fault == "");
  CHECK(read_csv("a,b\n" + cell + "x,1\n").fault.find("1 MiB") != std::string::npos);

  std::string record = "a,b\n" + cell;
  for (int i = 0; i < 8; ++i) record += "," + cell;
  CHECK(read_csv(record + "\n").fault.find("8 MiB") != std::string::npos);
}

TEST_CASE("csv_reader: pieces that end anywhere, the same records") {
  // Longer than what is parsed at once, so that quotes and line ends fall on the borders.
  std::string text = "po,note\r\n";
  rows expected = {{"po", "note"}};
  for (int i = 0; i < 20'000; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",\"x\r\n\"\"" + number + "\"\"\" tail\r\n";
    expected.push_back({number, "x\r\n\"" + number + "\"\" tail"});
  }
  const reading read = read_csv(text);
  CHECK(read.fault == "");
  CHECK(read.cells == expected);
  CHECK(read.lines.back() == 1 + 2 * 19'999 + 1);
}

TEST_CASE("detect_csv_dialect: a draw, the preferred delimiter; else what the lines show") {
  CHECK(detect_csv_dialect("a,b\tc\n").delimiter == ',');
  CHECK(detect_csv_dialect("a,b\tc\n", '\t').delimiter == '\t');
  CHECK(detect_csv_dialect("a,b\tc\n1,2\n", '\t').delimiter == ',');
  CHECK(detect_csv_dialect("po\n1,2\n").delimiter == csv_dialect::none);
  CHECK(detect_csv_dialect("").delimiter == csv_dialect::none);
  CHECK(detect_csv_dialect("1,2\n3,4\n").even);
  CHECK_FALSE(detect_csv_dialect("1,2\n3\n").even);
  CHECK_FALSE(detect_csv_dialect("1,2\n").even);
}
