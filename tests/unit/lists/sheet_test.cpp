// Workbooks through the door that the program uses.
#include "lists/po_list_reader.hpp"
#include "lists/xlsx/sheet_reader.hpp"
#include "support/opened_list.hpp"
#include "support/temp_dir.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;
using test::open_list;
using test::opened_list;
using test::says;
using test::text_row;
using test::workbook_builder;

namespace {

using texts = std::vector<std::string>;

opened_list open_book(const workbook_builder& book, list_options options = {},
                      const std::string& name = "list.xlsx") {
  const test::temp_dir folder;
  book.write(folder.path() / name);
  return open_list((folder.path() / name).string(), std::move(options));
}

opened_list open_rows(const std::string& rows, list_options options = {}) {
  return open_book(workbook_builder().sheet("Sheet1", rows), std::move(options));
}

const std::string header = text_row(1, {"PO Number", "Supplier"});

}  // namespace

TEST_CASE("sheet: every kind of cell") {
  workbook_builder book;
  book.sheet(
      "Orders",
      header +
          R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>)"
          R"(<row r="3"><c r="A3"><v>4500002</v></c><c r="B3" s="1"><v>46024</v></c></row>)"
          R"(<row r="4"><c r="A4"><v>4500003.0</v></c><c r="B4" s="2"><v>46024</v></c></row>)"
          R"(<row r="6"><c r="A6" t="str"><f>"PO"&amp;1</f><v>PM4500004</v></c><c r="B6" t="b"><v>1</v></c></row>)"
          R"(<row r="7" spans="1:2"><c t="inlineStr"><is><r><t>45</t></r><r><t>00005</t></r><rPh><t>x</t></rPh></is></c>)"
          R"(<c t="d"><v>2026-01-02</v></c></row>)"
          R"(<row r="8"><c r="A8"><f>A2+1</f><v>4500006</v></c><c r="B8" t="e"><v>#N/A</v></c></row>)"
          R"(<row r="9"><c r="A9" s="1"/><c r="B9"/></row>)"
          R"(<row r="10"><c r="A10" t="inlineStr"><is><t xml:space="preserve"> PO4500007 </t></is></c></row>)");
  book.strings(
      "<si><t>PO4500001</t></si><si><r><t>A &amp; B</t></r><r><t> "
      "Ltd_x000D_</t></r><rPh><t>no</t></rPh></si>");
  book.styles(
      R"(<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/>)"
      R"(</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="2"/></cellXfs>)");
  const opened_list found = open_book(book);
  CHECK(found.fault.empty());
  CHECK(found.columns == texts{"PO Number", "Supplier"});
  CHECK(found.by_line() == texts{"2:PO4500001", "3:4500002", "4:4500003", "6:PM4500004", "7:4500005",
                                 "8:4500006", "10:PO4500007"});
  REQUIRE(found.rows.size() == 7);
  CHECK(found.rows[0].supplier == "A & B Ltd");
  CHECK(found.rows[0].cells[1] == "A & B Ltd\r");
  CHECK(found.rows[1].cells[1] == "2026-01-02");
  CHECK(found.rows[2].cells[1] == "46024");
  CHECK(found.rows[3].cells[1] == "TRUE");
  CHECK(found.rows[4].cells[1] == "2026-01-02");
  CHECK(found.rows[5].cells[1] == "#N/A");
  CHECK(found.facts.form == "XLSX");
  CHECK(found.facts.sheet == "Orders");
  CHECK(found.facts.header_line == 1);
  CHECK(found.facts.po_column == "PO Number");
  CHECK(found.facts.supplier_column == "Supplier");
}

