#include "lists/xlsx/hyperlink.hpp"

#include "lists/xlsx/sheet_links.hpp"
#include "support/opened_list.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;
using test::open_list;
using test::open_list_of;
using test::opened_list;
using test::says;
using test::text_row;
using test::workbook_builder;

TEST_CASE("hyperlink: where a formula leads, if its text says so") {
  struct formula_case {
    const char* formula;
    bool is_link;
    const char* target;
  };
  for (const auto& one : {formula_case{R"(=HYPERLINK("https://h/a","Open"))", true, "https://h/a"},
                          {R"(=hyperlink( "https://h/a" ))", true, "https://h/a"},
                          {R"( =+HYPERLINK("https://h/a";"Abrir"))", true, "https://h/a"},
                          {R"(=HIPERLINK("https://h/a";"Abrir"))", true, "https://h/a"},
                          {"=HIPERV\u00EDNCULO(\"https://h/a\";\"Abrir\")", true, "https://h/a"},
                          {R"(=HYPERLINK("https://h/"&"a"&"?b=1","x"))", true, "https://h/a?b=1"},
                          {R"(=HYPERLINK("https://h/""q""",A1))", true, "https://h/\"q\""},
                          {R"(=HYPERLINK("https://h/"&A2,"x"))", true, ""},
                          {R"(=HYPERLINK(B7))", true, ""},
                          {R"(=HYPERLINK("https://h/a)", true, ""},
                          {R"(=HYPERLINK("https://h/a")", true, ""},
                          {R"(=HYPERLINKS("https://h/a"))", false, ""},
                          {R"(HYPERLINK("https://h/a"))", false, ""},
                          {"=A1", false, ""},
                          {"", false, ""}}) {
    CAPTURE(one.formula);
    CHECK(is_link_formula(one.formula) == one.is_link);
    CHECK(link_target(one.formula).value_or("") == one.target);
  }
}

namespace {

/// A manifest with the rows 2 to 8, of which the url column shows `Open` or nothing.
workbook_builder manifest_book(const std::string& links, const std::string& relations) {
  std::string rows = text_row(1, {"PO", "url"});
  for (int row = 2; row < 8; ++row) rows += text_row(row, {"A" + std::to_string(row), "Open"});
  workbook_builder book;
  book.sheet("x", rows + text_row(8, {"A8"}), "<hyperlinks>" + links + "</hyperlinks>");
  book.part("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships>" + relations + "</Relationships>");
  return book;
}

std::string relation(const std::string& id, const std::string& target, const std::string& mode = "External") {
  return "<Relationship Id=\"" + id + "\" Type=\"http://x/relationships/hyperlink\" Target=\"" + target +
         "\" TargetMode=\"" + mode + "\"/>";
}

opened_list open_manifest(const workbook_builder& book, list_options options = {}) {
  const test::temp_dir folder;
  book.write(folder.path() / "m.xlsx");
  return open_list((folder.path() / "m.xlsx").string(), std::move(options));
}

std::vector<std::string> addresses(const opened_list& list) {
  std::vector<std::string> all;
  for (const po_row& row : list.rows) all.push_back(row.number.empty() ? "!" : row.url);
  return all;
}

}  // namespace

TEST_CASE("manifest: links that stand beside the sheet, one of its own, shared, and over ranges") {
  const opened_list list = open_manifest(manifest_book(
      R"(<hyperlink ref="B2" r:id="rId1"/><hyperlink ref="B5" r:id="rId2" display="Open"/>)"
      R"(<hyperlink ref="A6" r:id="rId2"/><hyperlink ref="B3:B4" r:id="rId1"/><hyperlink ref="A7:C8" r:id="rId3"/>)"
      R"(<hyperlink ref="B6" location="Sheet2!A1"/>)",
      relation("rId1", "https://h.org/a?b=1&amp;token=secret1") + relation("rId2", "https://h.org/two") +
          relation("rId3", "https://h.org/three")));
  CHECK(list.fault == "");
  CHECK(addresses(list) == std::vector<std::string>{"https://h.org/a?b=1&token=secret1",
                                                    "https://h.org/a?b=1&token=secret1",
                                                    "https://h.org/a?b=1&token=secret1", "https://h.org/two",
                                                    "!", "https://h.org/three", "https://h.org/three"});
  CHECK(list.rows.at(0).cells == std::vector<std::string>{"A2", "Open"});
  CHECK(says(list.rows.at(4).problem, "'Open' is no absolute http or https address"));
}

TEST_CASE("manifest: links that lead nowhere or to something else are named") {
  const opened_list list = open_manifest(manifest_book(
      R"(<hyperlink ref="B2" r:id="rId1"/><hyperlink ref="B3" r:id="rId2"/><hyperlink ref="B4" r:id="none"/>)"
      R"(<hyperlink ref="nonsense" r:id="rId1"/>)",
      relation("rId1", "mailto:ann@h.org") + relation("rId2", "sheet2.xml", "Internal")));
  CHECK(addresses(list) == std::vector<std::string>(7, "!"));
  CHECK(says(list.rows.at(0).problem, "'mailto:ann@h.org' is no absolute http or https address"));
  CHECK(says(list.rows.at(2).problem, "'Open' is no absolute"));
}

TEST_CASE("manifest: an address that is shown counts more than the link behind it") {
  workbook_builder book;
  book.sheet("x", text_row(1, {"PO", "url"}) + text_row(2, {"1", "https://h.org/shown"}),
             R"(<hyperlinks><hyperlink ref="B2" r:id="rId1"/></hyperlinks>)");
  book.part("xl/worksheets/_rels/sheet1.xml.rels",
            "<Relationships>" + relation("rId1", "https://h.org/behind") + "</Relationships>");
  CHECK(addresses(open_manifest(book)) == std::vector<std::string>{"https://h.org/shown"});
  // Where the list is none of addresses, nobody looks for them.
  list_options options;
  options.kind = list_kind::purchase_orders;
  CHECK(open_manifest(book, options).rows.at(0).url == "");
}

TEST_CASE("manifest: formulas of links in sheets, also shared ones") {
  const auto formula = [](int row, const std::string& f, const std::string& value) {
    const std::string number = std::to_string(row);
    return "<row r=\"" + number + "\"><c r=\"A" + number + "\"><v>" + number + "</v></c><c r=\"B" + number +
           "\" t=\"str\">" + f + value + "</c></row>";
  };
  const opened_list list = open_manifest(workbook_builder().sheet(
      "x", text_row(1, {"PO", "url"}) +
               formula(2, R"(<f>HYPERLINK("https://h.org/2","Open")</f>)", "<v>Open</v>") +
               formula(3, R"(<f t="shared" ref="B3:B4" si="0">HYPERLINK("https://h.org/3","Open")</f>)",
                       "<v>Open</v>") +
               formula(4, R"(<f t="shared" si="0"/>)", "<v>Open</v>") +
               formula(5, R"(<f>HYPERLINK("https://h.org/"&amp;A5,"Open")</f>)", "<v>Open</v>") +
               formula(6, R"(<f>"https://h.org/"&amp;A6</f>)", "<v>https://h.org/6</v>") +
               formula(7, R"(<f>HYPERLINK("https://h.org/7")</f>)", "")));
  CHECK(list.fault == "");
  CHECK(addresses(list) == std::vector<std::string>{"https://h.org/2", "https://h.org/3", "https://h.org/3",
                                                    "!", "https://h.org/6", "!"});
  CHECK_MESSAGE(says(list.rows.at(3).problem, "puts its address together from other cells"),
                list.rows.at(3).problem);
}

TEST_CASE("manifest: formulas of links in CSV, without their secrets in the report") {
  const opened_list list =
      open_list_of("m.csv",
                   "po;url\nA;\"=HYPERLINK(\"\"https://h.org/a?token=secret1\"\";\"\"Open\"\")\"\n"
                   "B;=HIPERLINK(\"https://h.org/b\")\nC;=HYPERLINK(A2)\n");
  CHECK(list.fault == "");
  CHECK(addresses(list) == std::vector<std::string>{"https://h.org/a?token=secret1", "https://h.org/b", "!"});
  CHECK_FALSE(says(list.rows.at(0).cells.at(1), "secret1"));
  CHECK(says(list.rows.at(0).cells.at(1), "https://h.org/a"));
  CHECK(says(list.rows.at(2).problem, "'=HYPERLINK(A2)' puts its address together"));
}
