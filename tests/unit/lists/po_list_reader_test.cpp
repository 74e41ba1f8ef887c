#include "lists/po_list_reader.hpp"

#include "support/opened_list.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;
using test::open_list_of;
using test::opened_list;
using test::says;
using namespace std::string_view_literals;

namespace {

using texts = std::vector<std::string>;

struct form_case {
  const char* name;
  const char* file;
  std::string_view content;
  texts numbers;
};

const form_case forms[] = {
    {"CSV", "a.csv", "PO Number,Supplier\nPO12,A\npm 13,B\n14.0,C\n"sv, {"PO12", "PM13", "14"}},
    {"CSV by content, odd ending", "a.dat", "po;x\n12;1\n"sv, {"12"}},
    {"TSV", "a.tsv", "x\tPEDIDO\n1\t12\n"sv, {"12"}},
    {"bar", "a", "x|Purchase Order Number\n1|12\n"sv, {"12"}},
    {"UTF-8 mark", "a.csv", "\xEF\xBB\xBFpo,x\n12,1\n"sv, {"12"}},
    {"UTF-16 LE, tab", "a.txt", "\xFF\xFEp\0o\0\t\0x\0\n\0\x31\0\t\0y\0\n\0"sv, {"1"}},
    {"Windows-1252 header", "a.csv", "n\xFAmero do pedido;x\n12;1\n"sv, {"12"}},
    {"sep line", "a.csv", "sep=;\npo;x\n12;1,5\n"sv, {"12"}},
    {"one column with header", "a.csv", "PO\n12\nPO13, PO14\n"sv, {"12", "PO13", "PO14"}},
    {"blank lines before the header", "a.csv", ",,\n\npo,x,y\n12,,\n"sv, {"12"}},
    {"text", "a.txt", "PO12\n13\n"sv, {"PO12", "13"}},
    {"text by content", "a.csv", "12\n13\n"sv, {"12", "13"}},
    {"text, several a line", "a", "PO12, PO13\n14\n"sv, {"PO12", "PO13", "14"}},
    {"text, comments", "a.txt", "# PO\n\n12\n# end\n"sv, {"12"}},
    {"text, comments, no ending", "a", "# from Ann\n12\n"sv, {"12"}},
    {"text, first line no PO", "a.txt", "1200O\n12\n"sv, {"!", "12"}},
    {"text with a header", "a.txt", "PO\n12\n"sv, {"12"}},
    {"a table whose first column is #", "a.csv", "#,PO\n1,12\n"sv, {"12"}},
    {"JSON Lines", "a.jsonl", "{\"po\":12}\n{\"po\":\"PO13\"}\n"sv, {"12", "PO13"}},
    {"JSON Lines by content", "a.txt", "\n {\"po\":12}\n"sv, {"12"}},
    {"JSON Lines, first line broken", "a.ndjson", "{oops\n{\"po\":12}\n"sv, {"!", "12"}},
    {"JSON Lines by ending", "a.jsonl", "oops\n{\"po\":12}\n"sv, {"!", "12"}},
    {"no last line end", "a.csv", "po,x\n12,1"sv, {"12"}},
    {"a title as Excel writes it", "a.csv", "Open orders;;\n;;\nx;Pedido;y\n1;12;2\n"sv, {"12"}},
    {"a title that hides the delimiter", "a.csv", "Orders, March 2026\n\nx;Pedido;y\n1;12;2\n"sv, {"12"}},
    {"a title that is a name", "a.csv", "Purchase orders;\nPO;x\n4500001;2\n"sv, {"4500001"}},
};

}  // namespace

TEST_CASE("open_po_list: every form, found by content and ending, its POs") {
  for (const form_case& one : forms) {
    CAPTURE(one.name);
    const opened_list list = open_list_of(one.file, one.content);
    CHECK(list.fault == "");
    CHECK_MESSAGE(list.numbers() == one.numbers, std::string(one.name));
  }
}

namespace {

struct refusal {
  const char* name;
  const char* file;
  std::string_view content;
  texts said;
};

const refusal refusals[] = {
    {"empty", "a.csv", ""sv, {"empty"}},
    {"blank", "a.csv", "\n \n\n"sv, {"no rows"}},
    {"header alone", "a.csv", "po,supplier\n"sv, {"no rows"}},
    {"header and blank rows", "a.csv", "po,supplier\n,\n ,  \n"sv, {"no rows"}},
    {"comments alone", "a.txt", "# a\n# b\n"sv, {"no rows"}},
    {"no PO column", "a.csv", "name,\"city\"\nA,B\n"sv, {"'name', 'city'", "po_column"}},
    {"a table without header", "a.csv", "12,20\n13,30\n"sv, {"'12', '20'", "po_column"}},
    {"one unknown column", "a.csv", "things\nx\n"sv, {"'things'", "po_column"}},
    {"JSON Lines without PO", "a.jsonl", "{\"a\":1,\"b\":2}\n"sv, {"'a', 'b'"}},
    {"JSON array", "a.json", "[\n {\"po\":1}]\n"sv, {"one JSON object a line"}},
    {"workbook", "a.xlsx", "PK\x03\x04..."sv, {"is not whole", "still being"}},
    {"a table of POs without header",
     "a.csv",
     "4500001,A\n4500002,B\n"sv,
     {"'4500001' looks like a PO number", "put a row of names above it"}},
    {"open quote in the header", "a.csv", "po,\"x\n12,1\n"sv, {"quote", "line 1"}},
    {"secret in a column name", "a.csv", "https://x.org/?token=abc,b\n1,2\n"sv, {"***"}},
};

}  // namespace

