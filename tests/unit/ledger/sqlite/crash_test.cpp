#include "ledger/sqlite/intake.hpp"
#include "ledger/sqlite/ledger_file.hpp"
#include "ledger/sqlite/outcome_writer.hpp"
#include "ledger/sqlite/queue.hpp"
#include "ledger/sqlite/reader.hpp"
#include "ledger/sqlite/transaction.hpp"
#include "samples.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using sqlite::database;
namespace fs = std::filesystem;

namespace {

std::vector<po_entry> piece_of(int from, int count) {
  std::vector<po_entry> entries;
  for (int i = from; i < from + count; ++i) entries.push_back(entry_of(std::to_string(i)));
  return entries;
}

/// What a kill leaves: the files as they are at this moment. The shared-memory file is of no account.
void copy_as_killed(const fs::path& from, const fs::path& to) {
  fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  fs::path log = to;
  log += "-wal";
  fs::remove(log);
  if (fs::exists(from.native() + "-wal")) fs::copy_file(from.native() + "-wal", log);
}

/// As long as it lives, SQLite's writes fail with that error from the `at`-th on.
class failing_writes {
 public:
  failing_writes(int error, int at) {
    error_ = error;
    left_ = at - 1;
    vfs_ = sqlite3_vfs_find(nullptr);
    vfs_->xSetSystemCall(vfs_, "pwrite", reinterpret_cast<sqlite3_syscall_ptr>(&write));
    vfs_->xSetSystemCall(vfs_, "pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(&write));
  }
  ~failing_writes() {
    for (const char* name : {"pwrite", "pwrite64"}) vfs_->xSetSystemCall(vfs_, name, nullptr);
  }
  failing_writes(const failing_writes&) = delete;
  failing_writes& operator=(const failing_writes&) = delete;

  [[nodiscard]] bool have_failed() const { return left_ < 0; }

 private:
  static ssize_t write(int file, const void* bytes, size_t count, off_t at) {
    if (left_ > 0) {
      --left_;
      return ::pwrite(file, bytes, count, at);
    }
    left_ = -1;
    errno = error_;
    return -1;
  }

  static inline int error_ = 0;
  static inline int left_ = 0;
  sqlite3_vfs* vfs_ = nullptr;
};

}  // namespace

TEST_CASE("killed: in the middle of a transaction, the ledger is as before it") {
  temp_dir dir;
  auto db = must(sqlite::open_for_work(dir / "ledger.db", false));
  sqlite::intake list(db, false);
  must(list.begin(sample_run()));
  must(list.add(piece_of(0, 1000)));
  must(list.end());
  // A small cache makes SQLite write pages of the open transaction into the log.
  must(db.execute("PRAGMA cache_size = 10"));
  auto change = must(sqlite::transaction::begin(db));
  must(db.run("UPDATE purchase_orders SET status = 1, cells = cells || cells"));
  copy_as_killed(dir / "ledger.db", dir / "copy.db");
  CHECK(fs::file_size(dir / "copy.db-wal") > 100'000);

  auto copy = must(sqlite_ledger::open(dir / "copy.db", open_mode::read_write_create, false));
  const auto totals = must(copy->totals());
  CHECK(totals.purchase_orders == 1000);
  CHECK(totals.by_status[0] == 1000);
}

TEST_CASE("killed: with the log cut at any place, whole calls are there and no halves") {
  temp_dir dir;
  constexpr int piece = 50;
  {
    auto ledger = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create, false));
    must(ledger->begin_run(sample_run()));
    for (int i = 0; i < 10; ++i) must(ledger->add(piece_of(i * piece, piece)));
    copy_as_killed(dir / "ledger.db", dir / "copy.db");
  }
  const std::string log = read_file(dir / "copy.db-wal");
  const std::string main_file = read_file(dir / "copy.db");
  REQUIRE(log.size() > 10'000);
  std::uint64_t most = 0;
  for (std::size_t cut = 0; cut <= log.size(); cut += 1999) {
    CAPTURE(cut);
    write_file(dir / "copy.db", main_file);
    write_file(dir / "copy.db-wal", log.substr(0, cut));
    fs::remove(dir / "copy.db-shm");
    auto copy = must(sqlite_ledger::open(dir / "copy.db", open_mode::read_write_create, false));
    const auto totals = must(copy->totals());
    CHECK(totals.purchase_orders % piece == 0);
    CHECK(totals.purchase_orders >= most);
    most = totals.purchase_orders;
    must(copy->begin_run(sample_run()));
    must(copy->add(piece_of(0, 10)));
    CHECK(must(copy->end_intake()).repeated == 0);
  }
  CHECK(most > 0);
}

TEST_CASE("killed: a process that wrote, the next one and a reader see every call that returned") {
  temp_dir dir;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto ledger = sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create, true);
    if (!ledger || !(*ledger)->begin_run(sample_run())) ::_exit(1);
    if (!(*ledger)->add(piece_of(0, 100)) || !(*ledger)->end_intake()) ::_exit(1);
    const auto leases = (*ledger)->lease(1);
    if (!leases || leases->empty()) ::_exit(1);
    const std::vector<po_outcome> intent = {outcome_of((*leases)[0].po, po_status::completed,
                                                       {attachment_of("a", attachment_status::committing)})};
    if (!(*ledger)->intend(intent)) ::_exit(1);
    if (::write(pipe_ends[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  ::close(pipe_ends[1]);
  char mark = 0;
  REQUIRE(::read(pipe_ends[0], &mark, 1) == 1);
  ::close(pipe_ends[0]);
  REQUIRE(::kill(child, SIGKILL) == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  {
    auto reader = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_only));
    CHECK(must(reader->totals()).by_status[0] == 100);
    CHECK(must(reader->last_run()).interrupted);
  }
  auto next = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create));
  std::size_t committing = 0;
  must(next->each_with(attachment_status::committing, [&](const po_lease&) -> result<void> {
    ++committing;
    return {};
  }));
  CHECK(committing == 1);
}

