#include "lists/report/report_writer.hpp"

#include "support/temp_dir.hpp"
#include "unit/lists/sample_ledger.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::lists;

namespace {

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("report_format_of: the ending of a name, its format or a failure that names the choice") {
  CHECK(report_format_of("a/r.csv").value() == report_format::csv);
  CHECK(report_format_of("r.JSON").value() == report_format::json);
  CHECK(report_format_of("r.jsonl").value() == report_format::jsonl);
  CHECK(report_format_of("r.ndjson").value() == report_format::jsonl);
  for (const char* const name : {"r.xls", "r.txt", "r", "csv", ""}) {
    CAPTURE(name);
    const auto format = report_format_of(name);
    REQUIRE(format.has_error());
    CHECK(format.error().code == errc::unsupported);
    CHECK(format.error().message.find(".csv, .json, .jsonl or .xlsx") != std::string::npos);
  }
  CHECK(report_format_of("r.XLSX").value() == report_format::xlsx);
}

TEST_CASE("write_report: an old report there, replaced whole; who has it open keeps it") {
  test::memory_ledger records;
  test::fill_sample(records);
  const test::temp_dir folder;
  const std::string to = folder.file("report.csv", "old");
  ::chmod(to.c_str(), 0640);
  std::ifstream open_before(to);
  REQUIRE(write_report(records, to, report_format::csv).has_value());
  CHECK(test::read_file(to).starts_with("PO,Note,STATUS"));
  std::string kept;
  open_before >> kept;
  CHECK(kept == "old");
  struct stat facts {};
  REQUIRE(::stat(to.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0640U);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("write_report: the ledger fails at any call, the old report stays and nothing is left behind") {
  test::memory_ledger records;
  test::fill_sample(records);
  const test::temp_dir folder;
  const std::string to = folder.file("report.csv", "old");
  std::size_t calls = 0;
  for (;; ++calls) {
    records.fail_after(calls, make_failure(errc::ledger, "The ledger is gone."));
    const auto written = write_report(records, to, report_format::csv);
    if (written) break;
    CHECK(written.error().code == errc::ledger);
    CHECK(test::read_file(to) == "old");
    CHECK(files_in(folder.path()) == 1);
  }
  CHECK(calls == 3);
  CHECK(test::read_file(to) != "old");
}

TEST_CASE("write_report: a place that cannot be written, a failure that names it") {
  test::memory_ledger records;
  test::fill_sample(records);
  const test::temp_dir folder;
  for (const auto& to :
       {folder.path() / "none" / "r.csv", folder.path(), std::filesystem::path("/dev/null")}) {
    CAPTURE(to);
    const auto written = write_report(records, to, report_format::csv);
    REQUIRE(written.has_error());
    CHECK(written.error().code == errc::disk);
    CHECK(written.error().message.find(to.string()) != std::string::npos);
  }
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("write_own_report: a link in its place, is replaced whoever made it; the folder is the open one") {
  test::memory_ledger records;
  test::fill_sample(records);
  const test::temp_dir folder;
  const std::string victim = folder.file("victim", "old");
  const auto out = folder.path() / "out";
  std::filesystem::create_directory(out);
  std::filesystem::create_symlink(victim, out / "report.csv");
  const int handle = ::open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(handle >= 0);
  // Somebody moves the folder away and puts another in its place.
  std::filesystem::rename(out, folder.path() / "moved");
  std::filesystem::create_directory(out);
  const auto make = [&](const std::string& name) {
    return os::replacement_file::create_in(handle, name, out);
  };
  CHECK(write_own_report(records, make).has_value());
  ::close(handle);
  CHECK(test::read_file(victim) == "old");
  CHECK(std::filesystem::is_empty(out));
  CHECK(std::filesystem::symlink_status(folder.path() / "moved/report.csv").type() ==
        std::filesystem::file_type::regular);
}

TEST_CASE("write_report: a ledger without a run, its failure") {
  test::memory_ledger records;
  const test::temp_dir folder;
  const auto written = write_report(records, folder.path() / "r.csv", report_format::csv);
  REQUIRE(written.has_error());
  CHECK(written.error().code == errc::ledger);
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("write_report: more than one buffer, all rows in the order of the list") {
  test::memory_ledger records;
  std::vector<po_entry> entries;
  for (int i = 1; i <= 20'000; ++i) entries.push_back(test::entry_of(std::to_string(i), {std::to_string(i)}));
  test::take_in(records, {"PO"}, entries);
  const test::temp_dir folder;
  const auto to = folder.path() / "r.csv";
  REQUIRE(write_report(records, to, report_format::csv).has_value());
  std::ifstream in(to);
  std::string line;
  std::getline(in, line);
  int count = 0;
  while (std::getline(in, line)) {
    ++count;
    if (!line.starts_with(std::to_string(count) + ",PENDING,")) FAIL("row " << count << ": " << line);
  }
  CHECK(count == 20'000);
}
