// Texts from outside that a terminal or a spreadsheet would act on, looked for in everything that the program
// shows or writes.
#include "cli/program.hpp"
#include "support/has_terminals.hpp"
#include "support/origin.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// None of them is what pofetch itself ever sends to a terminal.
const std::vector<std::string> sequences = {
    "\x1b]0;owned\x07",  // a window's title
    "\x1b]8;;http://evil\x1b\\",
    "\x1b[97;41m",
    "\x1bP1$r0m\x1b\\",
    "\x1b^x\x1b\\",
    "\x1b_x\x1b\\",
    "\x1b#8",
    "\x07",  // bell
    "\b\b\b",
    "\xC2\x9B"
    "41m",  // C1 CSI in UTF-8
    "\xC2\x9D"
    "0;owned\xC2\x9C",  // C1 OSC
    "\xC2\x85",         // next line
    "\u202E",
    "\u2066",
    "\u2069",
    "\u2028",
};

std::string all_sequences() {
  std::string all = "x";
  for (const std::string& each : sequences) all += each + "y";
  return all;
}

/// What of the texts above would be acted on.
void check_harmless(const std::string& where, const std::string& text) {
  for (std::string mark : {"\x1b]", "\x1b[97", "\x1bP", "\x1b^", "\x1b_", "\x1b#", "\x07", "\b", "\xC2\x9B",
                           "\xC2\x9C", "\xC2\x9D", "\xC2\x85", "\u202E", "\u2066", "\u2069", "\u2028"}) {
    if (has(text, mark))
      FAIL_CHECK(where << " holds " << json::serialize(json::value(mark)) << ":\n"
                       << json::serialize(json::value(text.substr(0, 3000))));
  }
}

struct scene {
  scene()
      : server([](const origin_request& request, origin_peer& peer) {
          if (has(request.target, "good"))
            peer.reply(200, "body");
          else
            peer.reply(404, "no", {{"Content-Disposition", "attachment; filename=\"x\x1b]0;owned.pdf\""}});
        }) {
    const std::string bad = all_sequences();
    std::string list;
    for (const char* target : {"/good", "/bad"})
      list += json::serialize(json::object{{"po", "PO\u202E\u2066 7"},
                                           {"url", server.base_url() + target},
                                           {"filename", bad + target},
                                           {"supplier", bad},
                                           {"note", bad}}) +
              "\n";
    list += json::serialize(json::object{{"po", bad}, {"url", server.base_url() + "/good"}}) + "\n";
    list += json::serialize(json::object{{"po", "9"}, {"url", bad}, {"supplier", bad}}) + "\n";
    pofetch.write(input, list);
    pofetch.write("ca.pem", server.ca_pem());
  }

  [[nodiscard]] words line(const std::string& out, const words& more) const {
    words made{"run",       input, "--out", out,          "--cacert", "ca.pem",
               "--retries", "1",   "-vv",   "--log-file", "log.txt"};
    made.insert(made.end(), more.begin(), more.end());
    return made;
  }

  void check(const std::string& what, const ended& done) const {
    check_harmless(what + ", standard output", done.out);
    check_harmless(what + ", standard error", done.err);
  }

  std::string input = "list\x1b]0;owned\x07\u202E.jsonl";
  origin server;
  program pofetch;
};

}  // namespace

