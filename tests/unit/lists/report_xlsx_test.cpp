#include "lists/report/report_writer.hpp"
#include "lists/report/xlsx_book.hpp"
#include "lists/xlsx/sheet_file.hpp"
#include "lists/xlsx/zip_archive.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"
#include "unit/lists/sample_ledger.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <stdlib.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

using texts = std::vector<std::string>;

/// All rows of one sheet, read back.
std::vector<texts> rows_in_sheet(const std::filesystem::path& file, const std::string& sheet) {
  list_options options;
  options.input = file.string();
  options.sheet = sheet;
  auto opened = open_sheet(options, "the report");
  REQUIRE(opened.has_value());
  REQUIRE(opened->has_value());
  std::vector<texts> rows;
  while (true) {
    auto row = (**opened).rows->next();
    if (!row) FAIL(row.error().message);
    if (!*row) return rows;
    rows.push_back(std::move((**row).cells));
  }
}

std::string part_of(const std::filesystem::path& file, const std::string& part) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  std::string text;
  {
    auto archive = zip_archive::open(fd, "the report");
    REQUIRE(archive.has_value());
    auto opened = (*archive)->open_part(part);
    REQUIRE(opened.has_value());
    std::string buffer(1U << 16, '\0');
    for (auto got = (*opened)->read(buffer); got && *got > 0; got = (*opened)->read(buffer))
      text.append(buffer, 0, *got);
  }
  ::close(fd);
  return text;
}

using pofetch::test::has;

/// The sample's report, beside its output folder.
struct sample_report {
  sample_report() {
    test::memory_ledger records;
    test::fill_sample(records);
    std::filesystem::create_directories(folder / "out");
    REQUIRE(write_report(records, file, report_format::xlsx, folder / "out").has_value());
  }
  test::temp_dir folder;
  std::filesystem::path file = folder / "r.xlsx";
};

/// One table of one column, written and read back.
template <class Fill>
std::vector<std::vector<texts>> written(xlsx_table::bounds most, const Fill& fill, const texts& sheets) {
  const test::temp_dir folder;
  const auto to = folder.path() / "t.xlsx";
  auto file = os::replacement_file::create(to);
  auto book = xlsx_book::make();
  REQUIRE(book.has_value());
  xlsx_table table(**book, "T", {{"Text", 10}}, most);
  fill(table);
  table.finish();
  REQUIRE((*book)->close_into(**file).has_value());
  REQUIRE((*file)->commit().has_value());
  std::vector<std::vector<texts>> all;
  for (const std::string& sheet : sheets) all.push_back(rows_in_sheet(to, sheet));
  return all;
}

}  // namespace

TEST_CASE("report_xlsx: every kind of PO, all sheets") {
  const sample_report made;

  const auto orders = rows_in_sheet(made.file, "Purchase orders");
  REQUIRE(orders.size() == 5);
  CHECK(orders[0] == texts{"PO", "Note", "STATUS", "SUPPLIER", "ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED",
                           "ATTACHMENT_NAMES", "BYTES", "LAST_PROCESSED", "ERROR_CODE", "ERROR_MESSAGE",
                           "DOWNLOAD_FOLDER", "PO_URL", "LAST_CHECKED"});
  CHECK(orders[1] == texts{"PO12", "=SUM(A1)", "COMPLETED", "Found \"Ltd\"", "2", "2", "a.pdf; ç b.msg", "15",
                           "2026-01-02T03:04:05", "", "", "north/12",
                           "https://x.coupahost.com/order_headers/12", "2026-01-02T02:04:05"});
  CHECK(orders[2] == texts{"13", "a, \"b\"", "FAILED", "", "1", "0", "c.pdf", "0", "2026-01-02T03:04:05",
                           "http_500", "The page of PO 13 answered 500."});
  CHECK(orders[3].at(2) == "INVALID");
  CHECK(orders[4] == texts{"14", "", "PENDING", "", "0", "0", "", "0"});

  const auto attachments = rows_in_sheet(made.file, "Attachments");
  REQUIRE(attachments.size() == 4);
  CHECK(attachments[1].at(4) == std::string(64, 'a'));
  CHECK(attachments[1].at(7) == "north/12/a.pdf");
  CHECK(attachments[3].at(9) == "truncated");
  CHECK(attachments[1].at(11) == "1");

  const auto errors = rows_in_sheet(made.file, "Errors");
  REQUIRE(errors.size() == 4);
  CHECK(errors[0].at(3) == "NEXT_STEP");
  for (const texts& row : {errors[1], errors[2], errors[3]}) {
    CHECK(row.size() == 6);
    CHECK(has(row.at(3), row.at(0) == "input" ? "Fix the row of the list" : "again"));
  }
}