TEST_CASE("sheet: what a spreadsheet has damaged is named with its row, never guessed") {
  struct damage_case {
    const char* cell;
    const char* says;
  };
  for (const damage_case& one :
       {damage_case{R"(<c r="A2" t="inlineStr"><is><t>1.2E+7</t></is></c>)",
                    "Line 2: '1.2E+7' is what a spreadsheet"},
        {R"(<c r="A2" t="inlineStr"><is><t>4,50012E+09</t></is></c>)", "digits may be lost"},
        {R"(<c r="A2" t="str"><f>A9</f><v>1.2E+7</v></c>)", "digits may be lost"},
        {R"(<c r="A2"><v>1.2E+17</v></c>)", "digits may be lost"},
        {R"(<c r="A2"><v>123456789012345678</v></c>)", "digits may be lost"},
        {R"(<c r="A2" t="e"><f>B2</f><v>#REF!</v></c>)", "Line 2: '#REF!' is the error of a formula"},
        {R"(<c r="A2" t="e"><v>#N/A</v></c>)", "is the error of a formula"},
        {R"(<c r="A2"><f>B7&amp;B8</f></c>)", "'=B7&B8' is a formula without its value"},
        {R"(<c r="A2"><f>4500&amp;3</f><v></v></c>)", "is a formula without its value"},
        {R"(<c r="A2"><v>4500123.5</v></c>)", "is no PO number"}}) {
    CAPTURE(one.cell);
    const opened_list found = open_rows(header + "<row r=\"2\">" + one.cell +
                                        "<c r=\"B2\"><v>1</v></c></row>" + text_row(3, {"4500001"}));
    CHECK(found.by_line() == texts{"2:!", "3:4500001"});
    REQUIRE_FALSE(found.rows.empty());
    CHECK_MESSAGE(says(found.rows[0].problem, one.says), found.rows[0].problem);
  }
}

TEST_CASE("sheet: the row of names is found below titles, and titles that read like names") {
  struct header_case {
    const char* what;
    std::string rows;
    std::int64_t header_line;
    texts numbers;
  };
  const std::string names = text_row(5, {"Supplier", "Pedido de compra"}) + text_row(6, {"ACME", "4500001"});
  for (const header_case& one :
       {header_case{"empty rows", names, 5, {"6:4500001"}},
        {"a title", text_row(2, {"Open orders, March"}) + names, 5, {"6:4500001"}},
        {"a title that is a name",
         text_row(1, {"Purchase Orders"}) + text_row(3, {"Made by", "Ana"}) + names,
         5,
         {"6:4500001"}},
        {"a list of one column",
         text_row(1, {"PO"}) + text_row(2, {"12"}) + text_row(4, {"14"}),
         1,
         {"2:12", "4:14"}},
        {"one column without a name",
         text_row(1, {"4500001"}) + text_row(3, {"PO7"}),
         0,
         {"1:4500001", "3:PO7"}},
        {"a cell that is a name, in a row of the list",
         text_row(1, {"Nr", "Order"}) + text_row(2, {"1", "4500001"}) + text_row(3, {"order", "4500002"}),
         1,
         {"2:4500001", "3:4500002"}}}) {
    CAPTURE(one.what);
    const opened_list found = open_rows(one.rows);
    CHECK_MESSAGE(found.fault.empty(), found.fault);
    CHECK(found.facts.header_line == one.header_line);
    CHECK(found.by_line() == one.numbers);
  }
}

TEST_CASE("sheet: names that span rows and columns") {
  const std::string rows = text_row(2, {"PO", "Supplier", "", "Note"}) +
                           text_row(3, {"", "Name", "Country"}) + text_row(4, {"", "(full)", ""}) +
                           text_row(5, {"4500001", "ACME", "US", "x"});
  const auto merged = [](const std::string& cells) { return "<mergeCells>" + cells + "</mergeCells><x/>"; };
  const opened_list found = open_book(workbook_builder().sheet(
      "x", rows,
      merged(
          R"(<mergeCell ref="A2:A4"/><mergeCell ref="B2:C2"/><mergeCell ref="D2:D4"/><mergeCell ref="B9:C9"/>)")));
  CHECK(found.columns == texts{"PO", "Supplier Name (full)", "Supplier Country", "Note"});
  CHECK(found.by_line() == texts{"5:4500001"});
  // Without the merged cell they are rows of the list, and are reported as such.
  CHECK(open_book(workbook_builder().sheet("x", rows, merged(R"(<mergeCell ref="B2:C2"/>)"))).by_line() ==
        texts{"3:!", "4:!", "5:4500001"});
  CHECK(open_book(workbook_builder().sheet("x", rows,
                                           merged(R"(<mergeCell ref="A2"/><mergeCell ref="nonsense"/>)")))
            .rows.size() == 3);
}

TEST_CASE("sheet: a name that spans columns, and below it what they are") {
  const auto book = [](const std::string& lower, const std::string& number) {
    return workbook_builder().sheet(
        "x",
        text_row(1, {"Pedido", "", "Supplier", ""}) + text_row(2, {lower, "Item", "Name", "Country"}) +
            text_row(3, {number, "10", "ACME", "US"}),
        R"(<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/></mergeCells>)");
  };
  const opened_list found = open_book(book("Número", "4500001"));
  CHECK(found.columns == texts{"Pedido Número", "Pedido Item", "Supplier Name", "Supplier Country"});
  CHECK(found.by_line() == texts{"3:4500001"});
  CHECK(found.facts.supplier_column == "Supplier Name");
  // A PO stands there: no row of names.
  CHECK(open_book(book("12", "4500001")).by_line() == texts{"2:12", "3:4500001"});
  // No name for a PO column would come of it: which of both columns it is cannot be told.
  CHECK(says(open_book(book("Whatever", "4500001")).fault,
             "it is not certain which numbers are purchase orders"));
}

