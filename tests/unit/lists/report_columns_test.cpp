#include "lists/report/report_columns.hpp"

#include "lists/report/order_columns.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace pofetch::lists;

namespace {

using texts = std::vector<std::string>;

/// The names of a report on such a list.
texts report_of(const texts& columns) {
  texts names = own_names(columns);
  CHECK(names.size() == own_columns(columns).size());
  const texts ours = result_names(columns);
  names.insert(names.end(), ours.begin(), ours.end());
  return names;
}

bool is_among(const texts& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("report columns: every name once, and a report of a report has the same") {
  texts all_of_ours{"PO"};
  all_of_ours.insert(all_of_ours.end(), {"STATUS", "SUPPLIER", "BYTES"});
  for (const texts& columns :
       {texts{"PO", "Note"}, texts{"PO", "SUPPLIER"}, texts{"SUPPLIER", "PO", "STATUS"}, all_of_ours,
        texts{"PO", "SUPPLIER", "POFETCH_SUPPLIER"}, texts{"PO", "POFETCH_STATUS"},
        texts{"PO", "PO_URL", "ERROR_CODE"}, texts{"STATUS"}, texts{"PO", "Supplier", "status"},
        texts{"PO", "pofetch_status", "Status"}, texts{"PO", " SUPPLIER "}}) {
    CAPTURE(columns.back());
    const texts report = report_of(columns);
    CHECK(std::set<std::string>(report.begin(), report.end()).size() == report.size());
    CHECK(report.size() == columns.size() + order_columns().size());
    CHECK(std::equal(columns.begin(), columns.end(), report.begin()));
    CHECK(report_of(report) == report);
    CHECK(report_of(report_of(report)) == report);
  }
}

TEST_CASE("report columns: the list's own keeps its name, ours gets the prefix") {
  const texts report = report_of({"PO", "SUPPLIER"});
  CHECK(report[1] == "SUPPLIER");
  CHECK(is_among(report, "POFETCH_SUPPLIER"));
  CHECK(is_among(report, "STATUS"));
  CHECK_FALSE(is_among(report, "POFETCH_STATUS"));
  // Databases tell no names by their case.
  const texts other_case = report_of({"PO", "Supplier", "status"});
  CHECK(other_case[1] == "Supplier");
  CHECK(other_case[2] == "status");
  CHECK(is_among(other_case, "POFETCH_SUPPLIER"));
  CHECK(is_among(other_case, "POFETCH_STATUS"));
  CHECK_FALSE(is_among(other_case, "SUPPLIER"));
  CHECK_FALSE(is_among(other_case, "STATUS"));
  CHECK(is_among(report_of({"PO", "SUPPLIER", "POFETCH_SUPPLIER"}), "POFETCH_POFETCH_SUPPLIER"));
}

TEST_CASE("report columns: the list's own names once as well, the first as it is") {
  const struct {
    texts columns;
    texts names;
  } rows[] = {
      {{"PO", "Note", "Note"}, {"PO", "Note", "Note_2"}},
      {{"PO", "Note", "NOTE", " note "}, {"PO", "Note", "NOTE_2", "note_3"}},
      {{"PO", "Note", "Note", "Note_2"}, {"PO", "Note", "Note_3", "Note_2"}},
      {{"PO", "Note", "Note", "note_2", "Note"}, {"PO", "Note", "Note_3", "note_2", "Note_4"}},
      {{"PO", "\u00C9tat", "\u00E9tat"}, {"PO", "\u00C9tat", "\u00E9tat_2"}},
      {{"PO", "", "x", "  "}, {"PO", "UNNAMED_2", "x", "UNNAMED_4"}},
      {{"PO", "", "unnamed_2", ""}, {"PO", "UNNAMED_3", "unnamed_2", "UNNAMED_4"}},
      {{"PO", "STATUS", "status"}, {"PO", "STATUS", "status_2"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.names.back());
    CHECK(own_names(row.columns) == row.names);
    const texts report = report_of(row.columns);
    CHECK(report_of(report) == report);
  }
}

TEST_CASE("report columns: reports of earlier versions, and those that somebody has cut") {
  const texts old{"PO",
                  "SUPPLIER",
                  "STATUS",
                  "SUPPLIER",
                  "ATTACHMENTS_FOUND",
                  "ATTACHMENTS_DOWNLOADED",
                  "ATTACHMENT_NAMES",
                  "BYTES",
                  "LAST_PROCESSED",
                  "ERROR_CODE",
                  "ERROR_MESSAGE",
                  "DOWNLOAD_FOLDER",
                  "PO_URL"};
  CHECK(own_columns(old) == std::vector<std::size_t>{0, 1});
  CHECK(report_of(old) == report_of({"PO", "SUPPLIER"}));
  const texts cut{
      "PO", "STATUS", "ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED", "ATTACHMENT_NAMES", "DOWNLOAD_FOLDER"};
  CHECK(own_columns(cut) == std::vector<std::size_t>{0});
  CHECK(own_columns(texts{"PO", "STATUS", "BYTES"}).size() == 3);
}
