#include "core/po_number.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;

namespace {
/// `PO:12 :13 /10 !bad` for two orders, an item and a rejected word.
std::string read(std::string_view cell) {
  const po_cell parsed = parse_po_cell(cell);
  std::string text;
  for (const auto& po : parsed.orders) text += po.prefix + ":" + po.number + " ";
  for (const auto& item : parsed.items) text += "/" + item + " ";
  for (const auto& word : parsed.rejected) text += "!" + word + " ";
  if (!text.empty()) text.pop_back();
  return text;
}
}  // namespace

TEST_CASE("po_number: cells of a list") {
  struct row {
    std::string cell;
    std::string expected;
  };
  const row rows[] = {
      {"123", ":123"},
      {"  123 ", ":123"},
      {"0012", ":0012"},
      {"123.0", ":123"},
      {"123.00", ":123"},
      {"PO123", "PO:123"},
      {"po123", "PO:123"},
      {"Pm 123", "PM:123"},
      {"PO-123", "PO:123"},
      {"PO_123", "PO:123"},
      {"PO#123", "PO:123"},
      {"PO: 123", "PO:123"},
      {"PO # 123", "PO:123"},
      {"PO - 123", "PO:123"},
      {"PO.123", "PO:123"},
      {"PO123.0", "PO:123"},
      {"\xC2\xA0PO\xC2\xA0"
       "123\xE2\x80\x8B",
       "PO:123"},
      {"'123", ":123"},
      {"=\"00123\"", ":00123"},
      {"123456789012345678", ":123456789012345678"},
      // Several in one cell
      {"1,2;3/4|5 6\n7\t8&9", ":1 :2 :3 :4 :5 :6 :7 :8 :9"},
      {"PO1 and PO2", "PO:1 PO:2"},
      {"PO 1 & PM 2", "PO:1 PM:2"},
      {"1 e 2 y 3", ":1 :2 :3"},
      {"PO1/PM2", "PO:1 PM:2"},
      {"PO 1 / PO 2", "PO:1 PO:2"},
      {"12, 12", ":12 :12"},
      {"1,,;2", ":1 :2"},
      // Placeholders are no POs, and nothing to report
      {"", ""},
      {"   ", ""},
      {"N/A", ""},
      {"n/a", ""},
      {"NA", ""},
      {"n.a.", ""},
      {"#N/A", ""},
      {"TBD", ""},
      {"-", ""},
      {"--", ""},
      {"\xE2\x80\x93", ""},
      {"none", ""},
      {"NULL", ""},
      {"123, N/A", ":123"},
      // Anything else is not a PO
      {"1.2E+7", "!1.2E+7"},
      {"12E4", "!12E4"},
      {"123.5", "!123.5"},
      {"123.", "!123."},
      {"1.234.000", "!1.234.000"},
      {"-123", "!-123"},
      {"+123", "!+123"},
      {"#123", "!#123"},
      {"0", "!0"},
      {"PO0", "!PO0"},
      {"1234567890123456789", "!1234567890123456789"},
      {"PO", "!PO"},
      {"PO PO12", "PO:12 !PO"},
      {"PO abc", "!PO !abc"},
      {"POabc", "!POabc"},
      {"PO12x", "!PO12x"},
      {"12x", "!12x"},
      {"PX12", "!PX12"},
      {"SPO12", "!SPO12"},
      // Dots alone within a path are no placeholder
      {"../../x", "!.. !.. !x"},
      {"12 see mail", ":12 !see !mail"},
      {"caf\xE9", "!café"},
      {"PO-12-3", "!PO-12-3"},
      // One number or several POs: not guessed
      {"7,000,001", "!7,000,001"},
      {"7.000.001", "!7.000.001"},
      {"7.000", "!7.000"},
      {"123.000", "!123.000"},
      {"123,456", "!123,456"},
      {"1.234,50", "!1.234,50"},
      {"7,000,001.00", "!7,000,001.00"},
      {"7 000 001", "!7 000 001"},
      {"7\u202F000\u202F001", "!7 000 001"},
      {"PO 7,000,001", "!7,000,001"},
      {"PO7,000,001", "!PO7,000,001"},
      {"7,000,001; 7,000,002/7,000,003", "!7,000,001 !7,000,002 !7,000,003"},
      {"7000001, 7,000,002", ":7000001 !7,000,002"},
      {"7 000 001 7 000 002", "!7 000 001 !7 000 002"},
      {"7,000,001,7,000,002", "!7,000,001 !7,000,002"},
      // Counts and sums
      {"Total 17", "!Total !17"},
      {"Total: 42", "!Total: !42"},
      {"Total number of orders: 42", "!Total !number !of !orders: !42"},
      {"Page 1 of 3", "!Page !of !1 !3"},
      {"Printed 2024-01-01 page 1", "!Printed !2024-01-01 !page !1"},
      {"P\u00e1gina 2", "!P\u00e1gina !2"},
      {"Grand total 1250000", "!Grand !total !1250000"},
      {"42 rows", "!rows !42"},
      {"4500012345 page", ":4500012345 !page"},
      {"4 (see page 5)", ":4 !(see !page !5)"},
      {"Total PO17", "PO:17 !Total"},
      // The ends of a row
      {"7000001 to 7000005", ":7000001 :7000005 !to !7000001 to 7000005"},
      {"7000001 - 7000005", ":7000001 :7000005 !7000001 - 7000005"},
      {"PO7000001 bis PO7000005", "PO:7000001 PO:7000005 !bis !7000001 bis 7000005"},
      {"7000005 - 7000001", ":7000005 :7000001"},
      {"4500012345 - 10", ":4500012345 !10"},
      {"12 - 345", ":12 :345"},
      // Several POs
      {"123, 456", ":123 :456"},
      {"123 456", ":123 :456"},
      {"123;456", ":123 :456"},
      {"1,234,5", ":1 :234 :5"},
      {"4500001,4500002", ":4500001 :4500002"},
      {"4500001.000", ":4500001"},
      {"100,101,102,103,104,105,106,107", ":100 :101 :102 :103 :104 :105 :106 :107"},
      // Dates
      {"31/12/2026", "!31/12/2026"},
      {"1/2/26", "!1/2/26"},
      {"2026/3/12", "!2026/3/12"},
      {"2026-03-12", "!2026-03-12"},
      {"1/2/3", ":1 :2 :3"},
      {"4500001/4500002/4500003", ":4500001 :4500002 :4500003"},
      // An order and its items are one order
      {"4500012345/10", ":4500012345 /10"},
      {"4500012345/00010", ":4500012345 /00010"},
      {"4500012345/000010", ":4500012345 /000010"},
      {"4500012345 / 10", ":4500012345 /10"},
      {"4500012345 /10", ":4500012345 /10"},
      {"4500012345/ 10", ":4500012345 /10"},
      {"4500012345/10/20", ":4500012345 /10 /20"},
      {"4500012345/10; 4500012346/20", ":4500012345 :4500012346 /10 /20"},
      {"PO4500012345/10", "PO:4500012345 /10"},
      {"4500012345.0/1", ":4500012345 /1"},
      {"7000001/1", ":7000001 /1"},
      {"100001/10", ":100001 /10"},
      {"7001/10", ":7001 /10"},
      {"123/1", ":123 /1"},
      {"100001/10/20", ":100001 /10 /20"},
      {"100001/10; 100002 / 00020", ":100001 :100002 /10 /00020"},
      {"PO 7001/10", "PO:7001 /10"},
      {"12/005", ":12 /005"},
      {"100001/100002/10", ":100001 :100002 /10"},
      // ... but it may be short for the next order
      {"4500012345/46", ":4500012345 !46"},
      {"4500012345/346/47", ":4500012345 !346 !47"},
      {"7001/2", ":7001 !2"},
      {"100001/02", ":100001 /02"},
      // ... or an order of its own
      {"123/10", ":123 !10"},
      {"1200/900", ":1200 !900"},
      {"999/1000", ":999 :1000"},
      {"1000001/999999", ":1000001 :999999"},
      {"7001/7002", ":7001 :7002"},
      {"7001/PO10", ":7001 PO:10"},
      // Far shorter than its neighbour, in any other way: no order, and told
      {"17/4500012345", ":4500012345 !17"},
      {"4500012345 17", ":4500012345 !17"},
      {"4500012345\t10", ":4500012345 !10"},
      {"4500012345, 00010", ":4500012345 !00010"},
      {"4500012345;1000;20", ":4500012345 !1000 !20"},
      {"4500012345 PO17", ":4500012345 PO:17"},
      {"0000000017 4500012345", ":4500012345 !0000000017"},
      {"999999 1000001", ":999999 :1000001"},
      {"99999 1000001", ":99999 :1000001"},
      {"9999 1000001", ":1000001 !9999"},
      {"123 4567", ":123 :4567"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.cell);
    CHECK(read(r.cell) == r.expected);
  }
}

