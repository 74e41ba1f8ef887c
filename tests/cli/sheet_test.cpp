// Spreadsheets, from the file that a person gives to what the program says and leaves.
#include "cli/program.hpp"
#include "support/workbook_builder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

TEST_CASE(
    "sheet: plan and run on one that LibreOffice has saved, with titles, merged names, dates and errors") {
  const program pofetch;
  const coupa site({"--pos", "10", "--attachments", "2", "--size", "1k-1k"});
  fs::copy_file(fs::path(POFETCH_TEST_DATA) / "libreoffice.xlsx", pofetch / "pedidos.xlsx");
  const words which{"pedidos.xlsx", "--sheet", "pedidos"};
  const ended plan = pofetch.run(with(with({"plan"}, which), site.access()));
  CHECK_MESSAGE(plan.status <= 1, plan.err);
  for (const char* part :
       {"Purchase orders   3\n", "repeated        1", "invalid         1 (line 8)", "Attachments       6\n"})
    CHECK_MESSAGE(has(plan.out, part), plan.out);

  const ended run = pofetch.run(with(with({"run"}, which), with({"--out", "out"}, site.access())));
  CHECK_MESSAGE(run.status == 1, run.err);
  const std::string report = read_file(pofetch / "out/report.csv");
  CHECK_MESSAGE(has(report, "Nº do Pedido,Fornecedor Nome,Fornecedor País,Data,STATUS"), report);
  CHECK_MESSAGE(has(report, "7000001,Ábaco & Cia,BR,2026-01-02,COMPLETED"), report);
  CHECK_MESSAGE(has(report, "7000002,ACME,US,2026-02-28,COMPLETED"), report);
  CHECK_MESSAGE(has(report, "'#DIV/0!' is the error of a formula"), report);
  CHECK(fs::exists(pofetch / "out/7000003"));
}

TEST_CASE("sheet: what is no usable workbook ends with 2, one sentence, and nothing is made") {
  const program pofetch;
  const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0');
  pofetch.write("old.xls", ole);
  pofetch.write("page.xlsx", "<html><body><table><tr><td>PO</td></tr></table></body></html>");
  pofetch.write("begun.xlsx", "PK\x03\x04" + std::string(2000, 'x'));
  pofetch.write("~$list.xlsx", std::string(165, ' '));
  const std::string encrypted("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
  pofetch.write("secret.xlsx", ole + encrypted);
  workbook_builder()
      .sheet("x", text_row(1, {"PO"}) + std::string(80U << 20, ' '))
      .write(pofetch / "bomb.xlsx");
  workbook_builder()
      .sheet("x", text_row(1, {"PO"}) + "<row r=\"1048577\"><c><v>1</v></c></row>")
      .write(pofetch / "long.xlsx");
  workbook_builder()
      .sheet("x", text_row(1, {"PO"}) + "<row r=\"2\"><c r=\"A2\" t=\"e\"><f>Y!A2</f><v>#REF!</v></c></row>")
      .write(pofetch / "broken.xlsx");
  struct bad_case {
    const char* file;
    const char* says;
  };
  for (const bad_case& one : {bad_case{"old.xls", "old Excel workbook"},
                              {"page.xlsx", "is a web page"},
                              {"begun.xlsx", "still being written"},
                              {"~$list.xlsx", "is the lock file"},
                              {"secret.xlsx", "is encrypted"},
                              {"bomb.xlsx", "zip bomb"},
                              {"long.xlsx", "goes beyond row 1,048,576"},
                              {"broken.xlsx", "begins with errors of formulas, '#REF!' in line 2"}}) {
    CAPTURE(one.file);
    const ended done = pofetch.run({"run", one.file, "--out", "out", "--base-url", "https://127.0.0.1:1"});
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, one.says), done.err);
    CHECK_MESSAGE(has(done.err, one.file), done.err);
    CHECK_FALSE(fs::exists(pofetch / "out"));
  }
}

