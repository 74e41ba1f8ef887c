#include "cli/program.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

/// Value of the session cookie in a cookies.txt.
std::string session_of(const std::string& cookie_file) {
  const std::string text = read_file(cookie_file);
  const std::size_t at = text.find("_coupa_session");
  REQUIRE(at != std::string::npos);
  const std::size_t start = text.find_first_of("\t ", at) + 1;
  return text.substr(start, text.find_first_of("\r\n", start) - start);
}

using pofetch::test::count;

/// The first attachment under the folder of a batch.
fs::path any_file(const fs::path& out) {
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    if (entry.is_regular_file() && !has(entry.path().string(), ".pofetch") &&
        entry.path().filename() != "report.csv") {
      return entry.path();
    }
  }
  return {};
}

/// Is every file of this report where it says? At least one.
bool paths_are_true(const std::string& report, const fs::path& out) {
  const std::string before = "\"path\":\"";
  std::size_t files = 0;
  for (auto at = report.find(before); at != std::string::npos; at = report.find(before, at + 1), ++files) {
    const std::size_t begin = at + before.size();
    if (!fs::is_regular_file(out / report.substr(begin, report.find('"', begin) - begin))) return false;
  }
  return files > 0;
}

std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("run: fetches all, ends with 0, sums up; again: nothing to do") {
  const program pofetch;
  const coupa site({"--pos", "12", "--attachments", "1-3", "--size", "1k-4k"});
  const words line = site.run_line("out", {"--report", "all.json", "--report", "all.jsonl"});
  const ended first = pofetch.run(line);
  CHECK_MESSAGE(first.status == 0, first.err);
  CHECK(first.out.empty());
  for (const char* part : {"COMPLETED", "12", "out/report.csv", "all.json"})
    CHECK_MESSAGE(has(first.err, part), first.err);
  CHECK(count(read_file(pofetch / "out/report.csv"), ",COMPLETED,") == 12);
  CHECK(has(read_file(pofetch / "all.json"), "pofetch.report/1"));
  CHECK(fs::exists(pofetch / "all.jsonl"));

  const ended second = pofetch.run(line);
  CHECK(second.status == 0);
  CHECK(has(second.err, "0 done in this run"));
  CHECK(count(read_file(pofetch / "out/report.csv"), ",COMPLETED,") == 12);
}

TEST_CASE("status, verify, report: read a batch, and tell what is damaged") {
  const program pofetch;
  const coupa site({"--pos", "6", "--attachments", "2", "--size", "1k-4k"});
  REQUIRE(pofetch.run(site.run_line("out")).status == 0);

  const ended status = pofetch.run({"status", "out"});
  CHECK(status.status == 0);
  for (const char* part : {"COMPLETED", "finished", "12 of 12 found", "orders.csv"}) {
    CHECK_MESSAGE(has(status.out, part), status.out);
  }
  const ended good = pofetch.run({"verify", "out"});
  CHECK(good.status == 0);
  CHECK(has(good.out, "12 files"));

  const fs::path victim = any_file(pofetch / "out");
  write_file(victim, "other bytes");
  const ended bad = pofetch.run({"verify", "out"});
  CHECK(bad.status == 1);
  CHECK_MESSAGE(has(bad.out, victim.filename().string()), bad.out);
  CHECK(has(bad.out, "1 wrong or missing"));
  CHECK(read_file(victim) == "other bytes");
  CHECK(pofetch.run(site.run_line("out")).status == 0);
  CHECK(pofetch.run({"verify", "out"}).status == 0);

  const ended report = pofetch.run({"report", "out", "--to", "again.csv"});
  CHECK(report.status == 0);
  CHECK(read_file(pofetch / "again.csv") == read_file(pofetch / "out/report.csv"));
  CHECK(pofetch.run({"report", "out", "--to", "no/such/folder/r.csv"}).status == 2);
}

