// A hostile ledger.db, read and worked on: every call comes back, with a value or with a failure of the
// ledger, and no list is longer than its file can hold. The input is one of three: a whole file; changes of
// single bytes in a good ledger (two bytes place, one byte value); or, behind "sql:", statements that were
// run on a good ledger.
#include "fuzz/fuzz_input.hpp"
#include "ledger/sqlite/sqlite_ledger.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace {

using namespace pofetch;
namespace fs = std::filesystem;
using sqlite::open_mode;
using sqlite::sqlite_ledger;

constexpr std::size_t most_visits = 20'000;

/// A folder of this process, in memory where there is such a place.
const fs::path& folder() {
  static const fs::path made = [] {
    std::error_code none;
    fs::path at = fs::is_directory("/dev/shm", none) ? fs::path("/dev/shm") : fs::temp_directory_path();
    at /= "pofetch-ledger-fuzz-" + std::to_string(::getpid());
    fs::create_directories(at);
    std::atexit([] { fs::remove_all(folder()); });
    return at;
  }();
  return made;
}

fs::path ledger_path() { return folder() / "ledger.db"; }

void clear() {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(ledger_path().native() + suffix);
}

template <class Value>
void known(const result<Value>& came) {
  if (came) return;
  fuzz::require(came.error().code == errc::ledger || came.error().code == errc::disk_full);
  fuzz::require(!came.error().message.empty());
}

po_entry entry_of(const std::string& number) {
  po_entry entry;
  entry.key = entry.number = entry.folder = number;
  entry.cells = {number, "Acme"};
  return entry;
}

attachment_record attachment_of(int ordinal, attachment_status status) {
  attachment_record record;
  record.ordinal = ordinal;
  record.key = "https://tenant.example/attachments/" + std::to_string(ordinal);
  record.url = record.key;
  record.name = "file " + std::to_string(ordinal) + ".pdf";
  record.status = status;
  record.bytes = 10;
  return record;
}

/// A whole run over what is leased.
void work(sqlite_ledger& ledger) {
  known(ledger.begin_run({"list.csv", "web", "https://tenant.example", {"PO", "Supplier"}, {}}));
  std::vector<po_entry> entries;
  for (int i = 1; i <= 12; ++i) entries.push_back(entry_of(std::to_string(i)));
  known(ledger.add(entries));
  known(ledger.end_intake());
  for (int round = 0; round < 4; ++round) {
    const auto leases = ledger.lease(5);
    known(leases);
    if (!leases || leases->empty()) break;
    std::vector<po_outcome> outcomes;
    for (const auto& lease : *leases) {
      po_outcome outcome;
      outcome.po = lease.po;
      outcome.status = static_cast<po_status>(round + 1);
      outcome.attachments = {attachment_of(0, attachment_status::committing),
                             attachment_of(1, attachment_status::failed)};
      outcome.attachments[1].error = make_failure(errc::timeout, "late");
      outcomes.push_back(std::move(outcome));
    }
    known(ledger.intend(outcomes));
    if (round == 2) continue;  // as if it had been killed here
    for (auto& each : outcomes) each.attachments[0].status = attachment_status::completed;
    known(ledger.record(outcomes));
    if (round == 1) known(ledger.amend(*leases));
  }
  known(ledger.end_run({}));
}

void read(sqlite_ledger& ledger) {
  known(ledger.totals());
  known(ledger.last_run());
  std::size_t visits = 0;
  known(ledger.each([&](const report_row&) -> result<void> {
    fuzz::require(++visits < most_visits);
    return {};
  }));
  for (int status = 0; status <= 4; ++status)
    known(ledger.each_with(static_cast<attachment_status>(status), [&](const po_lease&) -> result<void> {
      fuzz::require(++visits < most_visits);
      return {};
    }));
}

const std::string& good_ledger() {
  static const std::string bytes = [] {
    clear();
    {
      auto ledger = sqlite_ledger::open(ledger_path(), open_mode::read_write_create, false);
      fuzz::require(ledger.has_value());
      work(**ledger);
    }
    std::stringstream all;
    all << std::ifstream(ledger_path(), std::ios::binary).rdbuf();
    return all.str();
  }();
  return bytes;
}

void write(std::string_view bytes) {
  clear();
  std::ofstream(ledger_path(), std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Statements of the input stay within the file, and end.
int allow(void*, int action, const char* name, const char*, const char*, const char*) {
  const bool leaves = action == SQLITE_ATTACH || (action == SQLITE_PRAGMA && name != nullptr &&
                                                  std::string_view(name).ends_with("_directory"));
  return leaves ? SQLITE_DENY : SQLITE_OK;
}

void run_sql(const std::string& sql) {
  write(good_ledger());
  sqlite3* db = nullptr;
  if (sqlite3_open(ledger_path().c_str(), &db) == SQLITE_OK) {
    sqlite3_set_authorizer(db, &allow, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
    static int steps;
    steps = 0;
    sqlite3_progress_handler(
        db, 1000, [](void*) { return ++steps > 100 ? 1 : 0; }, nullptr);
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  }
  sqlite3_close(db);
}

void put_in_place(std::string_view input) {
  constexpr std::string_view statements = "sql:";
  if (input.starts_with(statements)) return run_sql(std::string(input.substr(statements.size())));
  if (input.starts_with("SQLite format 3")) return write(input);
  std::string bytes = good_ledger();
  for (; input.size() >= 3; input.remove_prefix(3)) {
    const auto place = static_cast<unsigned char>(input[0]) * 256U + static_cast<unsigned char>(input[1]);
    bytes[place % bytes.size()] = input[2];
  }
  write(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  put_in_place(fuzz::text_of(data, size));
  {
    auto ledger = sqlite_ledger::open(ledger_path(), open_mode::read_only);
    known(ledger);
    if (ledger) read(**ledger);
  }
  auto ledger = sqlite_ledger::open(ledger_path(), open_mode::read_write_create, false);
  known(ledger);
  if (!ledger) return 0;
  work(**ledger);
  read(**ledger);
  return 0;
}
