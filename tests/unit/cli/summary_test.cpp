#include "cli/commands/summary.hpp"

#include "cli/commands/plan_counts.hpp"
#include "cli/commands/resume_command.hpp"
#include "cli/options.hpp"
#include "cli/text/help.hpp"
#include "cli/text/printable.hpp"
#include "core/ascii.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

using pofetch::test::has;

arguments line_of(const std::vector<std::string>& words) {
  const auto line = parse_arguments(words);
  REQUIRE(line.has_value());
  return *line;
}

batch_result ended(exit_state state, std::initializer_list<std::pair<po_status, std::uint64_t>> counts) {
  batch_result done;
  done.state = state;
  for (const auto& [status, count] : counts) {
    done.totals.by_status[static_cast<std::size_t>(status)] = count;
    done.totals.purchase_orders += count;
  }
  return done;
}

}  // namespace

TEST_CASE("shell quoting: only what needs it") {
  CHECK(shell_quoted("a-b_c./:@%+=,1") == "a-b_c./:@%+=,1");
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("a b") == "'a b'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
  CHECK(shell_quoted("*.pdf") == "'*.pdf'");
  CHECK(shell_quoted("$(x)") == "'$(x)'");
  CHECK(shell_quoted("D\xc3\xbcsseldorf 1") == "'D\xc3\xbcsseldorf 1'");
}

TEST_CASE("shell quoting: what a terminal would act on is escaped, and names the same file") {
  CHECK(shell_quoted("a\x1b]0;b'\\\x07") == "$'a\\033]0;b\\047\\134\\007'");
  CHECK(shell_quoted("\xc2\x9b\xe2\x80\xae") == "$'\\302\\233\\342\\200\\256'");
  CHECK(shell_quoted("no utf-8: \xff") == "$'no utf-8: \\377'");
}

TEST_CASE("resume: the same options, without secrets") {
  const auto line =
      line_of({"run", "my list.csv", "--out", "o", "--header", "X-Key: geheim", "--no-breaker",
               "--allow-http", "--include", "*.pdf", "--include", "*.msg", "-vv", "--config", "c.toml"});
  const std::string text = resume_command(line);
  CHECK(text ==
        "pofetch run 'my list.csv' --config c.toml --out o --header 'X-Key: ...' --no-breaker "
        "--include '*.pdf' --include '*.msg' --allow-http -vv");
  CHECK(resume_command(line, "--retry-skipped").ends_with(" --retry-skipped"));
  // Addresses are masked, names of files and folders are not changed.
  const auto odd = line_of({"run", "x", "--out", "a;token=b", "--base-url", "https://me:geheim@h"});
  CHECK(resume_command(odd) == "pofetch run x --out 'a;token=b' --base-url https://h");
  const auto twice = line_of({"run", "x", "--retry-skipped"});
  CHECK(resume_command(twice, "--retry-skipped") == "pofetch run x --retry-skipped");
}

TEST_CASE("summary: the next step fits the end") {
  const auto line = line_of({"run", "x.csv", "--out", "o"});
  options values;
  values.batch.out = "o";
  const progress_snapshot now;
  const std::string good =
      run_summary(ended(exit_state::ok, {{po_status::completed, 3}}), line, values, now, {});
  CHECK(has(good, "COMPLETED"));
  CHECK(has(good, "o/report.csv"));
  CHECK_FALSE(has(good, "pofetch run"));
  CHECK_FALSE(has(good, "PENDING"));

  const std::string some = run_summary(ended(exit_state::incomplete, {{po_status::failed, 3}}), line, values,
                                       now, {{"http_500", 3, "PO 1: the server answered 500"}});
  CHECK(has(some, "pofetch run x.csv --out o\n"));
  CHECK(has(some, "http_500"));
  CHECK(has(some, "PO 1: the server answered 500"));

  const std::string held =
      run_summary(ended(exit_state::incomplete, {{po_status::skipped, 3}}), line, values, now, {});
  CHECK(has(held, "--out o --retry-skipped\n"));

  const std::string bad_rows =
      run_summary(ended(exit_state::incomplete, {{po_status::invalid, 3}}), line, values, now, {});
  CHECK_FALSE(has(bad_rows, "pofetch run"));

  const std::string stopped =
      run_summary(ended(exit_state::interrupted, {{po_status::pending, 3}}), line, values, now, {});
  CHECK(has(stopped, "Stopped"));
  CHECK(has(stopped, "To go on:\n  pofetch run x.csv --out o\n"));
}

