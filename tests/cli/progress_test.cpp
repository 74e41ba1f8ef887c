#include "cli/program.hpp"
#include "support/has_terminals.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

using namespace pofetch::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("json: every line of standard output is an event, in a sensible order") {
  const program pofetch;
  const coupa site({"--pos", "15", "--attachments", "2", "--size", "1k-2k", "--missing-files", "20"});
  const ended done = pofetch.run(site.run_line("out", {"--progress", "json"}));
  CHECK(done.status == 1);
  std::map<std::string, int> seen;
  const auto lines = lines_of(done.out);
  REQUIRE(lines.size() > 20);
  for (const std::string& line : lines) {
    const boost::json::object event = boost::json::parse(line).as_object();
    ++seen[event.at("event").as_string().c_str()];
    CHECK(event.contains("time"));
  }
  CHECK(seen["batch_started"] == 1);
  CHECK(seen["po_finished"] == 15);
  CHECK(seen["attachment_finished"] == 30);
  CHECK(seen["batch_finished"] == 1);
  CHECK(has(lines.front(), "batch_started"));
  const boost::json::object last = boost::json::parse(lines.back()).as_object();
  CHECK(last.at("event") == "batch_finished");
  CHECK(last.at("attachments_found") == 30);
}

TEST_CASE("json: what was tried again is counted in full at the end, pages as well") {
  const program pofetch;
  const coupa site({"--pos", "30", "--attachments", "0-0", "--fail", "30", "--stall", "50"});
  const ended done = pofetch.run(site.run_line("out", {"--progress", "json", "--retries", "20"}));
  CHECK(done.status == 0);
  const auto lines = lines_of(done.out);
  const auto told = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return has(line, "\"event\":\"retrying\"");
  });
  CHECK(told > 0);
  const boost::json::object last = boost::json::parse(lines.back()).as_object();
  CHECK(last.at("retries") == told);
}

TEST_CASE("plain: each failure once, no escape sequences") {
  const program pofetch;
  const coupa site({"--pos", "15", "--attachments", "2", "--size", "1k-2k", "--missing-files", "20"});
  const ended done = pofetch.run(site.run_line("out", {"--progress", "plain"}));
  CHECK(done.status == 1);
  CHECK(done.out.empty());
  CHECK_FALSE(has(done.err, "\x1b"));
  auto lines = lines_of(done.err);
  std::erase_if(
      lines, [](const std::string& line) { return !has(line, "[http_404]") && !has(line, "[not_found]"); });
  CHECK_FALSE(lines.empty());
  std::sort(lines.begin(), lines.end());
  CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
}

TEST_CASE("quiet: nothing at all when all is well, one sentence when not") {
  const program pofetch;
  const coupa site({"--pos", "3", "--size", "1k-2k"});
  const ended done = pofetch.run(site.run_line("out", {"-q"}));
  CHECK(done.status == 0);
  CHECK_MESSAGE((done.out + done.err).empty(), done.err);
  const ended wrong = pofetch.run({"run", "missing.csv", "--out", "o", "--base-url", site.base_url(), "-q"});
  CHECK(wrong.status == 2);
  CHECK(lines_of(wrong.err).size() == 1);
}

TEST_CASE("bar: painted over on a terminal, ends on a line of its own") {
  if (!has_terminals()) return;
  const program pofetch;
  const coupa site({"--pos", "40", "--attachments", "2", "--size", "1k-2k", "--latency", "150"});
  process_setup setup = pofetch.setup(site.run_line("out", {"--workers", "4"}), {{"TERM", "xterm"}});
  setup.terminal = true;
  process running(setup);
  REQUIRE(running.wait_for("PO 7000"));  // a worker's line, for which there is no room afterwards
  running.resize(30, 4);
  const ended done = ended_well(running);
  CHECK(done.status == 0);
  for (const char* part :
       {"\x1b[J", "of 40 POs", "PO 7000", "\x1b[1m", "40 of 40 POs (100 %)", "COMPLETED"}) {
    CHECK_MESSAGE(has(done.out, part), done.out);
  }
  // Each frame is written over the one before, as a whole: nothing is erased first, which would flicker, but
  // for lines that are said above it.
  const auto count = [&done](std::string_view part) {
    std::size_t found = 0;
    for (auto at = done.out.find(part); at != std::string::npos; at = done.out.find(part, at + 1)) ++found;
    return found;
  };
  const std::size_t frames = count("\x1b[?2026h");
  CHECK(frames > 3);
  CHECK(count("\x1b[?2026l") == frames);
  CHECK(count("A\x1b[J") <= 1);
  CHECK_FALSE(has(done.out, "\x1b[2J"));
}

TEST_CASE("bar: not where a terminal cannot draw, and no colours where they are not wanted") {
  if (!has_terminals()) return;
  const program pofetch;
  const coupa site({"--pos", "3", "--size", "1k-2k"});
  process_setup dumb = pofetch.setup(site.run_line("out1"), {{"TERM", "dumb"}});
  dumb.terminal = true;
  process on_dumb(dumb);
  CHECK_FALSE(has(ended_well(on_dumb).out, "\x1b"));

  process_setup plain = pofetch.setup(site.run_line("out2"), {{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  plain.terminal = true;
  process without_colour(plain);
  const ended done = ended_well(without_colour);
  CHECK(done.status == 0);
  CHECK_FALSE(has(done.out, "\x1b[1m"));
}