TEST_CASE("plan: counts on standard output, no folder") {
  const program pofetch;
  const coupa site({"--pos", "10", "--attachments", "2", "--size", "1k-1k"});
  pofetch.write("orders.csv", "po_number\n7000001\n7000002\n7000001\nN/A\n");
  words line{"plan", "orders.csv"};
  const words access = site.access();
  line.insert(line.end(), access.begin(), access.end());
  const ended done = pofetch.run(line);
  CHECK_MESSAGE(done.status <= 1, done.err);
  for (const char* part :
       {"Purchase orders   2\n", "repeated        1 (line 4)\n", "invalid         1 (line 5)",
        "Attachments       4\n", "size known      4, 4.0 KiB"}) {
    CHECK_MESSAGE(has(done.out, part), done.out);
  }
  CHECK_FALSE(fs::exists(pofetch / "out"));
}

TEST_CASE("run: an address where nobody listens, nothing is started, exit 2 and what to check") {
  const program pofetch;
  pofetch.write("orders.csv", "po_number\n7000001\n7000002\n");
  const ended done = pofetch.run({"run", "orders.csv", "--out", "out", "--base-url", "https://127.0.0.1:1",
                                  "--retries", "0", "--connect-timeout", "2s"});
  CHECK_MESSAGE(done.status == 2, done.err);
  CHECK_MESSAGE(has(done.err, "https://127.0.0.1:1"), done.err);
  CHECK_MESSAGE(has(done.err, "check --base-url"), done.err);
  CHECK_FALSE(fs::exists(pofetch / "out"));
}

TEST_CASE("run: a certificate that nobody vouches for, nothing is started, the advice names --cacert") {
  const program pofetch;
  const coupa site({"--pos", "2"});
  const ended done = pofetch.run({"run", site.file("orders.csv"), "--out", "out", "--base-url",
                                  site.base_url(), "--cookies", site.file("cookies.txt")});
  CHECK(done.status == 2);
  CHECK_MESSAGE(has(done.err, "--cacert"), done.err);
  CHECK_FALSE(fs::exists(pofetch / "out"));
}

TEST_CASE("run: without a session, exit 3, everything PENDING, the advice names cookies") {
  const program pofetch;
  const coupa site({"--pos", "4"});
  const ended done = pofetch.run({"run", site.file("orders.csv"), "--out", "out", "--base-url",
                                  site.base_url(), "--cacert", site.file("ca.pem")});
  CHECK(done.status == 3);
  CHECK_MESSAGE(has(done.err, "cookies"), done.err);
  CHECK_FALSE(has(done.err, "FAILED"));
  CHECK(count(read_file(pofetch / "out/report.csv"), ",PENDING,") == 4);
}

TEST_CASE("run: a session that ends in mid-run, exit 3, nothing FAILED, and the run goes on later") {
  const program pofetch;
  const coupa site({"--pos", "30", "--attachments", "1-2", "--size", "1k-2k", "--expire-after", "40"});
  const ended done = pofetch.run(site.run_line("out"));
  CHECK(done.status == 3);
  for (const char* part : {"still PENDING", "To go on:", "pofetch run"})
    CHECK_MESSAGE(has(done.err, part), done.err);
  CHECK(count(read_file(pofetch / "out/report.csv"), ",FAILED,") == 0);
  CHECK(count(read_file(pofetch / "out/report.csv"), ",PENDING,") > 0);
}

TEST_CASE("run: POs that are not there, exit 1, each counted, the command to go on") {
  const program pofetch;
  const coupa site({"--pos", "20", "--not-found", "30", "--size", "1k-2k"});
  const ended done = pofetch.run(site.run_line("out"));
  CHECK(done.status == 1);
  CHECK_MESSAGE(has(done.err, "NOT_FOUND"), done.err);
  CHECK(has(done.err, "To try again what is missing:"));
}

TEST_CASE("run: a folder that another run holds, exit 4, it says who, and the first goes on") {
  const program pofetch;
  const coupa site({"--pos", "60", "--attachments", "2", "--size", "1k-2k", "--latency", "300"});
  process first(pofetch.setup(site.run_line("out", {"--workers", "2", "--progress", "json"})));
  REQUIRE(first.wait_for("po_finished"));
  const ended second = pofetch.run(site.run_line("out"));
  CHECK(second.status == 4);
  CHECK_MESSAGE(has(second.err, std::to_string(first.id())), second.err);
  const ended status = pofetch.run({"status", "out"});
  CHECK(status.status == 0);
  CHECK_MESSAGE(has(status.out, "running"), status.out);
  CHECK(ended_well(first).status == 0);
}

