// A power cut at one call after the other: what was not synced is gone, or there in part. What the ledger
// calls COMPLETED must be on the disk all the same, and the next run must complete the rest.
#include "crash/site.hpp"
#include "support/durable_shadow.hpp"
#include "support/faults.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace pofetch;
namespace fs = std::filesystem;

namespace {

coupa_sim::options cut_site(std::uint64_t pos, std::uint64_t attachments) {
  coupa_sim::options options;
  options.pos = pos;
  options.attachments = {attachments, attachments};
  options.size = {1500, 9000};
  return options;
}

struct cutting {
  const char* durability;
  fault::cut how;
  /// The process is killed first, without a power cut; that comes in the run after it.
  bool in_the_second_run;
  std::uint64_t first;
  std::uint64_t step;
  bool folder_status = false;
};

class power_cuts {
 public:
  power_cuts(const test::site& where, cutting row)
      : site_(where), row_(row), everything_(where.everything()), random_(20261125) {}

  void run() {
    const std::uint64_t step = row_.step * test::widened(11, 97);
    for (std::uint64_t at = row_.first; cut_at(at); at += step) CHECK(++hits_ < 100'000);
    CHECK(hits_ > 0);
  }

  [[nodiscard]] std::uint64_t hits() const { return hits_; }

 private:
  [[nodiscard]] test::process_setup disturbed(const char* what, std::uint64_t at) const {
    test::fault wanted{.root = site_.out(), .what = what, .at = at};
    wanted.shadow = shadow();
    wanted.log = site_.dir / "calls";
    return test::with(site_.command(site_.out(), options()), wanted);
  }

  [[nodiscard]] std::vector<std::string> options() const {
    std::vector<std::string> all{"--durability", row_.durability};
    if (row_.folder_status) all.emplace_back("--folder-status");
    return all;
  }

  [[nodiscard]] fs::path shadow() const { return site_.dir / "shadow"; }

  bool cut_at(std::uint64_t at) {
    fs::remove_all(site_.out());
    fs::remove_all(shadow());
    fs::remove(site_.dir / "calls");
    CAPTURE(at);
    test::outcome first = test::ended(disturbed("kill_after", at));
    const bool disturbed_at_all = test::lines_in(site_.dir / "calls") >= at;
    if (row_.in_the_second_run && disturbed_at_all) {
      first = test::ended(disturbed("once", 0));
      CHECK(first.status == 0);
    }
    fault::after_power_cut(site_.out(), shadow(), row_.how, random_);
    check_after(first);
    return disturbed_at_all;
  }

  void check_after(const test::outcome& first) {
    // With `mixed` a name can have come to the disk before its content, but only what is not claimed.
    if (row_.how == fault::cut::strict || first.status == 0) {
      const std::string broken = test::broken_promise(site_.out(), everything_);
      CHECK_MESSAGE(broken.empty(), broken);
    }
    // Who was told that all is there has all of it.
    if (first.status == 0) CHECK(test::difference(test::tree(site_.out()), everything_) == "");
    const test::outcome second = site_.run(site_.out(), options());
    CHECK_MESSAGE(second.status == 0, second.err);
    CHECK_MESSAGE(!second.says("are missing"), second.err);
    CHECK(test::difference(test::tree(site_.out()), everything_) == "");
    CHECK(fs::is_empty(site_.out() / ".pofetch/partial"));
  }

  const test::site& site_;
  cutting row_;
  test::files everything_;
  std::mt19937 random_;
  std::uint64_t hits_ = 0;
};

}  // namespace

TEST_CASE("power cut: at every call, what the ledger claims is on the disk, and the next run completes") {
  // Few files are synced one by one, many (from 8 on) in one go.
  const test::site few(cut_site(2, 2));
  const test::site many(cut_site(2, 10));
  for (const test::site* s : {&few, &many}) {
    const std::uint64_t wide = s == &few ? 1 : 5;
    for (const cutting& row : {cutting{"batch", fault::cut::strict, false, 1, 1 * wide},
                               cutting{"batch", fault::cut::mixed, false, 1, 1 * wide},
                               cutting{"file", fault::cut::strict, false, 2, 3 * wide},
                               cutting{"file", fault::cut::mixed, false, 1, 3 * wide},
                               cutting{"batch", fault::cut::strict, true, 1, 2 * wide},
                               cutting{"batch", fault::cut::strict, false, 3, 2 * wide, true},
                               cutting{"file", fault::cut::strict, true, 2, 3 * wide, true}}) {
      CAPTURE(std::string(row.durability));
      CAPTURE(static_cast<int>(row.how));
      CAPTURE(row.in_the_second_run);
      power_cuts over(*s, row);
      over.run();
      MESSAGE(std::string(row.durability)
              << std::string(row.how == fault::cut::strict ? " strict" : " mixed")
              << std::string(row.in_the_second_run ? ", second run" : "")
              << std::string(row.folder_status ? ", folders renamed: " : ": ") << over.hits() << " cuts");
    }
  }
}

TEST_CASE("power cut: the ledger is on the disk before the first file has its name there") {
  const test::site s(cut_site(1, 3));
  for (const char* durability : {"batch", "file"}) {
    CAPTURE(std::string(durability));
    fs::remove_all(s.out());
    const std::vector<std::string> how{"--durability", durability};
    test::fault first_name{.root = s.out(), .what = "kill_after", .at = 1, .kinds = "rename"};
    first_name.match = "/" + std::to_string(s.sim.data().first()) + "/";
    first_name.shadow = s.dir / "shadow";
    CHECK(test::ended(test::with(s.command(s.out(), how), first_name)).signal == 9);
    std::mt19937 unused;
    fault::after_power_cut(s.out(), s.dir / "shadow", fault::cut::strict, unused);
    CHECK(fs::exists(s.out() / ".pofetch/ledger.db"));
    const test::outcome second = s.run(s.out(), how);
    CHECK_MESSAGE(second.status == 0, second.err);
    CHECK(test::difference(test::tree(s.out()), s.everything()) == "");
  }
}
