// What else a machine can do to a run: no open files left, a clock that jumps, a ledger that is not what it
// was, a folder that is full, read-only or gone. Each time: the right exit state, a message that says what to
// do, nothing lost, nothing overwritten.
#include "crash/site.hpp"
#include "support/faults.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <functional>
#include <sys/mount.h>
#include <unistd.h>
#include <vector>

using namespace pofetch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

coupa_sim::options a_site(std::uint64_t pos, std::chrono::milliseconds latency = 0ms) {
  coupa_sim::options options;
  options.pos = pos;
  options.attachments = {2, 2};
  options.size = {1500, 9000};
  options.latency = latency;
  return options;
}

void check_whole(const test::site& s, const test::outcome& done) {
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(test::difference(test::tree(s.out()), s.everything()) == "");
  CHECK(test::broken_promise(s.out(), s.everything()) == "");
}

void sql(const fs::path& file, const char* text) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

/// Overwrites the pages in the middle of the file, all but the first and the last.
void spoil_the_middle(const fs::path& file) {
  std::string bytes = test::read_file(file);
  constexpr std::size_t page = 4096;
  REQUIRE(bytes.size() > 4 * page);
  std::fill(bytes.begin() + page, bytes.end() - page, '\x5a');
  test::write_file(file, bytes);
}

/// A tmpfs of that size on the folder, for the time of a test; false where that is not allowed.
class small_disk {
 public:
  small_disk(const fs::path& at, const char* options) : at_(at) {
    fs::create_directories(at);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, options) == 0;
    if (!mounted_)
      MESSAGE("SKIPPED: no tmpfs can be mounted here (" << std::generic_category().message(errno) << ")");
  }
  ~small_disk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  [[nodiscard]] bool is_there() const { return mounted_; }
  [[nodiscard]] bool again(unsigned long flags, const char* options) const {
    return ::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT | flags, options) == 0;
  }

 private:
  fs::path at_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("open files: with too few of them the run says so, nothing is lost, and the next run completes") {
  if (test::sanitized) {
    MESSAGE("SKIPPED: the sanitizers need a descriptor of their own whenever they look at an object");
    return;
  }
  const test::site s(a_site(12, 5ms));
  for (const int descriptors : {12, 14, 16, 17, 18, 19, 20, 21, 22, 24, 28, 32, 36, 40}) {
    const std::string limit = std::to_string(descriptors);
    CAPTURE(limit);
    fs::remove_all(s.out());
    test::process_setup few = s.command(s.out(), {"--retries", "1"});
    few.arguments.insert(few.arguments.begin(),
                         {"-c", "ulimit -n " + limit + "; exec \"$0\" \"$@\"", few.program.string()});
    few.program = "/bin/sh";
    const test::outcome first = test::ended(few);
    CAPTURE(first.err);
    CHECK((first.status == 0 || first.status == 1 || first.status == 2 || first.status == 4));
    if (first.status == 1)
      CHECK(test::read_file(s.out() / "report.csv").find("oo many") != std::string::npos);
    else if (first.status != 0)
      CHECK((first.says("ulimit -n") || first.says("oo many open files") ||
             first.says("run the same command again")));
    CHECK(test::broken_promise(s.out(), s.everything()) == "");
    check_whole(s, s.run(s.out()));
  }
}

TEST_CASE("open files: the usual limit is raised as far as the system allows") {
  coupa_sim::options wide = a_site(1);
  wide.attachments = {150, 150};
  const test::site s(wide);
  test::process_setup few = s.command(s.out());
  few.arguments.insert(few.arguments.begin(),
                       {"-c", "ulimit -S -n 60; exec \"$0\" \"$@\"", few.program.string()});
  few.program = "/bin/sh";
  check_whole(s, test::ended(few));
}

TEST_CASE(
    "clock: a wall clock that jumps by days, between runs or within one, loses nothing and hangs nothing") {
  constexpr std::int64_t day = 86'400;
  const test::site s(a_site(6));
  for (const std::int64_t jump : {-400 * day, -day / 2, 3 * day, 400 * day}) {
    for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{40}, std::uint64_t{120}}) {
      if (test::sanitized && from != 40) continue;
      CAPTURE(jump);
      CAPTURE(from);
      fs::remove_all(s.out());
      test::fault clock{.root = s.out(), .at = from};
      clock.clock = jump;
      const auto began = std::chrono::steady_clock::now();
      // Far off, the certificate of the site is not valid: that may fail, but must not hang or spoil
      // anything.
      const test::outcome first = test::ended(test::with(s.command(s.out(), {"--retries", "1"}), clock));
      CHECK(std::chrono::steady_clock::now() - began < 60s);
      if (jump > -day && jump < 30 * day) CHECK_MESSAGE(first.status == 0, first.err);
      CHECK(test::broken_promise(s.out(), s.everything()) == "");
      check_whole(s, s.run(s.out()));
    }
  }
}