TEST_CASE("open_po_list: no usable list, failure input that says what there is") {
  for (const refusal& one : refusals) {
    CAPTURE(one.name);
    const opened_list list = open_list_of(one.file, one.content);
    CAPTURE(list.fault);
    CHECK(list.fault != "");
    for (const std::string& part : one.said) CHECK(says(list.fault, part));
    CHECK_FALSE(says(list.fault, "abc"));
  }
  const opened_list many = open_list_of(
      "a.csv", "c" + [] {
        std::string names;
        for (int i = 1; i < 300; ++i) names += ",c" + std::to_string(i);
        return names + "\n";
      }());
  CHECK(says(many.fault, "and 260 more"));
}

TEST_CASE("open_po_list: columns by option, compared loosely; an unknown one is a failure") {
  const char* const content = "Some Thing,Ação,group,po\nPO1,X,G/1,2\n";
  list_options options;
  options.po_column = "some_thing";
  options.supplier_column = "acao";
  options.folder_columns = {"GROUP", "po"};
  const opened_list list = open_list_of("a.csv", content, options);
  CHECK(list.fault == "");
  REQUIRE(list.rows.size() == 1);
  CHECK(list.rows[0].number == "1");
  CHECK(list.rows[0].supplier == "X");
  CHECK(list.rows[0].folders == texts{"G/1", "2"});

  options.po_column = "number";
  CHECK(says(open_list_of("a.csv", content, options).fault, "po_column asks for the column 'number'"));
  options.po_column.clear();
  options.supplier_column = "vendor";
  CHECK(says(open_list_of("a.csv", content, options).fault, "supplier_column"));
  options.supplier_column.clear();
  options.folder_columns = {"group", "year"};
  const std::string fault = open_list_of("a.csv", content, options).fault;
  CHECK(says(fault, "folder_columns asks for the column 'year'"));
  CHECK(says(fault, "'Some Thing', 'Ação', 'group', 'po'"));
}

TEST_CASE("open_po_list: a column by option that is the only one, a table") {
  list_options options;
  options.po_column = "12";
  const opened_list list = open_list_of("a.csv", "12\n13\n", options);
  CHECK(list.columns == texts{"12"});
  CHECK(list.numbers() == texts{"13"});
}

TEST_CASE("po_list: rows, lines and cells as they stand, odd cells beside the PO do not matter") {
  const opened_list list = open_list_of(
      "a.csv", "note,PO,Vendor\r\n=1+1,PO1, Acme \r\n\r\n\"a\r\nb\"\"c\",2\r\n\x01\xE7,3,x,extra\r\n");
  CHECK(list.columns == texts{"note", "PO", "Vendor"});
  REQUIRE(list.rows.size() == 3);
  CHECK(list.rows[0].line == 2);
  CHECK(list.rows[0].supplier == "Acme");
  CHECK(list.rows[0].cells == texts{"=1+1", "PO1", " Acme "});
  CHECK(list.rows[1].line == 4);
  CHECK(list.rows[1].cells == texts{"a\r\nb\"c", "2", ""});
  CHECK(list.rows[2].line == 6);
  CHECK(list.rows[2].cells == texts{"\x01ç", "3", "x"});
}

TEST_CASE("po_list: rows without a usable PO, no number and a problem with the line") {
  struct {
    const char* cell;
    const char* said;
  } const cases[] = {
      {"", "Line 3: the PO cell is empty."},
      {"N/A", "Line 3: 'N/A' is no PO number"},
      {"../../x", "Line 3: '../../x' is no PO number"},
      {"1234567890123456789", "Line 3: '1234567890123456789' is no PO number"},
      {"\"a\x1b\nb\"", "Line 3: 'a  b' is no PO number"},
      {"https://h/?token=secret1", "is no PO number"},
      {"7.000.001", "Line 3: '7.000.001' may be one number with separators of thousands, or several POs"},
      {"31/12/2026", "Line 3: '31/12/2026' is a date, no PO number"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.cell);
    const opened_list list = open_list_of("a.csv", std::string("po,x\n1,a\n") + one.cell + ",b\n2,c\n");
    REQUIRE(list.rows.size() == 3);
    CHECK(list.rows[1].number == "");
    CHECK(says(list.rows[1].problem, one.said));
    CHECK_FALSE(says(list.rows[1].problem, "secret1"));
    CHECK(list.rows[1].line == 3);
    CHECK(list.rows[1].cells.size() == 2);
    CHECK(list.rows[2].number == "2");
  }
}