TEST_CASE("sheet: errors of formulas alone are no list, with a PO among them they are rows") {
  const auto error = [](int row) {
    const std::string number = std::to_string(row);
    return "<row r=\"" + number + "\"><c r=\"A" + number + "\" t=\"e\"><f>X!A1</f><v>#REF!</v></c><c r=\"B" +
           number + "\"><v>1</v></c></row>";
  };
  const std::string fault = open_rows(header + error(2) + error(3)).fault;
  CHECK_MESSAGE(says(fault, "The column 'PO Number' of"), fault);
  CHECK(says(fault, "begins with errors of formulas, '#REF!' in line 2, and not one PO number; mend"));
  CHECK(open_rows(header + error(2) + text_row(3, {"4500001"})).by_line() == texts{"2:!", "3:4500001"});
}

TEST_CASE("sheet: what is wrong with the sheet that was read names the others") {
  workbook_builder book;
  book.sheet("Cover", text_row(1, {"Purchasing"})).sheet("Orders", header + text_row(2, {"4500001"}));
  const std::string cover = open_book(book).fault;
  CHECK_MESSAGE(says(cover, "has 2 sheets; 'Cover' is read, sheet names another one: 'Orders'."), cover);
  workbook_builder empty;
  empty.sheet("Sheet1", "").sheet("Orders", header + text_row(2, {"4500001"}));
  CHECK(says(open_book(empty).fault, "There are no rows in"));
  CHECK(says(open_book(empty).fault, "'Sheet1' is read, sheet names another one: 'Orders'."));
}

TEST_CASE("sheet: the first that can be seen, or the one that was asked for") {
  workbook_builder book;
  book.sheet("Old", header + text_row(2, {"1"}), {}, "hidden")
      .sheet("Março", header + text_row(2, {"2"}))
      .sheet("3", header + text_row(2, {"3"}));
  const auto number_in = [&](const std::string& sheet) {
    list_options options;
    options.sheet = sheet;
    return open_book(book, options).by_line();
  };
  CHECK(number_in("") == texts{"2:2"});
  CHECK(number_in("Old") == texts{"2:1"});
  CHECK(number_in("MARÇO") == texts{"2:2"});
  CHECK(number_in("1") == texts{"2:1"});
  CHECK(number_in("3") == texts{"2:3"});
  CHECK(says(open_book(book).facts.remarks.at(0), "3 sheets; 'Março' is read"));
  list_options options;
  options.sheet = "April";
  CHECK(says(open_book(book, options).fault, "its sheets are 'Old', 'Março', '3'"));
  const test::temp_dir folder;
  CHECK(says(open_list(folder.file("list.csv", "po\n12\n"), options).fault,
             "is no workbook and has no sheets"));
}

TEST_CASE("sheet: as strict, prefixed and differently placed parts as other programs write") {
  workbook_builder book;
  book.sheet("x", "");
  book.part(
      "xl/worksheets/sheet1.xml",
      R"(<?xml version="1.0"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>)"
      R"(<x:row><x:c t="inlineStr"><x:is><x:t>PO</x:t></x:is></x:c></x:row>)"
      R"(<x:row><x:c><x:v>4500001</x:v></x:c></x:row></x:sheetData></x:worksheet>)");
  book.part(
      "xl/_rels/workbook.xml.rels",
      R"(<Relationships><Relationship Id="rId1" Target="/xl/../xl/worksheets/sheet1.xml" Type="a/worksheet"/>)"
      R"(</Relationships>)");
  CHECK(says(open_book(book).fault, "lacks its part"));
  book.part(
      "xl/_rels/workbook.xml.rels",
      R"(<Relationships><Relationship Id="rId1" Target="/XL/Worksheets/sheet1.xml" Type="a/worksheet"/>)"
      R"(</Relationships>)");
  CHECK(open_book(book).by_line() == texts{"2:4500001"});
}