TEST_CASE("without_leading_zeros: zeros alone are one") {
  CHECK(without_leading_zeros("00123") == "123");
  CHECK(without_leading_zeros("000") == "0");
  CHECK(without_leading_zeros("") == "");
}

TEST_CASE("po_number: hostile cells, no crash and no depth") {
  CHECK(parse_po_cell(std::string(1'000'000, ',')).orders.empty());
  std::string threes;
  for (int i = 0; i < 100'000; ++i) threes += "100,";
  CHECK(parse_po_cell(threes).orders.size() == 100'000);
  CHECK(parse_po_cell(std::string(200'000, '/')).orders.empty());
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "1/";
  CHECK(parse_po_cell(many).orders.size() == 50'000);
  CHECK(parse_po_cell(std::string("1\0"
                                  "2",
                                  3))
            .orders.size() == 2);
}

TEST_CASE("po_number: a manifest's PO, any printable text") {
  CHECK(manifest_po(" Contract 7/B ") == "Contract 7/B");
  CHECK(manifest_po("N/A") == "N/A");
  CHECK(manifest_po("../../x") == "../../x");
  CHECK(manifest_po("caf\xE9") == "café");
  CHECK(manifest_po(std::string(max_manifest_po, 'a')).has_value());
  for (const std::string& cell :
       {std::string(), std::string("  "), std::string("a\nb"), std::string("a\0b", 3),
        std::string("a\u0085b"), std::string(max_manifest_po + 1, 'a')}) {
    CAPTURE(cell);
    CHECK_FALSE(manifest_po(cell).has_value());
  }
}

TEST_CASE("parse_po_cell: spaces and invisible characters of Unicode, as between any other words") {
  for (const char* space :
       {"\u00A0", "\u1680", "\u2000", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\u0085"}) {
    CAPTURE(space);
    const auto cell = pofetch::core::parse_po_cell("1" + std::string(space) + "2");
    CHECK(cell.orders.size() == 2);
    CHECK(cell.rejected.empty());
  }
  for (const char* nothing : {"\u200B", "\u200F", "\u2060", "\uFEFF", "\u00AD"}) {
    CAPTURE(nothing);
    const auto cell = pofetch::core::parse_po_cell(nothing + std::string("PO") + nothing + "12" + nothing);
    REQUIRE(cell.orders.size() == 1);
    CHECK(cell.orders[0].number == "12");
  }
}