TEST_CASE("run: no secret in any output, log or report") {
  const program pofetch;
  const coupa site({"--pos", "8", "--fail", "20", "--stall", "50", "--size", "1k-4k", "--slide-every", "3"});
  const std::string session = session_of(site.file("cookies.txt"));
  REQUIRE(session.size() > 8);
  const ended done = pofetch.run(site.run_line("out", {"--header", "X-Key: geheim-1", "--log-file", "log.txt",
                                                       "-vv", "--report", "r.json"}),
                                 {{"POFETCH_COOKIE", "other=geheim-2"}});
  CHECK(done.status <= 1);
  const std::string all = done.out + done.err + read_file(pofetch / "log.txt") +
                          read_file(pofetch / "r.json") + read_file(pofetch / "out/report.csv") +
                          read_file(pofetch / "out/.pofetch/ledger.db");
  CHECK(has(read_file(pofetch / "log.txt"), "COMPLETED"));
  CHECK_FALSE(has(all, session));
  CHECK_FALSE(has(all, "geheim"));
}

TEST_CASE("run: a log file that cannot be written, exit 2") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  const ended done = pofetch.run(site.run_line("out", {"--log-file", "no/such/folder/log.txt"}));
  CHECK(done.status == 2);
  CHECK(has(done.err, "--log-file"));
}

TEST_CASE(
    "run --include: what is left out has its name in the report, and is fetched by a run that wants it") {
  const program pofetch;
  const coupa site({"--pos", "3", "--attachments", "3", "--size", "1k-1k"});
  const ended first = pofetch.run(site.run_line("out", {"--include", "*nothing like it*"}));
  CHECK(first.status == 0);
  CHECK_MESSAGE(has(first.err, "0 of 9 found are there, 9 left out, 0 B"), first.err);
  CHECK(has(pofetch.run({"status", "out"}).out, "0 of 9 found are there, 9 left out, 0 B"));
  REQUIRE(pofetch.run({"report", "out", "--to", "r.json"}).status == 0);
  const std::string report = read_file(pofetch / "r.json");
  CHECK(count(report, "\"status\":\"EXCLUDED\"") == 9);
  CHECK(count(report, "\"name\":\"\"") == 0);
  const ended second = pofetch.run(site.run_line("out"));
  CHECK(second.status == 0);
  CHECK_MESSAGE(has(second.err, "left out before and that are fetched now: 9"), second.err);
  CHECK_MESSAGE(has(second.err, "9 of 9 found are there"), second.err);
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}

TEST_CASE("run --dedupe: one content is one file under several names; verify and another run agree") {
  const program pofetch;
  const coupa site({"--pos", "1", "--attachments", "1", "--size", "1k-4k"});
  REQUIRE(pofetch.run(site.run_line("first", {"--report", "all.json"})).status == 0);
  const std::string report = read_file(pofetch / "all.json");
  const std::size_t begin = report.find("https://", report.find("\"attachments\":"));
  REQUIRE(begin != std::string::npos);
  const std::string url = report.substr(begin, report.find('"', begin) - begin);

  pofetch.write("list.csv", "po,url,filename\nA," + url + ",a.bin\nB," + url + ",b.bin\n");
  words line{"run", "list.csv", "--out", "out", "--dedupe"};
  for (const std::string& each : site.access()) line.push_back(each);
  const ended done = pofetch.run(line);
  REQUIRE_MESSAGE(done.status == 0, done.err);
  CHECK_MESSAGE(has(done.err, "hard links of one with the same content: 1;"), done.err);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(pofetch / "out"))
    if (entry.is_regular_file() && entry.path().extension() == ".bin") files.push_back(entry.path());
  REQUIRE(files.size() == 2);
  CHECK(fs::hard_link_count(files[0]) == 2);
  CHECK(fs::equivalent(files[0], files[1]));
  CHECK(pofetch.run({"verify", "out"}).status == 0);
  const ended again = pofetch.run(line);
  CHECK(again.status == 0);
  CHECK(has(again.err, "0 done in this run"));
  CHECK_FALSE(has(again.err, "hard links"));

  const ended refused = pofetch.run({"run", "list.csv", "--out", "out", "--dedupe", "--hash", "none"});
  CHECK(refused.status == 2);
  CHECK(has(refused.err, "--dedupe"));
}