TEST_CASE("sheet: what is no usable workbook gets one sentence that says what it is and what to do") {
  struct bad_case {
    const char* name;
    std::string content;
    const char* says;
  };
  using namespace std::string_literals;
  const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0');
  for (const bad_case& one :
       {bad_case{"old.xls", ole, "is an old Excel workbook (.xls); save the sheet as"},
        {"secret.xlsx", ole + "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"s,
         "is encrypted with a password"},
        {"page.xlsx", "<html><table><tr><td>PO</td></tr></table></html>", "is a web page"},
        {"page.xls", "\xEF\xBB\xBF\r\n<?xml version=\"1.0\"?><Workbook/>", "is a web page"},
        {"~$list.xlsx", std::string(165, '\0'), "is the lock file that Excel keeps"},
        {"empty.xlsx", "", "still being written"},
        {"blank.xlsx", std::string(4096, '\0'), "still being written"},
        {"begun.xlsx", "PK\x03\x04" + std::string(500, 'x'), "is not whole"}}) {
    CAPTURE(one.name);
    const test::temp_dir folder;
    const opened_list found = open_list(folder.file(one.name, one.content));
    CHECK_MESSAGE(says(found.fault, one.says), found.fault);
    CHECK(says(found.fault, one.name));
  }
}

TEST_CASE("sheet: other archives") {
  struct archive_case {
    std::map<std::string, std::string> parts;
    const char* says;
  };
  for (const archive_case& one :
       {archive_case{{{"list.csv", "po\n1\n"}}, "is a ZIP archive, but no workbook"},
        {{{"mimetype", "x"}, {"content.xml", "x"}}, "OpenDocument"},
        {{{"xl/workbook.bin", "x"}}, ".xlsb"},
        {{{"word/document.xml", "x"}}, "Word"}}) {
    CAPTURE(one.says);
    const test::temp_dir folder;
    workbook_builder::write_zip(folder.path() / "a.xlsx", one.parts);
    CHECK(says(open_list((folder.path() / "a.xlsx").string()).fault, one.says));
  }
}

TEST_CASE("sheet: damaged and hostile parts") {
  struct part_case {
    const char* rows;
    const char* says;
  };
  for (const part_case& one :
       {part_case{R"(<row r="5"><c r="A5"><v>1</v></c></row><row r="5"><c r="A5"><v>2</v></c></row>)",
                  "out of order"},
        {R"(<row r="1048577"><c r="A1048577"><v>1</v></c></row>)", "goes beyond row 1,048,576"},
        {R"(<row r="-3"><c><v>1</v></c></row>)", "out of order"},
        {R"(<row r="2"><c r="A2" t="s"><v>7</v></c></row>)", "names a text that the workbook does not have"},
        {R"(<row r="2"><c r="ZZZZ2"><v>7</v></c></row>)", "beyond column"},
        {R"(<row r="2"><c r="A2"><v>7</c></row>)", "not well-formed"},
        {R"(<row r="2"><c r="A2"><v>&secret;</v></c></row>)", "not well-formed"}}) {
    CAPTURE(one.rows);
    const opened_list found = open_rows(header + one.rows);
    CHECK_MESSAGE(says(found.fault, one.says), found.fault);
    CHECK(found.rows.empty());
  }
}

