// The file system fails, or the process dies, at one call after the other of a small batch; each time the
// same command again must make everything as if nothing had happened.
#include "crash/site.hpp"
#include "support/faults.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

using namespace pofetch;
namespace fs = std::filesystem;

namespace {

coupa_sim::options small_site() {
  coupa_sim::options options;
  options.pos = 2;
  options.attachments = {2, 2};
  options.size = {1500, 9000};
  return options;
}

struct disturbance {
  const char* name;
  const char* what;
  int error;
  const char* kinds;
  /// What the first run may end with; -1: killed.
  std::vector<int> states;
  /// What it says when it ends with 4.
  const char* advice;
  std::uint64_t first;
  std::uint64_t step;
};

constexpr const char* any_advice = "then run the same command again";

const std::vector<disturbance>& disturbances() {
  static const std::vector<disturbance> all = {
      {"killed before the call", "kill_before", 0, "", {-1}, "", 1, 1},
      {"killed after the call", "kill_after", 0, "", {-1}, "", 1, 3},
      {"killed half-way through a write", "torn", 0, "write", {-1}, "", 1, 2},
      {"the disk fails once", "once", EIO, "", {0, 1, 4}, any_advice, 1, 1},
      {"the disk fails from then on", "from", EIO, "", {0, 4}, any_advice, 2, 5},
      {"a sync fails once", "once", EIO, "sync", {0, 4}, any_advice, 1, 1},
      {"the disk is full from then on", "from", ENOSPC, "", {0, 4}, "Make room there, then run", 1, 3},
      {"the quota is used up from then on", "from", EDQUOT, "", {0, 4}, "Make room there, then run", 3, 5},
      {"the disk is full for a moment", "once", ENOSPC, "", {0, 1, 4}, any_advice, 2, 4},
      {"the disk becomes read-only", "from", EROFS, "", {0, 4}, any_advice, 3, 5},
      {"no file can be opened any more", "from", EMFILE, "open", {0, 1, 4}, any_advice, 1, 3},
      {"one file cannot be opened", "once", EMFILE, "open", {0, 1, 4}, any_advice, 2, 2},
  };
  return all;
}

/// The walk over one table row: counts the calls that were hit.
class walk {
 public:
  explicit walk(const test::site& where, std::string undisturbed_report)
      : site_(where), everything_(where.everything()), report_(std::move(undisturbed_report)) {}

  void run(const disturbance& row) {
    const std::uint64_t step = row.step * test::widened(7, 43);
    for (std::uint64_t at = row.first; hit(row, at); at += step) CHECK(++hits_ < 100'000);
    CHECK(hits_ > 0);
  }

  [[nodiscard]] std::uint64_t hits() const { return hits_; }

 private:
  /// False when the run has fewer calls than that.
  bool hit(const disturbance& row, std::uint64_t at) {
    fs::remove_all(site_.out());
    const fs::path log = site_.dir / "calls";
    fs::remove(log);
    test::fault wanted{
        .root = site_.out(), .what = row.what, .at = at, .error = row.error, .kinds = row.kinds};
    wanted.log = log;
    const test::outcome first = test::ended(test::with(site_.command(site_.out()), wanted));
    if (test::lines_in(log) < at) return false;
    CAPTURE(at);
    CAPTURE(first.err);
    check_first(row, first);
    check_second();
    return true;
  }

  void check_first(const disturbance& row, const test::outcome& first) {
    const std::string broken = test::broken_promise(site_.out(), everything_);
    CHECK_MESSAGE(broken.empty(), broken);
    CHECK(std::count(row.states.begin(), row.states.end(), first.status) == 1);
    if (first.status == 0) CHECK(test::difference(test::tree(site_.out()), everything_) == "");
    if (first.status == 1)
      CHECK(test::read_file(site_.out() / "report.csv").find(",disk") != std::string::npos);
    if (first.status == 4) CHECK(first.says(row.advice));
  }

  void check_second() {
    const test::outcome second = site_.run(site_.out());
    CHECK_MESSAGE(second.status == 0, second.err);
    CHECK(test::difference(test::tree(site_.out()), everything_) == "");
    const std::string differs = test::line_difference(test::timeless(site_.out() / "report.csv"), report_);
    CHECK_MESSAGE(differs.empty(), differs);
    CHECK(fs::is_empty(site_.out() / ".pofetch/partial"));
    // Nothing of a report that was being written, or of a ledger that was being made.
    for (const auto& entry : fs::directory_iterator(site_.out()))
      CHECK(entry.path().filename().string().rfind(".pofetch-report-", 0) != 0);
    CHECK_FALSE(fs::exists(site_.out() / ".pofetch/ledger.db.new"));
  }

  const test::site& site_;
  test::files everything_;
  std::string report_;
  std::uint64_t hits_ = 0;
};

}  // namespace

TEST_CASE("faults: at every call of the file system, nothing is lost and the next run completes") {
  const test::site s(small_site());
  REQUIRE(s.run(s.dir / "undisturbed").status == 0);
  const std::string report = test::timeless(s.dir / "undisturbed/report.csv");
  for (const disturbance& row : disturbances()) {
    CAPTURE(std::string(row.name));
    walk over(s, report);
    over.run(row);
    MESSAGE(std::string(row.name) << ": " << over.hits() << " runs");
  }
}
