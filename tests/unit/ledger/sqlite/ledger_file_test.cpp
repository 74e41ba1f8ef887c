#include "ledger/sqlite/ledger_file.hpp"

#include "ledger/sqlite/schema.hpp"
#include "samples.hpp"

#include <functional>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using sqlite::access;
using sqlite::database;
namespace fs = std::filesystem;

namespace {

std::set<std::string> names_in(const fs::path& dir) {
  std::set<std::string> names;
  for (const auto& item : fs::directory_iterator(dir)) names.insert(item.path().filename().native());
  return names;
}

/// A good ledger with some POs, closed.
void make_ledger(const fs::path& file) {
  auto ledger = must(sqlite_ledger::open(file, open_mode::read_write_create, false));
  must(ledger->begin_run(sample_run()));
  std::vector<po_entry> entries;
  for (int i = 0; i < 2000; ++i) entries.push_back(entry_of(std::to_string(i)));
  must(ledger->add(entries));
  must(ledger->end_intake());
}

void make_foreign(const fs::path& file, const char* sql) {
  auto db = must(database::open(file, access::create));
  must(db.execute(sql));
}

}  // namespace

TEST_CASE("open: new file, has the identity and version of a ledger and leaves nothing beside it") {
  temp_dir dir;
  must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create));
  CHECK(names_in(dir.path()) == std::set<std::string>{"ledger.db"});
  auto db = must(database::open(dir / "ledger.db", access::read_write));
  CHECK(must(db.number("PRAGMA application_id")) == 0x504F4654);
  CHECK(must(db.number("PRAGMA user_version")) == sqlite::schema_version);
  CHECK(must(db.text("PRAGMA journal_mode")) == "wal");
  CHECK(must(db.text("PRAGMA integrity_check")) == "ok");
}

TEST_CASE("open: what is no usable ledger, is refused in either mode and left as it is") {
  struct row {
    const char* what;
    std::function<void(const fs::path&)> plant;
    const char* expected;
  };
  const row rows[] = {
      {"empty", [](const fs::path& f) { write_file(f, ""); }, "empty"},
      {"text", [](const fs::path& f) { write_file(f, std::string(5000, 'x')); }, "not a SQLite database"},
      {"header cut off", [](const fs::path& f) { write_file(f, std::string("SQLite format 3\0abc", 19)); },
       "cut off"},
      {"other program", [](const fs::path& f) { make_foreign(f, "CREATE TABLE t (x)"); }, "another program"},
      {"newer format",
       [](const fs::path& f) {
         make_ledger(f);
         make_foreign(f, "PRAGMA user_version = 99");
       },
       "newer pofetch"},
      {"tables missing",
       [](const fs::path& f) {
         make_ledger(f);
         make_foreign(f, "DROP TABLE attachments");
       },
       "tables are not those"},
      {"a trigger that never ends",
       [](const fs::path& f) {
         make_ledger(f);
         make_foreign(
             f,
             "CREATE TRIGGER t AFTER INSERT ON runs BEGIN UPDATE runs SET requests = (WITH RECURSIVE c(x) AS "
             "(SELECT 1 UNION ALL SELECT x FROM c) SELECT count(*) FROM c); END");
       },
       "tables are not those"},
      {"a table that is a view",
       [](const fs::path& f) {
         make_ledger(f);
         make_foreign(f, "ALTER TABLE runs RENAME TO r; CREATE VIEW runs AS SELECT * FROM r");
       },
       "tables are not those"},
      {"truncated",
       [](const fs::path& f) {
         make_ledger(f);
         fs::resize_file(f, 8192 + 100);
       },
       "damaged"},
      {"pages overwritten",
       [](const fs::path& f) {
         make_ledger(f);
         std::string bytes = read_file(f);
         for (std::size_t i = 100; i < 4096; ++i) bytes[i] = '\x7f';
         write_file(f, bytes);
       },
       "damaged"},
  };
  for (const row& r : rows) {
    for (const open_mode mode : {open_mode::read_write_create, open_mode::read_only}) {
      CAPTURE(r.what);
      temp_dir dir;
      const fs::path file = dir / "ledger.db";
      r.plant(file);
      const std::string before = read_file(file);
      const auto opened = sqlite_ledger::open(file, mode);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code == errc::ledger);
      CAPTURE(opened.error().message);
      CHECK(opened.error().message.find(r.expected) != std::string::npos);
      CHECK(read_file(file) == before);
      CHECK(names_in(dir.path()) == std::set<std::string>{"ledger.db"});
    }
  }
}