TEST_CASE("sheet: no entity is declared, resolved or fetched") {
  const test::temp_dir folder;
  const std::string secret = folder.file("secret", "4500001");
  for (const std::string& doctype :
       {"<!DOCTYPE worksheet [<!ENTITY a SYSTEM \"file://" + secret + "\">]>",
        std::string(
            "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"),
        "<!DOCTYPE worksheet SYSTEM \"file://" + secret + "\">"}) {
    for (const char* part : {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"}) {
      CAPTURE(part);
      workbook_builder book;
      book.sheet("x", header).strings("<si><t>x</t></si>");
      book.part(part, "<?xml version=\"1.0\"?>" + doctype +
                          "<worksheet><sheetData><row><c><v>&a;</v></c></row>" + "</sheetData></worksheet>");
      const opened_list found = open_book(book);
      CHECK_MESSAGE(says(found.fault, "document type"), found.fault);
    }
  }
}

TEST_CASE("sheet: a zip bomb is left after some megabytes") {
  workbook_builder book;
  book.sheet("x", header + std::string(80U << 20, ' ') + text_row(2, {"1"}));
  CHECK(says(open_book(book).fault, "zip bomb"));
  workbook_builder strings;
  strings.sheet("x", header).strings("<si><t>x</t></si>" + std::string(80U << 20, '\n'));
  CHECK(says(open_book(strings).fault, "zip bomb"));
}

TEST_CASE("sheet: few bytes cannot become many in memory") {
  // A text of 1 MiB, named by every cell of a long row, and by a cell each of many rows.
  workbook_builder wide;
  std::string row = "<row r=\"2\">";
  for (int i = 0; i < 100; ++i) row += "<c t=\"s\"><v>0</v></c>";
  wide.sheet("x", header + row + "</row>").strings("<si><t>" + std::string(1U << 20, 'x') + "</t></si>");
  CHECK(says(open_book(wide).fault, "Row 2"));
  workbook_builder long_text;
  long_text.sheet("x", header).strings("<si><t>" + std::string((1U << 20) + 1, 'x') + "</t></si>");
  CHECK(says(open_book(long_text).fault, "longer than 1 MiB"));
  CHECK(says(open_rows(header + text_row(2, {std::string((1U << 20) + 1, 'x')})).fault, "Row 2"));
}

TEST_CASE("sheet: a part whose check sum is wrong is damaged, also behind the rows") {
  const test::temp_dir folder;
  const auto path = folder.path() / "list.xlsx";
  std::string behind = "<!--";
  // So random that it is stored as it is.
  unsigned state = 1;
  for (int i = 0; i < 40'000; ++i)
    behind += static_cast<char>('A' + (state = state * 1664525U + 1013904223U) % 47U);
  workbook_builder().sheet("x", header + text_row(2, {"1"}), behind + "-->").write(path);
  std::string bytes = test::read_file(path);
  const std::size_t at = bytes.find("xl/worksheets/sheet1.xml") + 20'000;
  bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
  const std::string broken = folder.file("broken.xlsx", bytes);
  CHECK(says(open_list(broken).fault, "damaged"));
}

TEST_CASE("sheet: a file that is cut off at any place is no list") {
  const test::temp_dir folder;
  const auto path = folder.path() / "list.xlsx";
  workbook_builder().sheet("x", header + text_row(2, {"1"})).write(path);
  const std::string bytes = test::read_file(path);
  for (std::size_t size = 0; size < bytes.size(); size += size < 64 || size + 64 > bytes.size() ? 1U : 13U) {
    CAPTURE(size);
    CHECK_FALSE(open_list(folder.file("cut.xlsx", bytes.substr(0, size))).fault.empty());
  }
}

TEST_CASE("sheet: one that is open elsewhere is read with a remark, and blamed for if it cannot be read") {
  const test::temp_dir folder;
  workbook_builder().sheet("x", header + text_row(2, {"1"})).write(folder.path() / "list.xlsx");
  const std::string path = (folder.path() / "list.xlsx").string();
  CHECK(open_list(path).facts.remarks.empty());
  (void)folder.file("~$list.xlsx", "x");
  CHECK(says(open_list(path).facts.remarks.at(0), "is open in Excel ('~$list.xlsx' stands beside it)"));
  CHECK(open_list(path).by_line() == texts{"2:1"});
  const std::string begun = folder.file("begun.xlsx", "PK\x03\x04");
  (void)folder.file(".~lock.begun.xlsx#", "x");
  CHECK(says(open_list(begun).fault, "is open in LibreOffice"));
}

TEST_CASE("sheet: a file that changes while it is read is not taken for a list") {
  const test::temp_dir folder;
  const auto path = folder.path() / "list.xlsx";
  std::string rows = header;
  for (int i = 2; i < 2'000; ++i) rows += text_row(i, {std::to_string(4'500'000 + i)});
  workbook_builder().sheet("x", rows).write(path);
  list_options options;
  options.input = path.string();
  auto list = open_po_list(options);
  REQUIRE(list.has_value());
  const timespec times[2] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  std::string fault;
  while (true) {
    auto row = (*list)->next();
    if (!row) fault = row.error().message;
    if (!row || !*row) break;
  }
  CHECK(says(fault, "has changed while it was read"));
}

TEST_CASE("sheet: not from a pipe, and it says so") {
  const test::temp_dir folder;
  const auto fifo = folder.path() / "pipe";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::thread writer([&fifo] {
    const int fd = ::open(fifo.c_str(), O_WRONLY | O_CLOEXEC);
    const ssize_t written = ::write(fd, "PK\x03\x04 and more", 13);
    (void)written;
    ::close(fd);
  });
  const std::string fault = open_list(fifo.string()).fault;
  writer.join();
  CHECK_MESSAGE(says(fault, "cannot be read from a pipe"), fault);
}