TEST_CASE("terminal: no run in any mode shows, logs or reports what a terminal would act on") {
  const scene at;
  const std::string out = "out\x1b]0;owned\x07\u202E";
  for (const std::string mode : {"none", "plain", "json", "auto"}) {
    CAPTURE(mode);
    const ended done = at.pofetch.run(
        at.line(out + mode, {"--progress", mode, "--report", mode + ".json", "--report", mode + ".jsonl"}));
    CHECK_MESSAGE(done.status == 1, done.err);
    at.check(mode, done);
    check_harmless("report.csv", read_file(at.pofetch / (out + mode + "/report.csv")));
    for (const char* ending : {".json", ".jsonl"}) {
      const std::string report = read_file(at.pofetch / (mode + ending));
      check_harmless(mode + ending, report);
    }
    // Escaped, so nothing is lost.
    const json::value report = json::parse(read_file(at.pofetch / (mode + ".json")));
    CHECK(has(std::string(report.at("purchase_orders").at(0).at("po_number").as_string()), "\u202E\u2066"));
  }
  const std::string log = read_file(at.pofetch / "log.txt");
  check_harmless("log", log);
  CHECK(has(log, "PO PO"));

  at.check("status", at.pofetch.run({"status", out + "none"}));
  for (const auto& entry : fs::recursive_directory_iterator(at.pofetch / (out + "none")))
    if (entry.is_regular_file() && has(entry.path().filename().string(), "good"))
      write_file(entry.path(), "other");
  const ended verified = at.pofetch.run({"verify", out + "none"});
  CHECK(verified.status == 1);
  CHECK(has(verified.out, "good"));
  at.check("verify", verified);
  at.check("plan", at.pofetch.run({"plan", at.input, "--cacert", "ca.pem", "-vv"}));
  at.check("report", at.pofetch.run({"report", out + "none", "--to", "no\x1b]0;owned\x07/r.csv"}));
  at.check("no list", at.pofetch.run({"run", "no\x1b]0;owned\x07\u202E.csv", "--out", "x"}));
  at.check("no batch", at.pofetch.run({"status", "no\x1b]0;owned\x07\u202E"}));
  at.check("print-config", at.pofetch.run(at.line(out, {"--print-config"})));
}

TEST_CASE("terminal: the bar's frames have pofetch's own sequences and no others") {
  if (!has_terminals()) return;
  const scene at;
  process_setup setup = at.pofetch.setup(at.line("out", {"--progress", "bar"}), {{"TERM", "xterm"}});
  setup.terminal = true;
  process running(setup);
  const ended done = ended_well(running);
  CHECK(done.status == 1);
  CHECK(has(done.out, "\x1b["));
  at.check("bar", done);
}

TEST_CASE("spreadsheet: no cell of report.csv is a formula, from whatever column") {
  const program pofetch;
  const origin server([](const origin_request&, origin_peer& peer) { peer.reply(404, "no"); });
  std::string list = "=cmd|' /C calc'!A0,po,url,filename,supplier,note\n";
  for (const std::string bad :
       {"=1+1", "+1+1", "-1-1", "@SUM(1)", "\t=1", "\r=1", " =1+1", "\"\"=1+1", "\uFF1D1+1"})
    list += "\"" + bad + "\",\"" + bad + "\"," + server.base_url() + "/x,\"" + bad + "\",\"" + bad + "\",\"" +
            bad + "\"\n";
  pofetch.write("list.csv", list);
  pofetch.write("ca.pem", server.ca_pem());
  const ended done = pofetch.run(
      {"run", "list.csv", "--out", "out", "--cacert", "ca.pem", "--retries", "0", "--po-column", "po"});
  CHECK_MESSAGE(done.status == 1, done.err);
  const std::string report = read_file(pofetch / "out/report.csv");
  // Cells as a reader of CSV sees them.
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < report.size(); ++i) {
    const char c = report[i];
    if (c == '"' && quoted && report[i + 1] == '"') {
      cells.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  CHECK(cells.size() > 9 * 15);
  std::size_t neutralised = 0;
  for (const std::string& cell : cells) {
    const std::size_t first = cell.find_first_not_of(" \"");
    if (cell.starts_with('\'')) ++neutralised;
    const bool runs = first != std::string::npos &&
                      (std::string_view("=+-@\t\r").find(cell[first]) != std::string_view::npos ||
                       cell.starts_with("\uFF1D"));
    CHECK_FALSE_MESSAGE(runs, cell);
  }
  CHECK(neutralised >= 9 * 3);
}