TEST_CASE("po_list: several POs in a cell, a row each; what is none is remarked on the first") {
  const opened_list list = open_list_of("a.csv", "po,x\n\"PO1, 2 / pm3 (urgent)\",a\n4,b\n");
  REQUIRE(list.rows.size() == 4);
  CHECK(list.numbers() == texts{"PO1", "2", "PM3", "4"});
  for (int i = 0; i < 3; ++i) {
    CHECK(list.rows[static_cast<std::size_t>(i)].line == 2);
    CHECK(list.rows[static_cast<std::size_t>(i)].cells == texts{"PO1, 2 / pm3 (urgent)", "a"});
  }
  CHECK(says(list.rows[0].problem, "'(urgent)'"));
  CHECK(list.rows[1].problem == "");
  CHECK(list.rows[3].problem == "");
}

TEST_CASE("po_list: what may have been a PO beside others is a row of its own, which says so") {
  const opened_list list =
      open_list_of("a.csv", "po,x\n\"PO1, 45OO2; 7,000,001 (urgent)\",a\n4 (see page 5),b\n");
  CHECK(list.by_line() == texts{"2:PO1", "2:!", "3:4", "3:!"});
  CHECK(list.rows.at(0).problem == "");
  CHECK(says(list.rows.at(1).problem, "Line 2: left out, since it is no PO number: '45OO2', '7,000,001'"));
  CHECK(list.rows.at(1).cells == list.rows.at(0).cells);
  CHECK(list.rows.at(1).prefix == "");
  const opened_list plain = open_list_of("a.txt", "4500001 45O0002\n4500003\n");
  CHECK(plain.by_line() == texts{"1:!", "2:4500003"});
  CHECK(plain.rows.at(0).cells == texts{"4500001 45O0002"});
  CHECK(says(plain.rows.at(0).problem,
             "Line 1: '4500001 45O0002' is not taken, since there is more on the line"));
}

TEST_CASE("po_list: plain text with several POs on a line, each has its own cell") {
  const opened_list list = open_list_of("a.txt", "PO1 PO2\n3\n");
  REQUIRE(list.rows.size() == 3);
  CHECK(list.columns.size() == 1);
  CHECK(list.rows[0].cells == texts{"PO1"});
  CHECK(list.rows[1].cells == texts{"PO2"});
  CHECK(list.rows[1].line == 1);
  CHECK(list.rows[2].cells == texts{"3"});
}

TEST_CASE("po_list: more POs in a cell than copies of the row may take, one unusable row") {
  std::string cell;
  for (int i = 1; i <= 1000; ++i) cell += std::to_string(i) + " ";
  const opened_list small = open_list_of("a.csv", "po,x\n" + cell + ",a\n");
  CHECK(small.rows.size() == 1000);
  const opened_list large =
      open_list_of("a.csv", "po,x\n" + cell + "," + std::string(80'000, 'x') + "\n7,b\n");
  CHECK(large.numbers() == texts{"!", "7"});
  CHECK(says(large.rows.at(0).problem, "1000 POs"));
}

TEST_CASE("po_list: a long line of POs in plain text, all of them") {
  std::string line;
  for (int i = 1; i <= 50'000; ++i) line += std::to_string(i) + ",";
  const opened_list list = open_list_of("a.txt", line + "\n");
  CHECK(list.rows.size() == 50'000);
  CHECK(list.rows.at(49'999).cells == texts{"50000"});
}

TEST_CASE("po_list: an address with a secret in any cell, masked in the cells") {
  const opened_list list = open_list_of(
      "a.csv",
      "po,link\n1, HTTPS://h.org/a?token=secret1&x=1\n2,see token=secret2\n3,sftp://me:secret3@h/a\n");
  REQUIRE(list.rows.size() == 3);
  CHECK_FALSE(says(list.rows[0].cells[1], "secret1"));
  CHECK(says(list.rows[0].cells[1], "x=1"));
  CHECK(list.rows[1].cells[1] == "see token=secret2");
  CHECK(list.rows[2].cells[1] == "sftp://h/a");
}

TEST_CASE("po_list: cannot be read on, failure that names the line") {
  const opened_list list = open_list_of("a.csv", "po,x\n1,a\n2,\"b\n3,c\n");
  CHECK(list.rows.empty());
  CHECK(says(list.fault, "line 3"));
}

TEST_CASE("po_list: a pipe, as good as a file") {
  const test::temp_dir folder;
  const std::string pipe = (folder.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&pipe] { std::ofstream(pipe) << "po,x\nPO12,a\n13,b\n"; });
  list_options options;
  options.input = pipe;
  auto list = open_po_list(options);
  writer.join();
  REQUIRE(list.has_value());
  auto row = (*list)->next();
  REQUIRE(row.value());
  CHECK((**row).number == "12");
  row = (*list)->next();
  REQUIRE(row.value());
  CHECK((**row).number == "13");
  CHECK_FALSE((*list)->next().value());
}