TEST_CASE("sheet: from standard input it says that a sheet must be a file") {
  const program pofetch;
  const ended done =
      pofetch.run({"plan", "-", "--base-url", "https://127.0.0.1:1"}, {}, "PK\x03\x04 and more of it");
  CHECK(done.status == 2);
  CHECK_MESSAGE(has(done.err, "save it as a file"), done.err);
}

TEST_CASE("sheet: one that is open in Excel is read, and the person is told") {
  const program pofetch;
  const coupa site({"--pos", "2", "--attachments", "1", "--size", "1k-1k"});
  workbook_builder().sheet("x", text_row(1, {"PO"}) + text_row(2, {"7000001"})).write(pofetch / "list.xlsx");
  pofetch.write("~$list.xlsx", "x");
  const ended done = pofetch.run(with({"run", "list.xlsx", "--out", "out"}, site.access()));
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK_MESSAGE(has(done.err, "is open in Excel"), done.err);
}

TEST_CASE("plan: what was understood of a list, without asking anybody") {
  const program pofetch;
  pofetch.write("lista.csv",
                "N\xBA do Pedido;Fornecedor;<|>;Regi\xE3o;Ano\r\n"
                "7000001;ACME;;Sul;2026\r\n7000002;ACME;;;2025\r\nPO7000001;ACME;;Sul;2026\r\nTBD;;;;\r\n");
  const ended done = pofetch.run({"plan", "lista.csv"});
  CHECK_MESSAGE(done.status == 0, done.err);
  for (const char* part :
       {"lista.csv: CSV, separator semicolon, Windows-1252\n", "named in line 1\n", "'Nº do Pedido'\n",
        "supplier        'Fornecedor'\n", "folders         'Região', 'Ano'\n", "Purchase orders   2\n",
        "repeated        1 (line 4)\n", "invalid         1 (line 5)\n",
        "Folders           Sul/2026/7000001\n", " Unknown/2025/7000002\n", "with --base-url URL"})
    CHECK_MESSAGE(has(done.out, part), done.out);
  CHECK_FALSE(has(done.out, "Attachments"));
}

TEST_CASE("plan: a title above the names, and why rows are invalid; POs are never guessed") {
  const program pofetch;
  pofetch.write("lista.csv",
                "Pedidos de compra, mar\xE7o\r\n\r\nN\xBA do Pedido;Fornecedor\r\n7000001;A\r\n"
                "\"7.000.002\";B\r\n7 000 003;C\r\n1.2E+7;D\r\n31/12/2026;E\r\n");
  const ended done = pofetch.run({"plan", "lista.csv", "--dedupe", "--folder-status"});
  CHECK_MESSAGE(done.status == 0, done.err);
  for (const char* part :
       {"separator semicolon", "named in line 3\n", "Purchase orders   1\n",
        "invalid         4 (line 5, 6, 7, 8)\n",
        "Line 5: '7.000.002' may be one number with separators of thousands", "Line 6: '7 000 003' may be",
        "Line 7: '1.2E+7' is what a spreadsheet makes of a long number", "Line 8: '31/12/2026' is a date"})
    CHECK_MESSAGE(has(done.out, part), done.out);
  const ended refused = pofetch.run({"plan", "lista.csv", "--report", "r.csv"});
  CHECK(refused.status == 2);
  CHECK_MESSAGE(has(refused.err, "--report; it is for pofetch run, work."), refused.err);
}

TEST_CASE("plan: the other sheets of a workbook are named where the first is none") {
  const program pofetch;
  workbook_builder()
      .sheet("Capa", text_row(1, {"Compras"}))
      .sheet("Pedidos", text_row(1, {"PO"}) + text_row(2, {"7000001"}))
      .write(pofetch / "list.xlsx");
  const ended done = pofetch.run({"plan", "list.xlsx"});
  CHECK(done.status == 2);
  CHECK_MESSAGE(has(done.err, "--sheet names another one: 'Pedidos'."), done.err);
  CHECK(pofetch.run({"plan", "list.xlsx", "--sheet", "Pedidos"}).status == 0);
}

