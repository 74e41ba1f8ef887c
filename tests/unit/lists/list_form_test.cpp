// A list whose form is not certain never makes orders out of other columns: it is read as the table that it
// is, or refused. Every list here has the orders 4500012345 and 4500012346, and numbers that are none.
#include "lists/po_list_reader.hpp"
#include "support/opened_list.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;
using test::open_list_of;
using test::opened_list;
using test::says;
using namespace std::string_view_literals;

namespace {

using texts = std::vector<std::string>;

struct table_case {
  const char* slug;
  std::string_view content;
  const char* po_column = "";
  texts numbers{"4500012345", "4500012346"};
};

const table_case tables[] = {
    {"title-of-one-cell", "Orders\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"title-that-is-a-name", "Purchase orders\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"title-with-comma-that-is-a-name",
     "Purchase orders, March\nPO Number;Item\n4500012345;17\n4500012346;20\n"sv},
    {"title-with-number", "Plant 1000\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"title-that-is-a-number", "2026\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"title-that-is-a-long-number", "4500099999\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"several-titles",
     "Orders\n\nPlant 1000\nMade 2026-03-01\n\nPO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"semicolons", "Orders\nPO Number;Item\n4500012345;17\n4500012346;20\n"sv},
    {"commas", "Orders\nPO Number,Item\n4500012345,17\n4500012346,20\n"sv},
    {"bars", "Orders\nPO Number|Item\n4500012345|17\n4500012346|20\n"sv},
    {"po-column-not-the-first", "Orders\nItem\tPO Number\n17\t4500012345\n20\t4500012346\n"sv},
    {"vendor-of-ten-digits", "Orders\nPO Number\tVendor\n4500012345\t4500099999\n4500012346\t4500099998\n"sv},
    {"name-by-option", "Orders\nDoc\tItem\n4500012345\t17\n4500012346\t20\n"sv, "Doc"},
    {"names-in-the-first-line", "PO Number\tItem\n4500012345\t17\n4500012346\t20\n"sv},
    {"utf16",
     "\xFF\xFEX\0\n\0P\0O\0\t\0I\0\n\0"
     "9\0\t\0"
     "5\0\n\0"sv,
     "",
     {"9"}},
    {"one-name-over-two-columns", "PO Number\n4500012345\t17\n4500012346\t20\n"sv},
    {"one-name-over-one-row", "PO Number\n4500012345\t17\n"sv, "", {"4500012345"}},
    {"one-name-and-words-beside", "PO Number\n4500012345|ACME\n4500012346|ACME 7\n"sv},
    {"title-above-one-column", "Orders\nPO Number\n4500012345\n4500012346\n"sv},
    {"sap-list",
     "20.03.2026        Dynamic List Display         1\n"
     "---------------------------------------------\n"
     "Purchase Orders 4500000000 to 4600000000\n"
     "---------------------------------------------\n"
     "|Purch.Doc.|Item |Material |  Quantity|\n"
     "---------------------------------------------\n"
     "|4500012345|   10|  1000000|     1.000|\n"
     "|4500012346|   20|  1000001|     2.000|\n"
     "---------------------------------------------\n"sv},
    {"sap-list-by-option",
     "Orders\n-----------------\n|Belegnr   |Item |\n|----------|-----|\n"
     "|4500012345|   10|\n|4500012346|   20|\n-----------------\n"sv,
     "Belegnr"},
    {"sap-list-of-two-pages",
     "01.03.2026   List   1\n\n-----------------\n|Purch.Doc.|Item |\n-----------------\n"
     "|4500012345|   10|\n-----------------\n01.03.2026   List   2\n\n-----------------\n"
     "|Purch.Doc.|Item |\n-----------------\n|4500012346|   20|\n-----------------\n"sv},
    {"markdown", "| PO | Item |\n|----|:---:|\n| 4500012345 | 17 |\n| 4500012346 | 20 |\n"sv},
    {"frame-of-one-column", "|PO|\n|--|\n|4500012345|\n|4500012346|\n"sv},
    {"drawn-frame",
     "+------------+------+\n| PO         | Item |\n+============+======+\n| 4500012345 | 17   |\n"
     "| 4500012346 | 20   |\n+------------+------+\n"sv},
    {"rules-between-orders", "4500012345\n----------\n4500012346\n__________\n"sv},
    {"joined-files", "PO,Item\n4500012345,17\n\x1A\nPO,Item\n4500012346,20\n\x1A\x1A\r\n"sv},
    {"comma-behind-every-order", "4500012345,\n4500012346,\n"sv},
    {"orders-on-one-line", "4500012345 4500012346\n"sv},
    {"orders-on-one-line-by-tab", "4500012345\t4500012346\n"sv},
    {"orders-called-so",
     "PO4500012345\tPM4500012346\nPO1\tPO2\n"sv,
     "",
     {"PO4500012345", "PM4500012346", "PO1", "PO2"}},
    {"several-in-quotes",
     "PO\n\"4500012345, 4500012346\"\n\"4500012347, 4500012348\"\n"sv,
     "",
     {"4500012345", "4500012346", "4500012347", "4500012348"}},
    {"unnamed-notes", "PO;\n4500012345;urgent\n4500012346;17\n"sv},
    {"order-and-item", "4500012345/10\n4500012346/00020\n"sv},
    {"title-named-by-option", "Orders of March\n4500012345\n4500012346\n"sv, "Orders of March"},
    {"short-order-and-item", "PO,Supplier\n100001/10,a\n7001/20,b\n"sv, "", {"100001", "7001"}},
    {"short-order-and-item-alone", "100001/10\n7001/20\n"sv, "", {"100001", "7001"}},
};

}  // namespace

TEST_CASE("list form: the orders of a table alone, whatever the name of the file says") {
  for (const char* file : {"list.txt", "list.csv", "list", "list.tsv"}) {
    for (const table_case& one : tables) {
      CAPTURE(file);
      CAPTURE(one.slug);
      list_options options;
      options.po_column = one.po_column;
      const opened_list list = open_list_of(file, one.content, options);
      CHECK_MESSAGE(list.fault == "", list.fault);
      CHECK(list.numbers() == one.numbers);
    }
  }
}

namespace {

struct doubt_case {
  const char* slug;
  std::string_view content;
  const char* says;
};

const char* const certain = "it is not certain which numbers are purchase orders";

const doubt_case doubts[] = {
    {"unknown-names", "Orders\nDoc\tItem\n4500012345\t17\n4500012346\t20\n"sv, "add po_column 'Doc'"},
    {"unknown-names-of-two-long-columns", "Doc\tVendor\n4500012345\t4500099999\n4500012346\t4500099998\n"sv,
     "po_column"},
    {"no-names", "4500012345\t4500099999\n4500012346\t4500099998\n"sv, "put a row of names above"},
    {"no-names-commas", "4500012345,4500099999\n4500012346,4500099998\n"sv, "put a row of names above"},
    {"no-names-spaces", "4500012345 4500099999\n4500012346 4500099998\n"sv, certain},
    {"no-names-items", "4500012345\t17\n4500012346\t20\n"sv, "put a row of names above"},
    {"no-names-items-spaces", "4500012345  17\n4500012346  20\n"sv, "po_column"},
    {"fixed-width", "PO Number   Item   Qty\n4500012345  10     17\n4500012346  20     5\n"sv, "po_column"},
    {"fixed-width-below-title",
     "Orders\nPO Number   Item   Qty\n4500012345  10     17\n4500012346  20     5\n"sv, "po_column"},
    {"one-name-over-alike-columns", "PO Number\n4500012345;4500099999\n4500012346;4500099998\n"sv, certain},
    {"one-name-over-alike-columns-tab", "PO Number\n4500012345\t4500099999\n"sv, certain},
    {"title-that-is-a-name-above-unknown-ones",
     "Purchase orders\nItem\tDoc\n10\t4500012345\n20\t4500012346\n"sv, certain},
    {"title-that-is-a-name-above-unknown-ones-2",
     "Purchase orders\nItem;Doc\n10;4500012345\n20;4500012346\n"sv, certain},
    {"title-that-is-a-name-above-vendors", "Pedidos\nVendor;Doc\n4500099999;4500012345\n"sv, certain},
    {"padded-title-that-is-a-name", "Purchase orders;;\nItem;Doc;Qty\n10;4500012345;7\n"sv, certain},
    {"title-of-two-cells-that-is-a-name", "Purchase orders;March;;\nItem;Doc;Qty;x\n10;4500012345;7;y\n"sv,
     certain},
    {"padded-title-that-is-a-name-no-names", "Purchase orders;\n10;4500012345\n20;4500012346\n"sv, certain},
    {"prose", "please fetch 4500012345 (17 files)\nand 4500012346 by 31/12\n"sv, "po_column"},
    {"small-numbers", "1,2\n3,4\n"sv, "po_column"},
    {"small-orders-and-items", "1001 5\n1002\n1003 7\n"sv, certain},
    {"small-orders-and-items-commas", "1001,5\n1002\n1003,7\n"sv, "po_column"},
    {"names-and-values", "PO Number: 4500012345\nItem: 17\nPO Number: 4500012346\nItem: 20\n"sv, "po_column"},
    {"other-name-over-one-column", "Quantity\n17\n20\n"sv, "its columns are 'Quantity'"},
    {"other-name-over-one-column-2", "Item\n17\n20\n"sv, "its columns are 'Item'"},
    {"other-name-of-two-words", "Vendor number\n4500099999\n4500099998\n"sv, "add po_column 'Vendor number'"},
    {"name-that-a-program-gave", "Column1\n17\n20\n"sv, "po_column"},
    {"title-over-one-column", "Orders of March\n4500012345\n4500012346\n"sv,
     "add po_column 'Orders of March'"},
    {"numbered-lines", "1. 4500012345\n2. 4500012346\n"sv, "po_column"},
};

}  // namespace

TEST_CASE("list form: what is not certain is refused, with the next step") {
  for (const char* file : {"list.txt", "list.csv", "list"}) {
    for (const doubt_case& one : doubts) {
      CAPTURE(file);
      CAPTURE(one.slug);
      const opened_list list = open_list_of(file, one.content);
      CHECK(list.rows.empty());
      CHECK_MESSAGE((!list.fault.empty() && says(list.fault, one.says)), list.fault);
    }
  }
}

TEST_CASE("list form: a line of plain text counts if it holds nothing but orders") {
  const char* const text =
      "4500012345\nOrders of March\n4500012346 17\n4500012347 urgent\n31/12/2026\n4500012348, 4500012349\n"
      "tel. 4500012\n4500012350/10\n4500012351\n";
  const opened_list list = open_list_of("list.txt", text);
  CHECK(list.fault == "");
  CHECK(list.by_line() == texts{"1:4500012345", "2:!", "3:!", "4:!", "5:!", "6:4500012348", "6:4500012349",
                                "7:!", "8:4500012350", "9:4500012351"});
  CHECK(says(list.rows.at(2).problem, "Line 3: '4500012346 17' is not taken"));
  CHECK(says(list.rows.at(2).problem, "give the orders lines of their own"));
}

TEST_CASE("list form: the frame of a table is no column, its rules and repeated names are no rows") {
  const opened_list list = open_list_of(
      "sap.csv",
      "List\n---------------\n|Purch.Doc.|Item|\n---------------\n|4500012345| 10|\n|Purch.Doc.|Item|\n"
      "|          | 20|\n| -        | - |\n4500012399 outside\n---------------\n"sv);
  CHECK(list.columns == texts{"Purch.Doc.", "Item"});
  CHECK(list.by_line() == texts{"5:4500012345", "7:!", "8:!", "9:!"});
  CHECK_MESSAGE(says(list.rows.at(3).problem, "Line 9 stands outside of the frame"), list.rows.at(3).problem);
  CHECK(list.facts.header_line == 3);
  CHECK(list.facts.separator == "bar");
}

TEST_CASE("list form: an order with its item in one cell is one order") {
  const opened_list list = open_list_of("list.csv",
                                        "PO,x\n4500012345/10,a\n4500012345/20,b\n4500012346 / 00010,c\n"
                                        "4500012347/48,d\n4500012350 17,e\n4500012351/4500012352,f\n"sv);
  CHECK(list.by_line() == texts{"2:4500012345", "3:4500012345", "4:4500012346", "5:4500012347", "5:!",
                                "6:4500012350", "6:!", "7:4500012351", "7:4500012352"});
  CHECK(says(list.rows.at(4).problem, "'48'"));
  CHECK(says(list.rows.at(6).problem, "'17'"));
}

TEST_CASE("list form: the mark at the end of a file is no row, in any form") {
  struct end_case {
    const char* file;
    std::string_view content;
  };
  for (const end_case& one : {end_case{"a.csv", "po,x\r\n4500012345,1\r\n\x1A"sv},
                              {"a.csv", "po,x\r\n4500012345,1\x1A"sv},
                              {"a.csv", "x,po\r\n1,4500012345\x1A"sv},
                              {"a.csv", "po\r\n4500012345\r\n\x1A\x1A\x1A"sv},
                              {"a.tsv", "po\tx\n4500012345\t1\n\x1A\r\n"sv},
                              {"a.txt", "4500012345\r\n\x1A"sv},
                              {"a.txt", "4500012345\x1A"sv},
                              {"a.jsonl", "{\"po\":4500012345}\r\n\x1A"sv},
                              {"a.csv", "po,x\r\n4500012345,1\r\n\x1A\0\0"sv},
                              {"a.txt", "4500012345\x1A\0\0\x1A\0"sv},
                              {"a.jsonl", "{\"po\":4500012345}\n\x1A\0\0\0"sv},
                              {"a.csv",
                               "\xFF\xFEp\0o\0\n\0"
                               "4\0"
                               "5\0"
                               "0\0"
                               "0\0"
                               "0\0"
                               "1\0"
                               "2\0"
                               "3\0"
                               "4\0"
                               "5\0\n\0\x1A\0"sv},
                              {"a.csv", "po,url\n4500012345,https://h.org/a\x1A"sv}}) {
    CAPTURE(one.content);
    const opened_list list = open_list_of(one.file, one.content);
    CHECK(list.fault == "");
    CHECK(list.numbers() == texts{"4500012345"});
    if (list.is_manifest) CHECK(list.rows.at(0).url == "https://h.org/a");
  }
}

TEST_CASE("list form: a sheet below a title that reads like a name, read by the names below, or refused") {
  const auto open_rows = [](const std::string& rows, const std::string& po_column = {}) {
    const test::temp_dir folder;
    test::workbook_builder().sheet("x", rows).write(folder.path() / "list.xlsx");
    list_options options;
    options.po_column = po_column;
    return test::open_list((folder.path() / "list.xlsx").string(), options);
  };
  using test::text_row;
  const std::string title = text_row(1, {"Purchase orders"});
  const std::string rows = text_row(4, {"17", "4500012345"}) + text_row(5, {"20", "4500012346"});
  CHECK(open_rows(title + text_row(3, {"Item", "PO Number"}) + rows).by_line() ==
        texts{"4:4500012345", "5:4500012346"});
  CHECK(open_rows(title + text_row(3, {"Item", "Doc"}) + rows, "Doc").by_line() ==
        texts{"4:4500012345", "5:4500012346"});
  for (const std::string& doubtful :
       {title + text_row(3, {"Item", "Doc"}) + rows, title + rows,
        title + text_row(3, {"Vendor", "Doc"}) + text_row(4, {"4500099999", "4500012345"})}) {
    const opened_list list = open_rows(doubtful);
    CHECK(list.rows.empty());
    CHECK_MESSAGE(says(list.fault, certain), list.fault);
  }
  CHECK(open_rows(title + text_row(3, {"4500012345"}) + text_row(4, {"4500012346", "urgent"})).by_line() ==
        texts{"3:4500012345", "4:4500012346"});
}
