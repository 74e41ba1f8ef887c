#include "lists/list_columns.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

using texts = std::vector<std::string>;

std::deque<record> rows_of(const std::vector<texts>& rows) {
  std::deque<record> made;
  for (const texts& cells : rows) made.push_back({static_cast<std::int64_t>(made.size()) + 2, cells, {}});
  return made;
}

bool says(const std::string& message, std::string_view part) {
  return message.find(part) != std::string::npos;
}

texts folders_of(const texts& header, list_options options = {}) {
  auto columns = resolve_columns(header, {}, options, "'list.csv'");
  REQUIRE(columns.has_value());
  texts names;
  for (const std::size_t folder : columns->folders) names.push_back(header[folder]);
  return names;
}

}  // namespace

TEST_CASE("list columns: the one whose values look like POs is offered, and never taken") {
  struct offer_case {
    const char* what;
    texts header;
    std::vector<texts> rows;
    const char* says;
  };
  const char* nothing = "name the right one with po_column.";
  for (const offer_case& one :
       {offer_case{"long numbers",
                   {"Nr", "Doc", "Who"},
                   {{"1", "4500001", "A"}, {"2", "4500002", "B"}},
                   "the values of 'Doc' look like PO numbers: if they are, add po_column 'Doc'"},
        {"with prefix before those without",
         {"Id", "Ref"},
         {{"4500001", "PO1"}, {"4500002", "PO2"}},
         "'Ref' look like"},
        {"those that differ before those that do not",
         {"Plant", "Ref"},
         {{"10000", "4500001"}, {"10000", "4500002"}, {"10000", "4500003"}},
         "'Ref' look like"},
        {"nearly all of them",
         {"Ref"},
         {{"4500001"}, {"4500002"}, {"4500003"}, {"4500004"}, {"n.a. yet"}},
         "'Ref'"},
        {"a column without a name", {"Who", ""}, {{"A", "4500001"}}, "the 2. one, which has no name"},
        {"words", {"Who"}, {{"A"}, {"B"}}, nothing},
        {"years and quantities", {"Year", "Qty"}, {{"2026", "3"}, {"2025", "14"}}, nothing},
        {"half of them", {"Ref"}, {{"4500001"}, {"text"}}, nothing},
        {"mostly empty", {"Ref", "x"}, {{"4500001", "a"}, {"", "b"}, {"", "c"}}, nothing},
        {"no rows", {"Ref"}, {}, nothing}}) {
    CAPTURE(one.what);
    const auto columns = resolve_columns(one.header, rows_of(one.rows), {}, "'list.csv'");
    REQUIRE_FALSE(columns.has_value());
    CHECK(columns.error().code == errc::input);
    CHECK_MESSAGE(says(columns.error().message, one.says), columns.error().message);
  }
}

TEST_CASE("list columns: folders are those right of <|>, unless others are asked for") {
  CHECK(folders_of({"PO", "Note", "<|>", "Region", "", "Year"}) == texts{"Region", "Year"});
  CHECK(folders_of({"Note", " <|> ", "Region", "PO"}) == texts{"Region"});
  CHECK(folders_of({"PO", "Region"}).empty());
  CHECK(folders_of({"PO", "<|>"}).empty());
  CHECK(folders_of({"PO", "<|>", "Region", "UNNAMED_4"}) == texts{"Region", "UNNAMED_4"});
  // In a report the names of those without are made up.
  CHECK(folders_of({"PO", "<|>", "Region", "UNNAMED_4", "UNNAMED_x", "ATTACHMENTS_FOUND",
                    "ATTACHMENTS_DOWNLOADED", "ATTACHMENT_NAMES", "DOWNLOAD_FOLDER"}) ==
        texts{"Region", "UNNAMED_x"});
  list_options asked;
  asked.folder_columns = {"Note"};
  CHECK(folders_of({"PO", "Note", "<|>", "Region"}, asked) == texts{"Note"});
  // What a manifest needs is no folder, and what an earlier report added is none either.
  CHECK(folders_of({"PO", "<|>", "url", "Region", "sha256"}) == texts{"Region"});
  CHECK(folders_of({"PO", "<|>", "Region", "STATUS", "SUPPLIER", "ATTACHMENTS_FOUND",
                    "ATTACHMENTS_DOWNLOADED", "ATTACHMENT_NAMES", "BYTES", "LAST_PROCESSED", "ERROR_CODE",
                    "ERROR_MESSAGE", "DOWNLOAD_FOLDER", "PO_URL"}) == texts{"Region"});
}