TEST_CASE(
    "run --folder-status: folders bear their status, every path told is the true one, and nothing is fetched "
    "again") {
  const program pofetch;
  const coupa site({"--pos", "6", "--attachments", "2", "--size", "1k-4k"});
  const words named{"--folder-status", "--dedupe", "--report", "all.json"};
  const ended done = pofetch.run(site.run_line("out", named));
  REQUIRE_MESSAGE(done.status == 0, done.err);
  CHECK_MESSAGE(has(done.err, "folders renamed, so that they end in the status: 6"), done.err);
  const fs::path folder = any_file(pofetch / "out").parent_path();
  std::string number = folder.filename().string();
  REQUIRE(number.ends_with("_COMPLETED"));
  number.erase(number.size() - std::string("_COMPLETED").size());
  CHECK_FALSE(fs::exists(pofetch / ("out/" + number)));
  CHECK(count(read_file(pofetch / "out/report.csv"), "_COMPLETED,") == 6);
  CHECK(paths_are_true(read_file(pofetch / "all.json"), pofetch / "out"));
  CHECK(pofetch.run({"verify", "out"}).status == 0);
  CHECK(pofetch.run({"report", "out", "--to", "again.json"}).status == 0);
  CHECK(read_file(pofetch / "again.json") == read_file(pofetch / "all.json"));

  // A file is damaged: PENDING, fetched again, and the folder has the right name at the end.
  fs::remove(fs::directory_iterator(folder)->path());
  fs::create_directory(pofetch / ("out/" + number));  // the user's
  const ended mended = pofetch.run(site.run_line("out", named));
  REQUIRE_MESSAGE(mended.status == 0, mended.err);
  CHECK_MESSAGE(has(mended.err, "1 done in this run"), mended.err);
  CHECK(files_in(folder) == 2);

  // Without the option: plain names, but for the one that is taken.
  const ended plain = pofetch.run(site.run_line("out"));
  REQUIRE_MESSAGE(plain.status == 0, plain.err);
  CHECK_MESSAGE(has(plain.err, "0 done in this run"), plain.err);
  CHECK(fs::is_empty(pofetch / ("out/" + number)));
  CHECK(files_in(pofetch / ("out/" + number + " (2)")) == 2);
  CHECK_FALSE(has(read_file(pofetch / "out/report.csv"), "_COMPLETED"));
  CHECK(pofetch.run({"verify", "out"}).status == 0);
}

TEST_CASE(
    "run --folder-status: an order that is missing files is PARTIAL by name until the run that has them") {
  const program pofetch;
  const coupa site({"--pos", "1", "--attachments", "2", "--size", "1k-4k"});
  REQUIRE(pofetch.run(site.run_line("first", {"--report", "all.json"})).status == 0);
  const std::string report = read_file(pofetch / "all.json");
  const std::size_t begin = report.find("https://", report.find("\"attachments\":"));
  REQUIRE(begin != std::string::npos);
  const std::string url = report.substr(begin, report.find('"', begin) - begin);
  words line{"run", "list.csv", "--out", "out", "--folder-columns", "dept", "--folder-status"};
  for (const std::string& each : site.access()) line.push_back(each);
  pofetch.write("list.csv", "po,dept,url,filename\nA,Buying," + url + ",a.bin\nA,Buying," + site.base_url() +
                                "/nothing,b.bin\n");
  CHECK(pofetch.run(line).status == 1);
  CHECK(fs::exists(pofetch / "out/Buying/A_PARTIAL/a.bin"));
  pofetch.write("list.csv", "po,dept,url,filename\nA,Buying," + url + ",a.bin\n");
  const ended done = pofetch.run(line);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(fs::exists(pofetch / "out/Buying/A_COMPLETED/a.bin"));
  CHECK_FALSE(fs::exists(pofetch / "out/Buying/A_PARTIAL"));
}
