// What other programs and people make of workbooks: hidden rows, parts with backslashes.
#include "lists/po_list_reader.hpp"
#include "lists/xlsx/zip_archive.hpp"
#include "support/opened_list.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
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

opened_list open_parts(const std::map<std::string, std::string>& parts, list_options options = {}) {
  const test::temp_dir folder;
  workbook_builder::write_zip(folder.path() / "list.xlsx", parts);
  return open_list((folder.path() / "list.xlsx").string(), std::move(options));
}

std::string row_with(int number, const std::string& attributes, const std::string& po) {
  const std::string text = std::to_string(number);
  return "<row r=\"" + text + "\" " + attributes + "><c r=\"A" + text + "\"><v>" + po + "</v></c><c r=\"B" +
         text + "\"><v>7</v></c></row>";
}

}  // namespace

TEST_CASE("sheet: hidden rows are counted and taken, or left out if that is asked for") {
  workbook_builder book;
  book.sheet("x",
             text_row(1, {"PO", "Item"}) + row_with(2, "", "1") + row_with(3, "hidden=\"1\"", "2") +
                 row_with(4, "hidden=\"0\"", "3") + row_with(5, "outlineLevel=\"1\" hidden=\"true\"", "4") +
                 row_with(6, "ht=\"0\" customHeight=\"1\"", "5") +
                 row_with(7, "ht=\"15\" hidden=\"false\"", "6") +
                 "<row r=\"8\" hidden=\"1\"><c r=\"A8\"/></row>" + row_with(9, "hidden=\"1\"", "2"),
             "<autoFilter ref=\"A1:B9\"><filterColumn colId=\"1\"/></autoFilter>");
  const opened_list all = open_parts(book.parts());
  CHECK(all.numbers() == texts{"1", "2", "3", "4", "5", "6", "2"});
  CHECK(all.facts.hidden_rows == 4);
  CHECK_FALSE(all.facts.hidden_left_out);
  list_options options;
  options.visible_rows = true;
  const opened_list visible = open_parts(book.parts(), options);
  CHECK(visible.by_line() == texts{"2:1", "4:3", "7:6"});
  CHECK(visible.facts.hidden_rows == 4);
  CHECK(visible.facts.hidden_left_out);
}

TEST_CASE("sheet: nothing but hidden rows, no list, and it says why; hidden names are names all the same") {
  workbook_builder book;
  book.sheet("x", "<row r=\"1\" hidden=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>PO</t></is></c></row>" +
                      row_with(2, "hidden=\"1\"", "4500001") + row_with(3, "hidden=\"1\"", "4500002"));
  CHECK(open_parts(book.parts()).numbers() == texts{"4500001", "4500002"});
  CHECK(open_parts(book.parts()).facts.hidden_rows == 2);
  list_options options;
  options.visible_rows = true;
  const opened_list none = open_parts(book.parts(), options);
  CHECK_MESSAGE(says(none.fault, "but hidden ones (2), which visible_rows leaves out"), none.fault);
}

TEST_CASE("list: no other form has hidden rows") {
  list_options options;
  options.visible_rows = true;
  const opened_list list = test::open_list_of("a.csv", "po,hidden\n1,1\n2,0\n", options);
  CHECK(list.numbers() == texts{"1", "2"});
  CHECK(list.facts.hidden_rows == 0);
}

TEST_CASE("sheet: rules of dashes and repeated names are no rows") {
  const opened_list list = open_parts(
      workbook_builder()
          .sheet("x", text_row(1, {"List"}) + text_row(2, {"------", "----"}) + text_row(3, {"PO", "Item"}) +
                          text_row(4, {"---", "---"}) + text_row(5, {"4500012345", "10"}) +
                          text_row(6, {"PO", "Item"}) + text_row(7, {"-", "10"}) +
                          text_row(8, {"4500012346", "20"}) + text_row(9, {"======"}))
          .parts());
  CHECK(list.by_line() == texts{"5:4500012345", "7:!", "8:4500012346"});
}

