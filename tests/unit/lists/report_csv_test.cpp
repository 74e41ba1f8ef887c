#include "lists/csv/csv_reader.hpp"
#include "lists/report/order_columns.hpp"
#include "lists/report/report_writer.hpp"
#include "support/temp_dir.hpp"
#include "unit/lists/sample_ledger.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

std::string csv_of(ledger& records) {
  const test::temp_dir folder;
  const auto to = folder.path() / "report.csv";
  write_report(records, to, report_format::csv).value();
  return test::read_file(to);
}

}  // namespace

TEST_CASE("report_csv: every kind of PO, the whole file") {
  test::memory_ledger records;
  test::fill_sample(records);
  CHECK(csv_of(records) ==
        "PO,Note,STATUS,SUPPLIER,ATTACHMENTS_FOUND,ATTACHMENTS_DOWNLOADED,ATTACHMENT_NAMES,BYTES,"
        "LAST_PROCESSED,ERROR_CODE,ERROR_MESSAGE,DOWNLOAD_FOLDER,PO_URL,LAST_CHECKED\n"
        "PO12,'=SUM(A1),COMPLETED,\"Found \"\"Ltd\"\"\",2,2,\"a.pdf; ç "
        "b.msg\",15,2026-01-02T03:04:05Z,,,north/12,"
        "https://x.coupahost.com/order_headers/12,2026-01-02T02:04:05Z\n"
        "13,\"a, \"\"b\"\"\",FAILED,,1,0,c.pdf,0,2026-01-02T03:04:05Z,http_500,The page of PO 13 answered "
        "500.,,,\n"
        "N/A,,INVALID,,0,0,,0,,input,Line 4: 'N/A' is no PO number.,,,\n"
        "14,,PENDING,,0,0,,0,,,,,,\n");
}

TEST_CASE("report_csv: a list that is an earlier report, its result columns are not repeated") {
  test::memory_ledger records;
  test::take_in(
      records,
      {"PO", "Status", "STATUS", "SUPPLIER", "ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED",
       "ATTACHMENT_NAMES", "BYTES", "LAST_PROCESSED", "ERROR_CODE", "ERROR_MESSAGE", "DOWNLOAD_FOLDER",
       "PO_URL"},
      {test::entry_of("1", {"1", "mine", "COMPLETED", "Acme", "1", "1", "a", "9", "t", "", "", "1", "u"})});
  CHECK(csv_of(records) ==
        "PO,Status,POFETCH_STATUS,SUPPLIER,ATTACHMENTS_FOUND,ATTACHMENTS_DOWNLOADED,ATTACHMENT_NAMES,BYTES,"
        "LAST_PROCESSED,ERROR_CODE,ERROR_MESSAGE,DOWNLOAD_FOLDER,PO_URL,LAST_CHECKED\n"
        "1,mine,PENDING,,0,0,,0,,,,,,\n");
}

TEST_CASE("report_csv: a column of the list with the name of one result column stays, ours gets a prefix") {
  test::memory_ledger records;
  test::take_in(records, {"PO", "SUPPLIER"}, {test::entry_of("1", {"1", "Acme"})});
  CHECK(csv_of(records) ==
        "PO,SUPPLIER,STATUS,POFETCH_SUPPLIER,ATTACHMENTS_FOUND,ATTACHMENTS_DOWNLOADED,ATTACHMENT_NAMES,BYTES,"
        "LAST_PROCESSED,ERROR_CODE,ERROR_MESSAGE,DOWNLOAD_FOLDER,PO_URL,LAST_CHECKED\n"
        "1,Acme,PENDING,,0,0,,0,,,,,,\n");
}

TEST_CASE("report_csv: a partial PO without a failure of its own, the first of its attachments'") {
  test::memory_ledger records;
  test::take_in(records, {"PO"}, {test::entry_of("1", {"1"})});
  po_outcome partial{records.lease(1).value().at(0).po, po_status::partial, "S", "", {}, {}, {}};
  partial.attachments = {test::attachment_of("a.pdf", attachment_status::completed, 3),
                         test::attachment_of("b.pdf", attachment_status::failed)};
  partial.attachments[1].ordinal = 1;
  partial.attachments[1].error = failure{errc::http_status, 404, "b.pdf: 404", {}};
  const std::vector<po_outcome> outcomes = {partial};
  records.record(outcomes).value();
  CHECK(csv_of(records).ends_with("\n1,PARTIAL,S,2,1,\"a.pdf; b.pdf\",3,,http_404,b.pdf: 404,1,,\n"));
}

TEST_CASE("report_csv: read back, as many cells in every row") {
  test::memory_ledger records;
  test::take_in(records, {"PO", "x\ny"}, {test::entry_of("1", {"1", "a\r\n\"b\",;"}), test::entry_of("2")});
  const std::string text = csv_of(records);
  csv_reader reader(text_source::of_text(text), detect_csv_dialect(text), "x");
  std::size_t rows = 0;
  for (auto row = reader.next(); row.value(); row = reader.next(), ++rows) CHECK((**row).cells.size() == 14);
  CHECK(rows == 3);
}

TEST_CASE("report_csv: what the source does not list any more is marked behind its name") {
  test::memory_ledger records;
  test::take_in(records, {"PO"}, {test::entry_of("1", {"1"})});
  po_outcome done;
  done.po = records.lease(1).value().at(0).po;
  done.status = po_status::completed;
  done.attachments = {test::attachment_of("a.pdf", attachment_status::completed, 3),
                      test::attachment_of("b.pdf", attachment_status::completed, 3)};
  done.attachments[1].ordinal = 1;
  done.attachments[1].gone = true;
  records.record(std::vector<po_outcome>{done}).value();
  CHECK(csv_of(records).find(",\"a.pdf; b.pdf (GONE)\",") != std::string::npos);
}

TEST_CASE("report_csv: a list that is a report with LAST_CHECKED, that column is not repeated either") {
  test::memory_ledger records;
  std::vector<std::string> columns{"PO"};
  std::vector<std::string> cells{"1"};
  for (const order_column& column : order_columns()) {
    columns.emplace_back(column.name);
    cells.emplace_back("x");
  }
  test::take_in(records, columns, {test::entry_of("1", cells)});
  CHECK(csv_of(records).ends_with("LAST_CHECKED\n1,PENDING,,0,0,,0,,,,,,\n"));
}