TEST_CASE("open: link, FIFO or folder in the file's place, is refused without following or waiting") {
  temp_dir dir;
  make_ledger(dir / "good.db");
  fs::create_symlink(dir / "good.db", dir / "link.db");
  REQUIRE(::mkfifo((dir / "fifo.db").c_str(), 0600) == 0);
  fs::create_directory(dir / "folder.db");
  for (const char* name : {"link.db", "fifo.db", "folder.db"}) {
    for (const open_mode mode : {open_mode::read_write_create, open_mode::read_only}) {
      CAPTURE(name);
      const auto opened = sqlite_ledger::open(dir / name, mode);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code == errc::ledger);
      CHECK(opened.error().message.find("not a plain file") != std::string::npos);
    }
  }
}

TEST_CASE("open: a folder on the way is a link, works, for that is the user's own; the last one is not") {
  temp_dir dir;
  fs::create_directories(dir / "real/own");
  fs::create_directory_symlink(dir / "real", dir / "link");
  CHECK(sqlite_ledger::open(dir / "link/own/ledger.db", open_mode::read_write_create));
  CHECK(sqlite_ledger::open(dir / "link/own/ledger.db", open_mode::read_only));
  CHECK(fs::exists(dir / "real/own/ledger.db"));
  fs::create_directory(dir / "other");
  fs::create_directory_symlink(dir / "other", dir / "real/planted");
  for (const open_mode mode : {open_mode::read_write_create, open_mode::read_only}) {
    const auto opened = sqlite_ledger::open(dir / "real/planted/ledger.db", mode);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message.find("symbolic link") != std::string::npos);
  }
  CHECK(names_in(dir / "other").empty());
}

TEST_CASE("open: what is planted beside the ledger, is refused and what it leads to left as it is") {
  struct row {
    const char* what;
    std::function<void(const fs::path& from, const fs::path& victim)> plant;
  };
  const row rows[] = {
      {"link", [](const fs::path& from, const fs::path& victim) { fs::create_symlink(victim, from); }},
      {"dangling link",
       [](const fs::path& from, const fs::path& victim) { fs::create_symlink(victim.native() + "2", from); }},
      {"FIFO", [](const fs::path& from, const fs::path&) { REQUIRE(::mkfifo(from.c_str(), 0600) == 0); }},
      {"folder", [](const fs::path& from, const fs::path&) { fs::create_directory(from); }},
      {"hard link", [](const fs::path& from, const fs::path& victim) { fs::create_hard_link(victim, from); }},
  };
  for (const char* suffix : {"-wal", "-shm", "-journal"})
    for (const row& r : rows)
      for (const open_mode mode : {open_mode::read_write_create, open_mode::read_only}) {
        CAPTURE(suffix);
        CAPTURE(r.what);
        temp_dir dir;
        fs::create_directory(dir / "own");
        make_ledger(dir / "own/ledger.db");
        write_file(dir / "victim", "precious");
        r.plant(dir / ("own/ledger.db" + std::string(suffix)), dir / "victim");
        const auto opened = sqlite_ledger::open(dir / "own/ledger.db", mode);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == errc::ledger);
        CHECK(opened.error().message.find(suffix) != std::string::npos);
        CHECK(read_file(dir / "victim") == "precious");
        CHECK(names_in(dir.path()) == std::set<std::string>{"own", "victim"});
      }
}