namespace {

std::string with_backslashes(std::string text) {
  std::replace(text.begin(), text.end(), '/', '\\');
  return text;
}

/// All targets of the relations with backslashes.
std::string with_other_targets(std::string part, const std::string& front) {
  constexpr std::string_view mark = "Target=\"";
  for (std::size_t at = part.find(mark); at != std::string::npos; at = part.find(mark, at)) {
    at += mark.size();
    const std::size_t end = part.find('"', at);
    part.replace(at, end - at, front + with_backslashes(part.substr(at, end - at)));
  }
  return part;
}

}  // namespace

TEST_CASE("sheet: backslashes in the names of parts, in targets, and in both") {
  workbook_builder book;
  book.sheet("Orders", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>" + row_with(2, "", "4500012345"))
      .strings("<si><t>PO</t></si>")
      .styles("<cellXfs><xf numFmtId=\"0\"/></cellXfs>");
  const auto parts = book.parts();
  struct part_case {
    const char* slug;
    bool in_names;
    bool in_targets;
    const char* before_name;
    const char* before_target;
  };
  for (const auto& one : {part_case{"names", true, false, "", ""},
                          {"targets", false, true, "", ""},
                          {"both", true, true, "", ""},
                          {"names-with-root", true, false, "\\", ""},
                          {"slash-before-names", false, false, "/", ""},
                          {"targets-from-here", false, true, "", ".\\"}}) {
    CAPTURE(one.slug);
    std::map<std::string, std::string> made;
    for (const auto& [name, content] : parts) {
      const bool is_relations = name.ends_with(".rels");
      made[one.before_name + (one.in_names ? with_backslashes(name) : name)] =
          is_relations && one.in_targets ? with_other_targets(content, one.before_target) : content;
    }
    const opened_list list = open_parts(made);
    CHECK_MESSAGE(list.fault == "", list.fault);
    CHECK(list.numbers() == texts{"4500012345"});
    CHECK(list.facts.sheet == "Orders");
  }
  auto mixed = parts;
  mixed["xl/_rels/workbook.xml.rels"] = with_other_targets(parts.at("xl/_rels/workbook.xml.rels"), "\\xl\\");
  mixed["XL\\WORKSHEETS/SHEET1.XML"] = mixed.at("xl/worksheets/sheet1.xml");
  mixed.erase("xl/worksheets/sheet1.xml");
  CHECK(open_parts(mixed).numbers() == texts{"4500012345"});
}

TEST_CASE("zip archive: what makes two names of parts one") {
  CHECK(part_key("xl\\Worksheets\\Sheet1.xml") == "xl/worksheets/sheet1.xml");
  CHECK(part_key("/xl/a.xml") == "xl/a.xml");
  CHECK(part_key("\\") == "");
  CHECK(part_key("") == "");
}

TEST_CASE("sheet: numeric cells with exponents are exact, texts that look so are not") {
  const auto cell = [](const std::string& content) {
    return "<row r=\"2\"><c r=\"A2\"" + content + "</c><c r=\"B2\"><v>1</v></c></row>";
  };
  struct value_case {
    const char* cell;
    const char* number;
  };
  for (const auto& one : {value_case{"><v>4.500012346E+9</v>", "4500012346"},
                          {"><v>4.500012346E+09</v>", "4500012346"},
                          {"><v>4.500012346e9</v>", "4500012346"},
                          {" t=\"n\"><v>1E+06</v>", "1000000"},
                          {"><f>A9</f><v>4.500012346E+9</v>", "4500012346"},
                          {" s=\"0\"><v>4500012346.0000000</v>", "4500012346"},
                          {"><v>1E+15</v>", "!"},
                          {" t=\"str\"><v>4.500012346E+9</v>", "!"},
                          {" t=\"inlineStr\"><is><t>4.5E+9</t></is>", "!"}}) {
    CAPTURE(one.cell);
    const opened_list list =
        open_parts(workbook_builder().sheet("x", text_row(1, {"PO", "Item"}) + cell(one.cell)).parts());
    CHECK(list.numbers() == texts{one.number});
  }
}