TEST_CASE("disk full: at any page, the call fails with disk_full and leaves the ledger as it was") {
  temp_dir dir;
  auto db = must(sqlite::open_for_work(dir / "ledger.db", false));
  sqlite::intake list(db, false);
  must(list.begin(sample_run()));
  must(list.add(piece_of(0, 10)));
  const auto pages = must(db.number("PRAGMA page_count"));
  int failed = 0;
  bool added = false;
  for (std::int64_t room = 0; !added && room < 100; ++room) {
    const std::string limit = "PRAGMA max_page_count = " + std::to_string(pages + room);
    must(db.execute(limit.c_str()));
    const auto done = list.add(piece_of(10, 400));
    added = done.has_value();
    if (added) break;
    ++failed;
    CHECK(done.error().code == errc::disk_full);
    CHECK_FALSE(db.in_transaction());
    CHECK(must(sqlite::read_totals(db)).purchase_orders == 10);
  }
  CHECK(added);
  CHECK(failed > 3);
  const auto counts = must(list.end());
  CHECK(counts.rows == 410);
  CHECK(counts.repeated == 0);
  CHECK(must(sqlite::read_totals(db)).purchase_orders == 410);
}

TEST_CASE("disk full: while outcomes are recorded, none of the call's is") {
  temp_dir dir;
  auto db = must(sqlite::open_for_work(dir / "ledger.db", false));
  sqlite::intake list(db, false);
  must(list.begin(sample_run()));
  must(list.add(piece_of(0, 200)));
  must(list.end());
  sqlite::queue work(db);
  std::vector<po_outcome> outcomes;
  for (const po_lease& lease : must(work.next(200))) {
    std::vector<attachment_record> attachments;
    for (int i = 0; i < 5; ++i) {
      attachments.push_back(attachment_of(std::to_string(i), attachment_status::completed));
    }
    outcomes.push_back(outcome_of(lease.po, po_status::completed, attachments));
  }
  const std::string limit =
      "PRAGMA max_page_count = " + std::to_string(must(db.number("PRAGMA page_count")) + 5);
  must(db.execute(limit.c_str()));
  const auto recorded = sqlite::write_outcomes(db, outcomes, {});
  REQUIRE_FALSE(recorded);
  CHECK(recorded.error().code == errc::disk_full);
  CHECK(must(sqlite::read_totals(db)).by_status[0] == 200);
  CHECK(must(db.number("SELECT count(*) FROM attachments")) == 0);
}

TEST_CASE(
    "disk full: a quota that is used up at any write of a transaction is told as that, and an I/O error as "
    "one") {
  struct row {
    int error;
    errc code;
    const char* says;
  };
  for (const row& each :
       {row{EDQUOT, errc::disk_full, "quota"}, row{ENOSPC, errc::disk_full, "no space is left"},
        row{EIO, errc::ledger, "Input/output error"}}) {
    CAPTURE(each.error);
    temp_dir dir;
    auto db = must(sqlite::open_for_work(dir / "ledger.db", true));
    sqlite::intake list(db, false);
    must(list.begin(sample_run()));
    must(list.add(piece_of(0, 10)));
    // A small cache: pages are written in the middle of the transaction, too.
    must(db.execute("PRAGMA cache_size = 2"));
    int failed = 0;
    for (int at = 1; at < 1000; ++at) {
      CAPTURE(at);
      const failing_writes disk(each.error, at);
      const auto done = list.add(piece_of(10, 40));
      if (!disk.have_failed()) break;
      ++failed;
      REQUIRE_FALSE(done);
      CHECK(done.error().code == each.code);
      CHECK_MESSAGE(done.error().message.find(each.says) != std::string::npos, done.error().message);
    }
    CHECK(failed > 3);
    CHECK(must(sqlite::read_totals(db)).purchase_orders == 50);
  }
}

TEST_CASE("disk full: a quota that is used up under a ledger that is only for now is told as that, too") {
  auto db = must(sqlite::open_scratch());
  sqlite::intake list(db, false);
  must(list.begin(sample_run()));
  must(db.execute("PRAGMA cache_size = 2"));
  const failing_writes disk(EDQUOT, 1);
  for (int i = 0; i < 100 && !disk.have_failed(); ++i) {
    const auto done = list.add(piece_of(1000 * i, 1000));
    if (!disk.have_failed()) continue;
    REQUIRE_FALSE(done);
    CHECK(done.error().code == errc::disk_full);
  }
  CHECK(disk.have_failed());
}