TEST_CASE("summary: when signing in is needed it says how, and that nothing is lost") {
  const auto line = line_of({"run", "x.csv", "--out", "o"});
  const progress_snapshot now;
  const batch_result done = ended(exit_state::sign_in, {{po_status::pending, 2}});
  options by_file;
  by_file.batch.cookie_file = "my.txt";
  const std::string file_text = run_summary(done, line, by_file, now, {});
  CHECK(has(file_text, "2 purchase orders are still PENDING"));
  CHECK(has(file_text, "save its cookies in my.txt"));
  CHECK(has(file_text, "pofetch run x.csv --out o"));
  options by_header;
  by_header.batch.cookie_header = "s=geheim";
  const std::string header_text = run_summary(done, line, by_header, now, {});
  CHECK(has(header_text, "POFETCH_COOKIE"));
  CHECK_FALSE(has(header_text, "geheim"));
}

TEST_CASE("hidden rows: told by plan and by the summary, with what can be done about them") {
  const auto line = line_of({"run", "x.xlsx", "--out", "o"});
  options values;
  values.batch.out = "o";
  batch_result done = ended(exit_state::ok, {{po_status::completed, 3}});
  done.list.emplace();
  CHECK_FALSE(has(run_summary(done, line, values, {}, {}), "Hidden rows"));
  CHECK_FALSE(has(plan_counts::list_table("x.xlsx", *done.list), "Hidden rows"));
  done.list->hidden_rows = 20'000;
  done.list->header_line = 1;
  for (const std::string& text :
       {run_summary(done, line, values, {}, {}), plan_counts::list_table("x.xlsx", *done.list)}) {
    CAPTURE(text);
    CHECK(has(text, "Hidden rows       20,000 in the spreadsheet"));
    CHECK(has(text, "taken all the same; --visible-rows leaves them out\n"));
  }
  done.list->hidden_left_out = true;
  CHECK(
      has(run_summary(done, line, values, {}, {}), "20,000 in the spreadsheet, left out (--visible-rows)\n"));
}

TEST_CASE("summary: the report for Excel, unless there is one") {
  const auto line = line_of({"run", "x.csv", "--out", "my files"});
  options values;
  values.batch.out = "my files";
  const batch_result done = ended(exit_state::ok, {{po_status::completed, 3}});
  const std::string advice = "for Excel       pofetch report 'my files' --to report.xlsx\n";
  CHECK(has(run_summary(done, line, values, {}, {}), advice));
  values.reports = {"r.json"};
  CHECK(has(run_summary(done, line, values, {}, {}), advice));
  values.reports = {"r.json", "R.XLSX"};
  CHECK_FALSE(has(run_summary(done, line, values, {}, {}), "for Excel"));
}

