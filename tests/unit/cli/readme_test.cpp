// MANUAL.md promises to name all of these; whoever adds one is reminded here.
#include "cli/options.hpp"
#include "core/consequence.hpp"
#include "lists/report/order_columns.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

/// The text between that heading and the next one.
std::string section_of(const std::string& manual, std::string_view heading) {
  const std::size_t at = manual.find(heading);
  REQUIRE_MESSAGE(at != std::string::npos, std::string(heading));
  return manual.substr(at, manual.find("\n#", at) - at);
}

using pofetch::test::has;

}  // namespace

TEST_CASE("manual: the table of options has those of run, and no others") {
  const std::string table = section_of(test::read_file(POFETCH_MANUAL), "## All options of `run`");
  for (const setting& each : all_settings()) {
    const std::string name(each.name);
    if (belongs_to(each, command::run))
      CHECK_MESSAGE((has(table, "--" + name) || has(table, "--[no-]" + name)), name);
  }
  for (std::size_t at = table.find("`--"); at != std::string::npos; at = table.find("`--", at + 1)) {
    std::string name = table.substr(at + 3, table.find_first_of(" `", at + 1) - at - 3);
    for (const std::string_view front : {"[no-]", "no-"})
      if (find_setting(name) == nullptr && name.starts_with(front)) name.erase(0, front.size());
    const setting* const found = find_setting(name);
    const bool is_known =
        name == "config" || name == "print-config" || (found != nullptr && belongs_to(*found, command::run));
    CHECK_MESSAGE(is_known, name);
  }
}

TEST_CASE("manual: every error code with its remedy, every status, every column of the report") {
  const std::string manual = test::read_file(POFETCH_MANUAL);
  const std::string codes = section_of(manual, "## Error codes");
  const std::string again = codes.substr(codes.find("Retried automatically"));
  for (const core::consequence& told : core::consequences()) {
    const bool by_status = told.code == errc::http_status;
    const std::string word = by_status ? "http_<status>" : std::string(told.word);
    CHECK_MESSAGE(has(codes, "| `" + word + "` |"), word);
    const bool is_tried = !by_status && told.again != core::tried_again::never;
    CHECK_MESSAGE(has(again, "`" + word + "`") == is_tried, word);
  }
  const std::string statuses = section_of(manual, "## Statuses");
  for (int i = 0; i < po_status_count; ++i) {
    const std::string word(to_string(static_cast<po_status>(i)));
    CHECK_MESSAGE(has(statuses, "| " + word + " |"), word);
  }
  const std::string reports = section_of(manual, "## Reports");
  for (const lists::order_column& column : lists::order_columns())
    CHECK_MESSAGE(has(reports, "`" + std::string(column.name) + "`"), std::string(column.name));
}