TEST_CASE("list: nothing that is written takes its place") {
  const program pofetch;
  const coupa site({"--pos", "2", "--attachments", "1", "--size", "1k-1k"});
  const std::string list = "po\n7000001\n";
  pofetch.write("list.csv", list);
  const words line = with({"run", "list.csv", "--out", "out"}, site.access());
  for (const words& more : {words{"--report", "./list.csv"}, words{"--log-file", "list.csv"}}) {
    const ended done = pofetch.run(with(line, more));
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, "is the list of purchase orders, which is only read"), done.err);
    CHECK_FALSE(fs::exists(pofetch / "out"));
  }
  const std::string cookies = "{\"cookies\":[]}";
  pofetch.write("cookies.json", cookies);
  const ended signed_in = pofetch.run({"run", "list.csv", "--out", "out", "--base-url", "https://localhost",
                                       "--cookies", "cookies.json", "--report", "./cookies.json"});
  CHECK(signed_in.status == 2);
  CHECK_MESSAGE(has(signed_in.err, "is the file of --cookies"), signed_in.err);
  CHECK(read_file(pofetch / "cookies.json") == cookies);
  REQUIRE(pofetch.run(line).status == 0);
  const ended again = pofetch.run({"report", "out", "--to", "list.csv"});
  CHECK(again.status == 2);
  CHECK_MESSAGE(has(again.err, "'list.csv' is the list of this batch, which is only read"), again.err);
  CHECK(read_file(pofetch / "list.csv") == list);
}

TEST_CASE("plan: online it counts what is to come and estimates the time") {
  const program pofetch;
  const coupa site({"--pos", "4", "--attachments", "2", "--size", "1k-1k"});
  pofetch.write("list.csv", "po,<|>,Region\n7000001,,North\n7000002,,\n");
  const ended done = pofetch.run(with({"plan", "list.csv"}, site.access()));
  CHECK_MESSAGE(done.status == 0, done.err);
  for (const char* part : {"Attachments       4\n", "size known      4, 4.0 KiB", "Time, about       ",
                           "for the bytes at 10.0 MiB a second", "North/7000001\n"})
    CHECK_MESSAGE(has(done.out, part), done.out);
}

TEST_CASE("columns: none is known, the likely one is offered, nothing is made") {
  const program pofetch;
  pofetch.write("list.csv", "Nr,Doc\n1,4500001\n2,4500002\n");
  const ended done = pofetch.run({"run", "list.csv", "--out", "out", "--base-url", "https://127.0.0.1:1"});
  CHECK(done.status == 2);
  CHECK_MESSAGE(has(done.err, "add --po-column 'Doc'"), done.err);
  CHECK_FALSE(fs::exists(pofetch / "out"));
  CHECK(pofetch.run({"plan", "list.csv", "--po-column", "Doc"}).status == 0);
}