TEST_CASE("plan: counts of what was found") {
  plan_counts counts;
  const auto add = [&](po_status status, std::vector<attachment_record> attachments, std::int64_t at,
                       std::optional<failure> why = std::nullopt) {
    report_row row;
    row.line = at;
    row.outcome.status = status;
    row.outcome.attachments = std::move(attachments);
    row.outcome.error = std::move(why);
    row.outcome.po.folder = "folder " + std::to_string(at);
    counts.add(row);
  };
  attachment_record known;
  known.bytes = 2048;
  attachment_record unknown;
  unknown.error = make_failure(errc::unsupported, "no size");
  attachment_record left_out;
  left_out.status = attachment_status::excluded;
  add(po_status::pending, {known, known, unknown, left_out}, 2);
  add(po_status::no_attachments, {}, 3);
  add(po_status::not_found, {}, 4);
  add(po_status::failed, {}, 5);
  add(po_status::pending, {}, 6, make_failure(errc::cancelled, "stopped"));
  for (std::int64_t at = 7; at < 19; ++at) add(po_status::invalid, {}, at);
  std::string text = counts.row_table({20, 3, 12, {17, 18}});
  const auto line = [&](std::string_view label, std::string_view value) {
    CAPTURE(text);
    CHECK(has(text, padded(label, 17) + " " + std::string(value) + "\n"));
  };
  line("Rows", "20");
  line("Purchase orders", "5");
  line("  repeated", "3 (line 17, 18, ...)");
  line("  invalid", "12 (line 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, ...)");
  line("Folders", "folder 2");
  line("", "folder 6");
  CHECK_FALSE(has(text, "folder 7"));
  text = counts.found_table(std::chrono::seconds(3), 1024);
  line("With attachments", "1");
  line("Without", "1");
  line("Not found", "1");
  line("Not readable", "1");
  line("Not looked up", "1");
  line("Attachments", "3");
  line("  left out", "1");
  line("  size known", "2, 4.0 KiB");
  line("  size unknown", "1");
  line("Time, about", "7.0 s (3.0 s for the requests as now, 4.0 s for the bytes at 1.0 KiB a second)");
  CHECK(has(counts.found_table(std::chrono::seconds(3), 0), "at 10.0 MiB a second"));
}

TEST_CASE("plan: what was understood of the list") {
  list_facts list;
  list.form = "XLSX";
  list.sheet = "Open\x1b[31m";
  list.header_line = 3;
  list.po_column = "Nº do Pedido";
  list.folder_columns = {"Country", "Year"};
  const std::string text = plan_counts::list_table("list.xlsx", list);
  for (const char* part : {"list.xlsx: XLSX, sheet 'Open", "named in line 3\n", "'Nº do Pedido'\n",
                           "'Country', 'Year'\n", "  supplier        none\n"})
    CHECK_MESSAGE(has(text, part), text);
  CHECK_FALSE(has(text, "\x1b"));
  list_facts plain;
  plain.form = "plain text";
  plain.encoding = "UTF-8";
  CHECK(has(plan_counts::list_table("-", plain), "-: plain text, UTF-8\n"));
  list_facts csv;
  csv.form = "CSV";
  csv.separator = "semicolon";
  csv.encoding = "Windows-1252";
  csv.header_line = 1;
  CHECK(has(plan_counts::list_table("a.csv", csv), "a.csv: CSV, separator semicolon, Windows-1252\n"));
}

TEST_CASE("help: every option of a command, its default, at most 80 columns") {
  for (const command what : all_commands) {
    const std::string text = help_text(what);
    CAPTURE(text);
    for (const setting& each : all_settings()) {
      const bool on = each.name == "breaker" || each.name == "adaptive";
      const std::string name = (on ? "--[no-]" : "--") + std::string(each.name);
      const bool listed = has(text, "  " + name + " ") || has(text, "  " + name + "\n");
      CHECK(listed == (belongs_to(each, what) && short_name(each) == '\0'));
    }
    for (const std::string_view line : core::split(text, '\n')) CHECK(display_width(line) <= 80);
  }
  const std::string run = help_text(command::run);
  for (const char* part :
       {"POs handled at the same time. [8]", "[2G]", "[10s]", "[none]", "[batch]", "-v, --verbose"}) {
    CHECK_MESSAGE(has(run, part), part);
  }
  CHECK(has(help_text(std::nullopt), "--workers"));
  CHECK(has(help_text(std::nullopt), "verify DIR"));
}

TEST_CASE("version: name, version and libraries") {
  const std::string text = version_text();
  CHECK(text.starts_with("pofetch "));
  for (const char* part : {"Compiler: ", "Boost: 1.", "OpenSSL: 3.", "SQLite: 3.", "libxml2: 2."})
    CHECK(has(text, part));
}