TEST_CASE(
    "report_xlsx: formulas are texts, links are relative and escaped, the header stays and has filters") {
  const sample_report made;
  const std::string orders = part_of(made.file, "xl/worksheets/sheet2.xml");
  CHECK_FALSE(has(orders, "<f>"));
  CHECK(has(orders, "<t>=SUM(A1)</t>"));
  CHECK(has(orders, "state=\"frozen\""));
  CHECK(has(orders, "<autoFilter ref=\"A1:N5\""));
  CHECK_FALSE(has(orders, "\x1b"));
  const std::string links = part_of(made.file, "xl/worksheets/_rels/sheet2.xml.rels");
  CHECK_MESSAGE(has(links, "Target=\"out\\north\\12\""), links);
  CHECK(has(links, "Target=\"https://x.coupahost.com/order_headers/12\""));
}

TEST_CASE("report_xlsx: texts that XML or a cell cannot hold") {
  struct text_case {
    std::string text;
    std::string read_back;
  };
  const std::vector<text_case> cases = {{"a\x1b[31mb\x07", "ab"},
                                        {"<&\">", "<&\">"},
                                        {"line\nbreak\ttab", "line\nbreak\ttab"},
                                        {"_x000D_ stays", "_x000D_ stays"},
                                        {"\xEF\xBF\xBE\xEF\xBF\xBF"
                                         "x",
                                         "x"},
                                        {"caf\xE9", "café"},
                                        {std::string(32'767, 'x'), std::string(32'767, 'x')},
                                        {std::string(40'000, 'x'), std::string(32'764, 'x') + "..."},
                                        {" spaced ", " spaced "},
                                        {"-1", "-1"},
                                        {"@cmd", "@cmd"}};
  const auto found = written({},
                             [&](xlsx_table& table) {
                               for (const text_case& one : cases) {
                                 table.text(one.text);
                                 table.end_row();
                               }
                             },
                             {"T"});
  REQUIRE(found.at(0).size() == cases.size() + 1);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    CHECK(found[0][i + 1] == texts{cases[i].read_back});
  }
}

TEST_CASE("report_xlsx: more rows than a sheet can hold go on in the next one, more links are texts") {
  const auto found =
      written({.rows = 3, .links = 1},
              [](xlsx_table& table) {
                for (int i = 1; i <= 6; ++i) {
                  table.link("https://x.org/" + std::to_string(i), "https://x.org/" + std::to_string(i));
                  table.end_row();
                }
              },
              {"T", "T 2"});
  CHECK(found[0] ==
        std::vector<texts>{{"Text"}, {"https://x.org/1"}, {"https://x.org/2"}, {"https://x.org/3"}});
  CHECK(found[1] ==
        std::vector<texts>{{"Text"}, {"https://x.org/4"}, {"https://x.org/5"}, {"https://x.org/6"}});
}

TEST_CASE("report_xlsx: a failure leaves the old report and no temporary file") {
  test::memory_ledger records;
  const test::temp_dir folder;
  const std::string to = folder.file("r.xlsx", "old");
  CHECK_FALSE(write_report(records, to, report_format::xlsx, folder.path()).has_value());  // no run yet
  CHECK(test::read_file(to) == "old");
  test::fill_sample(records);
  const std::string before = ::getenv("TMPDIR") == nullptr ? "" : ::getenv("TMPDIR");
  ::setenv("TMPDIR", (folder.path() / "not there").c_str(), 1);
  const auto failed = write_report(records, to, report_format::xlsx, folder.path());
  before.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before.c_str(), 1);
  // Without a folder for temporary files the system's own is taken.
  CHECK(failed.has_value());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}
