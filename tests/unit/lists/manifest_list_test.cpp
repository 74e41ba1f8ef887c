#include "lists/po_list_reader.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

const std::string digest(64, 'A');

result<std::vector<po_row>> read_manifest(const std::string& content, list_kind kind = list_kind::automatic) {
  const test::temp_dir folder;
  list_options options;
  options.input = folder.file("m.csv", content);
  options.kind = kind;
  auto list = open_po_list(options);
  if (!list) return list.error();
  std::vector<po_row> rows;
  for (auto row = (*list)->next(); row.value(); row = (*list)->next()) rows.push_back(std::move(**row));
  return rows;
}

}  // namespace

TEST_CASE("manifest: all columns, what is to be fetched") {
  const auto read =
      read_manifest("PO,URL,File Name,SHA-256,Size,Supplier\nA/7 ç, https://h.org/x?token=secret1 ,a.pdf," +
                    digest + ",12,Acme\n8,http://h.org/y,,,,\n");
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 2);
  const po_row& first = (*read)[0];
  CHECK(first.number == "A/7 ç");
  CHECK(first.prefix == "");
  CHECK(first.problem == "");
  CHECK(first.url == "https://h.org/x?token=secret1");
  CHECK(first.filename == "a.pdf");
  CHECK(first.sha256 == std::string(64, 'a'));
  CHECK(first.size == 12U);
  CHECK(first.supplier == "Acme");
  CHECK(first.cells.at(1).find("secret1") == std::string::npos);
  CHECK(first.cells.at(1).find("https://h.org/x?token=") != std::string::npos);
  const po_row& second = (*read)[1];
  CHECK(second.number == "8");
  CHECK(second.sha256 == "");
  CHECK_FALSE(second.size.has_value());
}

TEST_CASE("manifest: a row that cannot be fetched, no number and a problem without secrets") {
  struct {
    const char* row;
    const char* said;
  } const cases[] = {
      {"1,,,", "Line 2 (PO '1'): the url is empty."},
      {"1,/a/b?token=secret1,,", "no absolute http or https address"},
      {"1,ftp://h.org/a,,", "no absolute http or https address"},
      {"1,ftp://me:secret1@h.org/a,,", "'ftp://h.org/a' is no absolute http or https address"},
      {"1,me:secret1@h.org/a?sig=secret1,,", "no absolute http or https address"},
      {"1,javascript:alert(1),,", "no absolute http or https address"},
      {"1,https://,,", "no absolute http or https address"},
      {"1,https://h.org/a,abc,", "the sha256 'abc' is not 64 hexadecimal digits"},
      {"1,https://h.org/a,zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz,",
       "not 64 hexadecimal"},
      {"1,https://h.org/a,,-1", "the size '-1' is no count of bytes"},
      {"1,https://h.org/a,,1.5", "the size '1.5'"},
      {"1,https://h.org/a,,99999999999999999999", "the size"},
      {",https://h.org/a,,", "Line 2: the PO cell is empty."},
      {"\"a\x01z\",https://h.org/a,,", "is no printable PO"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.row);
    const auto read =
        read_manifest(std::string("po,url,sha256,size\n") + one.row + "\n2,https://h.org/b,,0\n");
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 2);
    CAPTURE((*read)[0].problem);
    CHECK((*read)[0].number == "");
    CHECK((*read)[0].problem.find(one.said) != std::string::npos);
    CHECK((*read)[0].problem.find("secret1") == std::string::npos);
    CHECK((*read)[0].cells.at(1).find("secret1") == std::string::npos);
    CHECK((*read)[1].number == "2");
    CHECK((*read)[1].size == 0U);
  }
}

TEST_CASE("manifest: kind of the list, by its url column or as asked for") {
  const std::string with_url = "po,url\nPO7,https://h.org/a\n";
  CHECK(read_manifest(with_url)->at(0).number == "PO7");
  CHECK(read_manifest(with_url, list_kind::manifest)->at(0).url == "https://h.org/a");
  const auto plain = read_manifest(with_url, list_kind::purchase_orders);
  CHECK(plain->at(0).number == "7");
  CHECK(plain->at(0).prefix == "PO");
  CHECK(plain->at(0).url == "");

  for (const char* const content : {"po,link\n1,https://h.org/a\n", "12\n13\n"}) {
    const auto refused = read_manifest(content, list_kind::manifest);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::input);
  }
}

TEST_CASE("manifest: JSON Lines, as good as CSV") {
  const test::temp_dir folder;
  list_options options;
  options.input = folder.file("m.jsonl", "{\"po\":\"X\",\"url\":\"https://h.org/a\",\"size\":5}\n");
  auto list = open_po_list(options);
  REQUIRE(list.has_value());
  CHECK((*list)->is_manifest());
  auto row = (*list)->next();
  REQUIRE(row.value());
  CHECK((**row).number == "X");
  CHECK((**row).size == 5U);
}