TEST_CASE("ledger: one that cannot be used is refused with what to do, and nothing is overwritten") {
  struct row {
    const char* name;
    std::function<void(const fs::path& ledger)> spoil;
    const char* says;
  };
  const row rows[] = {
      {"empty", [](const fs::path& f) { test::write_file(f, ""); }, "bring it back from a backup"},
      {"cut off", [](const fs::path& f) { fs::resize_file(f, 5000); }, "bring it back from a backup"},
      {"garbage", [](const fs::path& f) { test::write_file(f, std::string(20'000, 'x')); },
       "bring it back from a backup"},
      {"another program's", [](const fs::path& f) { sql(f, "PRAGMA application_id = 7"); },
       "another program"},
      {"of a newer version", [](const fs::path& f) { sql(f, "PRAGMA user_version = 99"); },
       "Use the newer one"},
      {"pages damaged", spoil_the_middle, "bring it back from a backup"},
      {"a folder",
       [](const fs::path& f) {
         fs::remove(f);
         fs::create_directory(f);
       },
       "not a plain file"},
  };
  const test::site s(a_site(40));
  check_whole(s, s.run(s.out()));
  const fs::path ledger = s.out() / ".pofetch/ledger.db";
  const std::string good = test::read_file(ledger);
  for (const row& each : rows) {
    CAPTURE(std::string(each.name));
    fs::remove_all(ledger);
    test::write_file(ledger, good);
    each.spoil(ledger);
    const std::string spoilt = fs::is_directory(ledger) ? "" : test::read_file(ledger);
    const test::outcome refused = s.run(s.out());
    CHECK(refused.status == 4);
    CHECK_MESSAGE(refused.says(each.says), refused.err);
    CHECK(test::difference(test::tree(s.out()), s.everything()) == "");
    if (!fs::is_directory(ledger)) CHECK(test::read_file(ledger).size() >= spoilt.size());
    fs::remove_all(ledger);
    for (const char* beside : {"-wal", "-shm"}) fs::remove(ledger.string() + beside);
  }
  test::write_file(ledger, good);
  check_whole(s, s.run(s.out()));
}

TEST_CASE("ledger: missing while files are there, no file is overwritten") {
  const test::site s(a_site(3));
  check_whole(s, s.run(s.out()));
  const test::files before = test::tree(s.out());
  REQUIRE_FALSE(before.empty());
  const fs::path own = s.out() / before.begin()->first;
  test::write_file(own, "changed by hand");
  fs::remove_all(s.out() / ".pofetch");
  const test::outcome again = s.run(s.out());
  CHECK_MESSAGE(again.status == 0, again.err);
  const test::files after = test::tree(s.out());
  CHECK(after.size() == 2 * before.size());
  CHECK(after.at(before.begin()->first) == "changed by hand");
  for (const auto& [path, content] : before)
    if (path != before.begin()->first) CHECK(after.at(path) == content);
}

TEST_CASE("ledger: held by another program, the run waits a while, says so, and goes on later") {
  const test::site s(a_site(3));
  check_whole(s, s.run(s.out()));
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((s.out() / ".pofetch/ledger.db").c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const test::outcome refused = s.run(s.out());
  CHECK(refused.status == 4);
  CHECK_MESSAGE(refused.says("locked by another program"), refused.err);
  CHECK_MESSAGE(refused.says("then run the same command again"), refused.err);
  sqlite3_close(db);
  check_whole(s, s.run(s.out()));
}

TEST_CASE("folder: removed during the run, the run ends with 4, and the next one completes") {
  const test::site s(a_site(150, 20ms));
  for (const bool all : {true, false}) {
    CAPTURE(all);
    fs::remove_all(s.out());
    test::process running(s.command(s.out()));
    const fs::path first = s.out() / std::to_string(s.sim.data().first());
    for (const auto until = std::chrono::steady_clock::now() + 120s;
         !fs::exists(first) && std::chrono::steady_clock::now() < until;)
      static_cast<void>(running.wait(5ms));
    REQUIRE(fs::exists(first));
    // Moved in one step, so that no path leads to it; the program, which holds it open, still makes and
    // removes files in it while it is emptied.
    fs::rename(all ? s.out() : s.out() / ".pofetch/partial", s.dir / "gone");
    std::error_code busy;
    do fs::remove_all(s.dir / "gone", busy);
    while (busy && !running.wait(5ms));
    fs::remove_all(s.dir / "gone");
    REQUIRE(running.wait(60s));
    CAPTURE(running.err());
    CHECK(running.status() == 4);
    CHECK(running.err().find("then run the same command again") != std::string::npos);
    CHECK(test::broken_promise(s.out(), s.everything()) == "");
    check_whole(s, s.run(s.out()));
  }
}

TEST_CASE(
    "folder: on a disk that is really full, the run ends with 4; with room made, the next one completes") {
  coupa_sim::options large = a_site(20);
  large.size = {60'000, 120'000};
  const test::site s(large);
  const small_disk disk(s.out(), "size=1m");
  if (!disk.is_there()) return;
  const test::outcome full = s.run(s.out());
  CHECK(full.status == 4);
  CHECK_MESSAGE(full.says("No space left on device"), full.err);
  CHECK_MESSAGE(full.says("Make room there, then run the same command again"), full.err);
  CHECK(test::broken_promise(s.out(), s.everything()) == "");
  // A second try on the full disk spoils nothing either.
  CHECK(s.run(s.out()).status == 4);
  CHECK(test::broken_promise(s.out(), s.everything()) == "");
  REQUIRE(disk.again(0, "size=64m"));
  check_whole(s, s.run(s.out()));
}

TEST_CASE("folder: read-only, the run ends with 4 and says so; writable again, the next one completes") {
  const test::site s(a_site(3));
  const small_disk disk(s.out(), "size=16m");
  if (!disk.is_there()) return;
  for (const bool begun : {false, true}) {
    CAPTURE(begun);
    if (begun) {
      check_whole(s, s.run(s.out()));
      fs::remove(s.out() / s.everything().begin()->first);
    }
    REQUIRE(disk.again(MS_RDONLY, "size=16m"));
    const test::outcome refused = s.run(s.out());
    CHECK(refused.status == 4);
    CHECK_MESSAGE(refused.says("Read-only file system"), refused.err);
    CHECK_MESSAGE(refused.says("Let the user who runs pofetch write there"), refused.err);
    REQUIRE(disk.again(0, "size=16m"));
    check_whole(s, s.run(s.out()));
  }
}
