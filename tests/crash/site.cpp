#include "crash/site.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace pofetch::test {

namespace fs = std::filesystem;

namespace {

coupa_sim::options placed(coupa_sim::options wanted, const fs::path& dir) {
  wanted.dir = dir / "site";
  return wanted;
}

}  // namespace

std::uint64_t widened(std::uint64_t optimised, std::uint64_t under_sanitizer) {
  if (std::getenv("POFETCH_EXHAUSTIVE") != nullptr) return 1;
  return sanitized ? under_sanitizer : optimised;
}

site::site(coupa_sim::options wanted) : sim(placed(std::move(wanted), dir.path())) { sim.start(); }

process_setup site::command(const fs::path& to, const std::vector<std::string>& more) const {
  process_setup setup;
  setup.program = POFETCH_PROGRAM;
  setup.arguments = {"run",        (dir.path() / "site/orders.csv").string(),
                     "--out",      to.string(),
                     "--base-url", sim.base_url(),
                     "--cookies",  (dir.path() / "site/cookies.txt").string(),
                     "--cacert",   (dir.path() / "site/ca.pem").string(),
                     "--progress", "none",
                     "-q"};
  setup.arguments.insert(setup.arguments.end(), more.begin(), more.end());
  setup.environment["HOME"] = dir.path().string();
  return setup;
}

outcome site::run(const fs::path& to, const std::vector<std::string>& more) const {
  return ended(command(to, more));
}

files site::everything() const {
  files all;
  for (std::uint64_t i = 0; i < sim.data().count(); ++i) {
    const auto order = sim.data().order(sim.data().first() + i);
    for (const auto& file : coupa_sim::expected_files(order)) {
      std::string& content = all[std::to_string(order.number) + "/" + file.name];
      coupa_sim::for_each_piece(sim.data().content_of(file.facts),
                                [&content](std::string_view piece) { content += piece; });
    }
  }
  return all;
}

std::set<std::string> site::completed(const fs::path& in) const {
  std::set<std::string> paths;
  const fs::path report = dir.path() / "now.json";
  if (!fs::exists(in / ".pofetch/ledger.db") || !write_batch_report(in, report)) return paths;
  const std::string text = read_file(report);
  // An attachment's object is flat: name, path, url, status, ... in this order.
  for (auto at = text.find("\"url\":"); at != std::string::npos; at = text.find("\"url\":", at + 1)) {
    const auto begin = text.find('"', at + 6) + 1;
    const std::string url = text.substr(begin, text.find('"', begin) - begin);
    if (url.empty()) continue;  // an order whose page no run has recorded yet
    const auto end = text.find('}', at);
    if (text.substr(at, end - at).find("\"status\":\"COMPLETED\",\"bytes\"") == std::string::npos) continue;
    paths.insert(url.substr(url.find('/', 8)));
  }
  return paths;
}

outcome ended(const process_setup& setup) {
  process running(setup);
  REQUIRE_MESSAGE(running.wait(std::chrono::seconds{120}), "it hangs: " << running.err());
  outcome done{running.status(), running.signal(), running.err()};
  for (const char* sign : {"terminate called", "what():", "AddressSanitizer", "LeakSanitizer",
                           "runtime error:", "ThreadSanitizer", "internal error"})
    CHECK_MESSAGE(!done.says(sign), done.err);
  CHECK_MESSAGE((done.signal == 0 || done.signal == 9), done.err);
  return done;
}

files tree(const fs::path& out) {
  files all;
  if (!fs::exists(out)) return all;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    std::string path = fs::relative(entry.path(), out).string();
    if (const auto status = path.find("_COMPLETED/"); status != std::string::npos)
      path.erase(status, std::string_view("_COMPLETED").size());
    if (entry.is_regular_file() && path.rfind(".pofetch/", 0) != 0 && path != "report.csv" &&
        path.rfind(".pofetch-report-", 0) != 0)
      all[path] = read_file(entry.path());
  }
  return all;
}

std::string difference(const files& is, const files& should_be) {
  std::string text;
  for (const auto& [path, content] : should_be) {
    const auto found = is.find(path);
    if (found == is.end()) text += "missing: " + path + "; ";
    if (found != is.end() && found->second != content) text += "damaged: " + path + "; ";
  }
  for (const auto& each : is)
    if (should_be.count(each.first) == 0) text += "not expected: " + each.first + "; ";
  return text;
}

std::string broken_promise(const fs::path& out, const files& everything) {
  std::string text;
  for (const auto& [path, content] : tree(out)) {
    const auto expected = everything.find(path);
    if (expected == everything.end() || expected->second != content) text += "not whole: " + path + "; ";
  }
  if (!fs::exists(out / ".pofetch/ledger.db")) return text;
  const auto looked = verify_batch(
      out, [&text](const damage& found) { text += "claimed: " + found.path + " " + found.problem + "; "; });
  // A ledger that was cut off while it was made is refused by name; the next run makes it anew.
  if (!looked) text += looked.error().message;
  return text;
}

std::string line_difference(const std::string& is, const std::string& should_be) {
  std::istringstream left(is), right(should_be);
  std::string one, other, text;
  bool more = true;
  while (more) {
    const bool has_one = static_cast<bool>(std::getline(left, one));
    const bool has_other = static_cast<bool>(std::getline(right, other));
    if (!has_one) one.clear();
    if (!has_other) other.clear();
    if (one != other) text += "is:        " + one + "\nshould be: " + other + "\n";
    more = has_one || has_other;
  }
  return text;
}

std::string timeless(const fs::path& report) {
  std::string text = read_file(report);
  for (auto at = text.find_first_of('Z'); at != std::string::npos; at = text.find_first_of('Z', at + 1))
    if (at >= 19 && text[at - 9] == 'T') text.replace(at - 19, 19, "....-..-..T..:..:..");
  return text;
}

std::uint64_t lines_in(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return 0;
  const std::string text = read_file(file);
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace pofetch::test
