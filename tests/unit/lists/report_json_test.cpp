#include "lists/report/report_writer.hpp"
#include "support/temp_dir.hpp"
#include "unit/lists/sample_ledger.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;
namespace json = boost::json;

namespace {

std::string report_of(ledger& records, report_format format) {
  const test::temp_dir folder;
  const auto to = folder.path() / "report";
  write_report(records, to, format).value();
  return test::read_file(to);
}

json::value sample(const char* text) { return json::parse(text); }

std::vector<std::string> keys_of(const json::value& object) {
  std::vector<std::string> keys;
  for (const auto& member : object.as_object()) keys.emplace_back(member.key());
  return keys;
}

using texts = std::vector<std::string>;

const char* const complete_po = R"({
  "po_number": "12", "status": "COMPLETED", "supplier": "Found \"Ltd\"", "folder": "north/12",
  "url": "https://x.coupahost.com/order_headers/12", "attachments_found": 2, "attachments_downloaded": 2,
  "last_checked": "2026-01-02T02:04:05Z", "error": null,
  "attachments": [
    {"name": "a.pdf", "path": "north/12/a.pdf", "url": "https://x.coupahost.com/attachments/a.pdf",
     "status": "COMPLETED", "bytes": 10,
     "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "media_type": "application/pdf", "attempts": 1, "error": null, "version": 1},
    {"name": "ç \u001b[31mb.msg", "path": "north/12/ç \u001b[31mb.msg",
     "url": "https://x.coupahost.com/attachments/ç \u001b[31mb.msg",
     "status": "COMPLETED", "bytes": 5, "sha256": null, "media_type": null, "attempts": 1, "error": null,
     "version": 1}]})";

const char* const failed_po = R"({
  "po_number": "13", "status": "FAILED", "supplier": "", "folder": null, "url": "",
  "attachments_found": 1, "attachments_downloaded": 0, "last_checked": null,
  "error": {"code": "http_500", "message": "The page of PO 13 answered 500."},
  "attachments": [
    {"name": "c.pdf", "path": null, "url": "https://x.coupahost.com/attachments/c.pdf", "status": "FAILED",
     "bytes": 0, "sha256": null, "media_type": null, "attempts": 1,
     "error": {"code": "truncated", "message": "c.pdf ended after 3 of 9 bytes."}, "version": 1}]})";

const char* const unusable_po = R"({
  "po_number": "", "status": "INVALID", "supplier": "", "folder": null, "url": "",
  "attachments_found": 0, "attachments_downloaded": 0, "last_checked": null,
  "error": {"code": "input", "message": "Line 4: 'N/A' is no PO number."}, "attachments": []})";

}  // namespace

TEST_CASE("report_json: every kind of PO, the schema with all its fields in order") {
  test::memory_ledger records;
  test::fill_sample(records);
  const json::value report = json::parse(report_of(records, report_format::json));
  CHECK(keys_of(report) == texts{"schema", "batch", "totals", "purchase_orders"});
  CHECK(report.at("schema") == json::value("pofetch.report/1"));
  CHECK(report.at("batch") ==
        sample(R"({"input": "list.csv", "source": "web", "base_url": "https://x.coupahost.com",
      "started_at": "2026-01-02T03:04:05Z", "finished_at": "2026-01-02T03:05:05Z", "interrupted": false})"));
  CHECK(report.at("totals") == sample(R"({"purchase_orders": 4,
      "by_status": {"PENDING": 1, "COMPLETED": 1, "PARTIAL": 0, "FAILED": 1, "NO_ATTACHMENTS": 0, "NOT_FOUND": 0,
                    "INVALID": 1, "SKIPPED": 0},
      "attachments_found": 3, "attachments_downloaded": 2, "bytes": 15, "requests": 7, "retries": 2,
      "elapsed_seconds": 60.25})"));
  const auto& orders = report.at("purchase_orders").as_array();
  REQUIRE(orders.size() == 4);
  CHECK(orders[0] == sample(complete_po));
  CHECK(orders[1] == sample(failed_po));
  CHECK(orders[2] == sample(unusable_po));
  CHECK(orders[3].at("status") == json::value("PENDING"));
  CHECK(keys_of(orders[0]) == texts{"po_number", "status", "supplier", "folder", "url", "attachments_found",
                                    "attachments_downloaded", "last_checked", "error", "attachments"});
  CHECK(keys_of(orders[0].at("attachments").at(0)) == texts{"name", "path", "url", "status", "bytes",
                                                            "sha256", "media_type", "attempts", "error",
                                                            "version"});
}

TEST_CASE("report_json: versions of a file, and what is not listed any more") {
  test::memory_ledger records;
  test::take_in(records, {"PO"}, {test::entry_of("1")});
  po_outcome done;
  done.po = records.lease(1).value().at(0).po;
  done.status = po_status::completed;
  done.attachments = {test::attachment_of("a.pdf", attachment_status::completed, 3),
                      test::attachment_of("a (2).pdf", attachment_status::completed, 4)};
  done.attachments[0].key = "k";
  done.attachments[1].key =
      "k\x1f"
      "2";
  done.attachments[1].gone = true;
  records.record(std::vector<po_outcome>{done}).value();
  const json::value report = json::parse(report_of(records, report_format::json));
  const auto& files = report.at("purchase_orders").at(0).at("attachments");
  CHECK(files.at(0).at("version") == json::value(1));
  CHECK(files.at(0).at("status") == json::value("COMPLETED"));
  CHECK(files.at(1).at("version") == json::value(2));
  CHECK(files.at(1).at("status") == json::value("GONE"));
  CHECK(files.at(1).at("path") == json::value("1/a (2).pdf"));
}

TEST_CASE("report_json: a run under way or killed, no end and interrupted") {
  test::memory_ledger records;
  test::take_in(records, {"PO"}, {});
  const json::value report = json::parse(report_of(records, report_format::json));
  CHECK(report.at("batch").at("finished_at").is_null());
  CHECK(report.at("batch").at("interrupted") == json::value(true));
  CHECK(report.at("purchase_orders").as_array().empty());
}

TEST_CASE("report_json: hostile text, still valid JSON") {
  test::memory_ledger records;
  po_entry entry = test::entry_of("1");
  entry.number = "1\"\\\n\xFF\xC0";
  entry.supplier = std::string("\0\x1b\xED\xA0\x80", 5);
  test::take_in(records, {"PO"}, {entry});
  for (const auto format : {report_format::json, report_format::jsonl}) {
    boost::system::error_code error;
    const json::value parsed = json::parse(report_of(records, format), error);
    CHECK_FALSE(error);
    CHECK(parsed.is_object());
  }
}

TEST_CASE("report_jsonl: a line each PO, the objects of the JSON report and nothing else") {
  test::memory_ledger records;
  test::fill_sample(records);
  std::istringstream lines(report_of(records, report_format::jsonl));
  std::vector<json::value> orders;
  for (std::string line; std::getline(lines, line);) orders.push_back(json::parse(line));
  REQUIRE(orders.size() == 4);
  CHECK(orders[0] == sample(complete_po));
  CHECK(orders[1] == sample(failed_po));
  CHECK(orders[2] == sample(unusable_po));
}
