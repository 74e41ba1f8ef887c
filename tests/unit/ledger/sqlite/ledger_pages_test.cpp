#include "ledger/sqlite/ledger_pages.hpp"

#include "ledger/sqlite/sqlite_ledger.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using pofetch::test::temp_dir;
using sqlite::ledger_pages;

namespace {

/// Seven orders; the third failed, the fourth was not found, the others have two files each.
void fill(const std::filesystem::path& file) {
  auto ledger = sqlite::sqlite_ledger::open(file, sqlite::open_mode::read_write_create, false);
  REQUIRE(ledger.has_value());
  REQUIRE((*ledger)->begin_run({}).has_value());
  std::vector<po_entry> entries;
  for (int i = 1; i <= 7; ++i) {
    po_entry each;
    each.key = each.number = each.folder = "700" + std::to_string(i);
    each.line = i + 1;
    entries.push_back(each);
  }
  REQUIRE((*ledger)->add(entries).has_value());
  REQUIRE((*ledger)->end_intake().has_value());
  const auto leases = (*ledger)->lease(10);
  REQUIRE(leases.has_value());
  std::vector<po_outcome> outcomes;
  for (const po_lease& each : *leases) {
    po_outcome done;
    done.po = each.po;
    done.status = po_status::completed;
    if (each.po.number == "7003") {
      done.status = po_status::failed;
      done.error = make_failure(errc::timeout, "no answer");
    } else if (each.po.number == "7004") {
      done.status = po_status::not_found;
      done.error = make_failure(errc::not_found, "not there");
    } else {
      for (int i = 0; i < 2; ++i) {
        attachment_record one;
        one.ordinal = i;
        one.key = std::to_string(i);
        one.name = "f" + std::to_string(i) + ".pdf";
        one.status = attachment_status::completed;
        one.bytes = 5;
        done.attachments.push_back(one);
      }
    }
    outcomes.push_back(done);
  }
  REQUIRE((*ledger)->record(outcomes).has_value());
}

std::vector<std::string> numbers(const std::vector<sqlite::placed_row>& rows) {
  std::vector<std::string> all;
  for (const auto& each : rows) all.push_back(each.row.outcome.po.number);
  return all;
}

}  // namespace

TEST_CASE("pages: orders by position, status, code and beginning of the number") {
  using words = std::vector<std::string>;
  const temp_dir folder;
  fill(folder / "ledger.db");
  auto pages = ledger_pages::open(folder / "ledger.db");
  REQUIRE(pages.has_value());
  sqlite::order_filter filter;
  filter.limit = 2;
  CHECK(numbers(*pages->orders(filter)) == words{"7001", "7002"});
  filter.after = 2;
  CHECK(numbers(*pages->orders(filter)) == words{"7003", "7004"});
  sqlite::order_filter failed;
  failed.status = po_status::failed;
  CHECK(numbers(*pages->orders(failed)) == words{"7003"});
  sqlite::order_filter by_code;
  by_code.error_code = "not_found";
  CHECK(numbers(*pages->orders(by_code)) == words{"7004"});
  sqlite::order_filter beginning;
  beginning.number_prefix = "700";
  CHECK(pages->orders(beginning)->size() == 7);
  beginning.number_prefix = "7006";
  CHECK(numbers(*pages->orders(beginning)) == words{"7006"});
  beginning.number_prefix = "8";
  CHECK(pages->orders(beginning)->empty());
}

TEST_CASE("pages: one order, its files, and files by their path") {
  const temp_dir folder;
  fill(folder / "ledger.db");
  auto pages = ledger_pages::open(folder / "ledger.db");
  REQUIRE(pages->order("7001")->has_value());
  CHECK((**pages->order("7001")).row.outcome.attachments.size() == 2);
  CHECK_FALSE(pages->order("9")->has_value());
  REQUIRE(pages->file("7001/f1.pdf")->has_value());
  CHECK((**pages->file("7001/f1.pdf")).po_number == "7001");
  for (const char* none : {"7001/f2.pdf", "7003/f0.pdf", "f0.pdf", "7001", "7001/", "", "../7001/f1.pdf",
                           "7001/../7002/f0.pdf"}) {
    CAPTURE(none);
    CHECK_FALSE(pages->file(none)->has_value());
  }
  CHECK(pages->files(0, 3)->size() == 4);
  CHECK(pages->files(0, 100)->size() == 10);
  CHECK(pages->files(6, 100)->size() == 2);
}

TEST_CASE("pages: errors by cause") {
  const temp_dir folder;
  fill(folder / "ledger.db");
  auto pages = ledger_pages::open(folder / "ledger.db");
  const auto errors = pages->errors();
  REQUIRE(errors->size() == 2);
  CHECK(errors->front().count == 1);
  CHECK(errors->front().examples.size() == 1);
}