TEST_CASE("report: a workbook that LibreOffice opens, and that is a list again") {
  const program pofetch;
  const coupa site({"--pos", "6", "--attachments", "2", "--size", "1k-1k"});
  pofetch.write("list.csv", "po,Note,<|>,Region\n7000001,=1+1,,North\n7000002,x,,\nTBD,,,\n");
  const ended run =
      pofetch.run(with({"run", "list.csv", "--out", "out", "--report", "r.xlsx"}, site.access()));
  CHECK_MESSAGE(run.status == 1, run.err);
  CHECK(fs::exists(pofetch / "out/North/7000001"));
  CHECK(fs::exists(pofetch / "out/Unknown/7000002"));
  CHECK(pofetch.run({"report", "out", "--to", "again.xlsx"}).status == 0);
  CHECK(pofetch.run({"report", "out", "--to", "no/folder/r.xlsx"}).status == 2);

  const ended summary = pofetch.run({"plan", "again.xlsx"});
  CHECK(summary.status == 2);
  CHECK_MESSAGE(has(summary.err, "--sheet names another one: 'Purchase orders'"), summary.err);
  const ended plan = pofetch.run({"plan", "again.xlsx", "--sheet", "Purchase orders"});
  CHECK_MESSAGE(plan.status == 0, plan.err);
  for (const char* part : {"sheet 'Purchase orders'", "Purchase orders   2\n", "North/7000001\n"})
    CHECK_MESSAGE(has(plan.out, part), plan.out);

  process_setup office = pofetch.setup(
      {"--headless", "--convert-to",
       "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "r.xlsx"});
  office.program = "/usr/bin/soffice";
  if (!fs::exists(office.program)) {
    MESSAGE("LibreOffice is not installed: the workbook is not opened with it");
    return;
  }
  process converting(office);
  REQUIRE_MESSAGE(converting.wait(), converting.err());
  const std::string orders = read_file(pofetch / "r-Purchase orders.csv");
  CHECK_MESSAGE(has(orders, "7000001,=1+1,,North,COMPLETED,"), orders);
  CHECK_MESSAGE(has(orders, ",2,2,"), orders);
  CHECK_MESSAGE(has(read_file(pofetch / "r-Errors.csv"), "input,1,0,\"Fix the row of the list"),
                read_file(pofetch / "r-Errors.csv"));
  CHECK(has(read_file(pofetch / "r-Summary.csv"), "Attachments downloaded,4\nAttachments left out,0\n"));
  CHECK(has(read_file(pofetch / "r-Attachments.csv"), "7000002,"));
}

namespace {

/// A row of a sheet with one order.
std::string order_row(int row, const std::string& number, bool hidden) {
  const std::string at = std::to_string(row);
  return "<row r=\"" + at + "\"" + (hidden ? " hidden=\"1\"" : "") + "><c r=\"A" + at + "\"><v>" + number +
         "</v></c></row>";
}

}  // namespace

TEST_CASE("sheet: hidden rows are told before the work and after it, and left out if that is asked for") {
  const program pofetch;
  const coupa site({"--pos", "4", "--attachments", "1", "--size", "1k-1k"});
  workbook_builder()
      .sheet("x",
             text_row(1, {"PO"}) + order_row(2, "7000001", false) + order_row(3, "7000002", true) +
                 order_row(4, "7000003", true),
             "<autoFilter ref=\"A1:A4\"/>")
      .write(pofetch / "list.xlsx");
  const ended plan = pofetch.run({"plan", "list.xlsx"});
  CHECK_MESSAGE(has(plan.out, "Hidden rows       2 in the spreadsheet"), plan.out);
  CHECK_MESSAGE(has(plan.out, "Purchase orders   3\n"), plan.out);
  const ended all = pofetch.run(with({"run", "list.xlsx", "--out", "all"}, site.access()));
  CHECK_MESSAGE(all.status == 0, all.err);
  CHECK_MESSAGE(has(all.err, "taken all the same: 2; --visible-rows leaves them out"), all.err);
  CHECK_MESSAGE(has(all.err, "Hidden rows       2 in the spreadsheet"), all.err);
  CHECK(fs::exists(pofetch / "all/7000003"));
  const ended visible =
      pofetch.run(with({"run", "list.xlsx", "--out", "out", "--visible-rows"}, site.access()));
  CHECK_MESSAGE(visible.status == 0, visible.err);
  CHECK_MESSAGE(has(visible.err, "2 in the spreadsheet, left out (--visible-rows)"), visible.err);
  CHECK(fs::exists(pofetch / "out/7000001"));
  CHECK_FALSE(fs::exists(pofetch / "out/7000002"));
  CHECK(has(pofetch.run({"plan", "list.xlsx", "--visible-rows"}).out, "Purchase orders   1\n"));
  CHECK(has(pofetch.run({"plan", "list.xlsx"}, {{"POFETCH_VISIBLE_ROWS", "true"}}).out,
            "Purchase orders   1\n"));
}

TEST_CASE("list: a table named .txt brings the orders of its column, and none of the others") {
  const program pofetch;
  const coupa site({"--pos", "40", "--first-po", "1", "--attachments", "1", "--size", "1k-1k"});
  struct list_case {
    const char* slug;
    const char* content;
    words options;
    int status;
  };
  for (const list_case& one :
       {list_case{"title", "Orders\nPO Number\tItem\n30\t17\n31\t20\n", {}, 0},
        {"sap",
         "List\n-------------\n|Purch.Doc.|Item|\n-------------\n|30        |  17|\n|31        |  20|\n"
         "-------------\n\x1A",
         {},
         0},
        {"by-option", "Orders\nDoc\tItem\n30\t17\n31\t20\n", {"--po-column", "Doc"}, 0},
        {"doubt", "Orders\nDoc\tItem\n30\t17\n31\t20\n", {}, 2},
        {"doubt-spaces", "30 17\n31 20\n", {}, 2}}) {
    CAPTURE(one.slug);
    const std::string out = std::string("out-") + one.slug;
    pofetch.write("list.txt", one.content);
    const ended done = pofetch.run(with(with({"run", "list.txt", "--out", out}, site.access()), one.options));
    CHECK_MESSAGE(done.status == one.status, done.err);
    CHECK(fs::exists(pofetch / (out + "/30")) == (one.status == 0));
    CHECK(fs::exists(pofetch / (out + "/31")) == (one.status == 0));
    CHECK_FALSE(fs::exists(pofetch / (out + "/17")));
    CHECK_FALSE(fs::exists(pofetch / (out + "/20")));
  }
}

TEST_CASE("list: leading zeros are the same order, in one list and in the next") {
  const program pofetch;
  const coupa site({"--pos", "2", "--attachments", "1", "--size", "1k-1k"});
  pofetch.write("list.csv", "po\n007000001\n7000001\n7000002\n");
  const words line = with({"run", "list.csv", "--out", "out"}, site.access());
  const ended first = pofetch.run(line);
  CHECK_MESSAGE(first.status == 0, first.err);
  CHECK(fs::exists(pofetch / "out/007000001"));
  CHECK_FALSE(fs::exists(pofetch / "out/7000001"));
  pofetch.write("list.csv", "po\n7000001\n07000002\n");
  const ended second = pofetch.run(line);
  CHECK_MESSAGE(second.status == 0, second.err);
  CHECK_FALSE(fs::exists(pofetch / "out/7000001"));
  CHECK_FALSE(fs::exists(pofetch / "out/07000002"));
  const std::string report = read_file(pofetch / "out/report.csv");
  CHECK_MESSAGE(has(report, "\n7000001,COMPLETED,"), report);
  CHECK_MESSAGE(has(report, ",007000001,"), report);
}

TEST_CASE("report: every name once, and a list again with the same columns") {
  const program pofetch;
  const coupa site({"--pos", "2", "--attachments", "1", "--size", "1k-1k"});
  pofetch.write("list.csv", "PO,SUPPLIER,STATUS\n7000001,Mine,open\n");
  CHECK(pofetch.run(with({"run", "list.csv", "--out", "out"}, site.access())).status == 0);
  const std::string names = first_line(pofetch / "out/report.csv");
  CHECK_MESSAGE(names.starts_with("PO,SUPPLIER,STATUS,POFETCH_STATUS,POFETCH_SUPPLIER,ATTACHMENTS_FOUND,"),
                names);
  for (const char* report : {"out/report.csv", "again.xlsx"}) {
    CAPTURE(report);
    CHECK(pofetch.run({"report", "out", "--to", "again.xlsx"}).status == 0);
    const words sheet =
        fs::path(report).extension() == ".xlsx" ? words{"--sheet", "Purchase orders"} : words{};
    const ended again = pofetch.run(with(with({"run", report, "--out", "more"}, site.access()), sheet));
    CHECK_MESSAGE(again.status == 0, again.err);
    CHECK(first_line(pofetch / "more/report.csv") == names);
    CHECK(has(read_file(pofetch / "more/report.csv"), "\n7000001,Mine,open,COMPLETED,"));
  }
}