TEST_CASE("open: nothing there, read only refuses and makes nothing") {
  temp_dir dir;
  CHECK_FALSE(sqlite_ledger::open(dir / "ledger.db", open_mode::read_only));
  CHECK_FALSE(sqlite_ledger::open(dir / "no/such/ledger.db", open_mode::read_only));
  CHECK_FALSE(sqlite_ledger::open(dir / "no/such/ledger.db", open_mode::read_write_create));
  CHECK(names_in(dir.path()).empty());
}

TEST_CASE("open: format 0 of an interrupted set-up, is brought up to date by work and refused by reading") {
  temp_dir dir;
  make_foreign(dir / "ledger.db", "PRAGMA application_id = 0x504F4654; VACUUM");
  const auto reading = sqlite_ledger::open(dir / "ledger.db", open_mode::read_only);
  REQUIRE_FALSE(reading);
  CHECK(reading.error().message.find("older format 0") != std::string::npos);
  auto ledger = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create));
  must(ledger->begin_run(sample_run()));
  CHECK(must(ledger->last_run()).info.input == "list.csv");
}

TEST_CASE("open: left-overs of a killed creation and of a deleted ledger, do not matter") {
  temp_dir dir;
  write_file(dir / "ledger.db.new", "half a file");
  write_file(dir / "ledger.db.new-journal", "x");
  {
    // The log of another ledger, sound and full of POs.
    auto other = must(sqlite_ledger::open(dir / "other.db", open_mode::read_write_create, false));
    must(other->begin_run(sample_run()));
    must(other->add(entries_of({"1", "2", "3"})));
    fs::copy_file(dir / "other.db-wal", dir / "ledger.db-wal");
  }
  fs::remove(dir / "other.db");
  write_file(dir / "ledger.db-shm", "s");
  auto ledger = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create));
  CHECK(must(ledger->totals()).purchase_orders == 0);
  ledger.reset();
  CHECK(names_in(dir.path()) == std::set<std::string>{"ledger.db"});
}

TEST_CASE("read only: after it was opened and read, no file is there that was not before") {
  temp_dir dir;
  make_ledger(dir / "ledger.db");
  {
    auto reader = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_only));
    CHECK(must(reader->totals()).purchase_orders == 2000);
  }
  CHECK(names_in(dir.path()) == std::set<std::string>{"ledger.db"});
}

TEST_CASE("read only: every call that writes fails and changes nothing") {
  temp_dir dir;
  make_ledger(dir / "ledger.db");
  auto reader = must(sqlite_ledger::open(dir / "ledger.db", open_mode::read_only));
  const auto leases = must(reader->lease(1));
  REQUIRE(leases.size() == 1);
  const std::vector<po_outcome> outcomes = {
      outcome_of(leases[0].po, po_status::completed, {attachment_of("a", attachment_status::committing)})};
  CHECK_FALSE(reader->begin_run(sample_run()));
  CHECK_FALSE(reader->add(entries_of({"x"})));
  CHECK_FALSE(reader->end_intake());
  CHECK_FALSE(reader->intend(outcomes));
  CHECK_FALSE(reader->record(outcomes));
  CHECK_FALSE(reader->amend(leases.empty() ? std::vector<po_lease>() : leases));
  CHECK_FALSE(reader->end_run(run_record()));
  CHECK(must(reader->totals()).by_status[0] == 2000);
}

TEST_CASE("read only: a folder and file that may only be read, are read all the same") {
  temp_dir dir;
  make_ledger(dir / "ledger.db");
  fs::permissions(dir / "ledger.db", fs::perms(0444));
  fs::permissions(dir.path(), fs::perms(0555));
  // Root may write anywhere, so the reading is done by a process without its rights.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    auto reader = sqlite_ledger::open(dir / "ledger.db", open_mode::read_only);
    if (!reader) ::_exit(3);
    const auto totals = (*reader)->totals();
    ::_exit(totals && totals->purchase_orders == 2000 ? 0 : 4);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  fs::permissions(dir.path(), fs::perms(0755));
  CHECK(names_in(dir.path()) == std::set<std::string>{"ledger.db"});
}
