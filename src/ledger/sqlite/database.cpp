#include "ledger/sqlite/database.hpp"

#include <sqlite3.h>

#include <string>
#include <unordered_map>
#include <utility>

namespace pofetch::sqlite {
namespace {

constexpr int busy_timeout_ms = 5'000;

/// A prepared statement that is kept.
struct kept_statement {
  sqlite3_stmt* handle = nullptr;
  bool in_use = false;
};

/// The file as a URI: everything that is special in one is escaped.
std::string frozen_uri(const std::string& name) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '?' || c == '#' || c == '%') {
      uri += {'%', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

int flags_of(access how) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  switch (how) {
    case access::create:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case access::frozen:
      return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case access::read_write:
    // A purely read-only connection could not remove the lock files that it has to make; `query_only`
    // keeps this one from writing.
    case access::read_only:
      break;
  }
  return common | SQLITE_OPEN_READWRITE;
}

}  // namespace

struct database::state {
  sqlite3* handle = nullptr;
  // Node based: the marks must not move.
  std::unordered_map<std::string_view, kept_statement> kept{};

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    for (auto& [sql, use] : kept) sqlite3_finalize(use.handle);
    sqlite3_close_v2(handle);
  }
};

database::database(std::unique_ptr<state> opened) noexcept : state_(std::move(opened)) {}
database::~database() = default;
database::database(database&& other) noexcept = default;
database& database::operator=(database&& other) noexcept = default;

result<database> database::open(const std::string& name, int flags) {
  auto opened = std::make_unique<state>();
  const int code = sqlite3_open_v2(name.c_str(), &opened->handle, flags, nullptr);
  if (code != SQLITE_OK) {
    // The handle of a failed opening may not know its file.
    return failure_of(opened->handle, code, name);
  }
  sqlite3_busy_timeout(opened->handle, busy_timeout_ms);
  // The file may have been in other hands: it must not be able to run anything.
  sqlite3_db_config(opened->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database(std::move(opened));
}

result<database> database::open(const std::filesystem::path& file, access how) {
  auto opened = open(how == access::frozen ? frozen_uri(file.native()) : file.native(), flags_of(how));
  if (!opened) return opened;
  if (how == access::read_only || how == access::frozen) {
    auto restricted = opened->execute("PRAGMA query_only = ON");
    if (!restricted) return restricted.error();
  }
  return opened;
}

result<database> database::open_temporary() {
  return open(std::string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
}

result<void> database::execute(const char* sql) {
  const int code = sqlite3_exec(state_->handle, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(state_->handle, code);
  return {};
}

result<statement> database::query(std::string_view sql) {
  kept_statement& use = state_->kept[sql];
  sqlite3_stmt* fresh = nullptr;
  if (use.handle == nullptr || use.in_use) {
    const int code = sqlite3_prepare_v3(state_->handle, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &fresh, nullptr);
    if (code != SQLITE_OK) return failure_of(state_->handle, code);
  }
  if (use.in_use) return statement(fresh, nullptr);
  if (fresh != nullptr) use.handle = fresh;
  return statement(use.handle, &use.in_use);
}

result<std::int64_t> database::number(const char* sql) {
  auto use = query(sql);
  if (!use) return use.error();
  const auto row = use->step();
  if (!row) return row.error();
  return *row ? use->only_integer() : 0;
}

result<std::string> database::text(const char* sql) {
  auto use = query(sql);
  if (!use) return use.error();
  const auto row = use->step();
  if (!row) return row.error();
  return *row ? use->only_text() : std::string();
}

std::int64_t database::changes() const noexcept { return sqlite3_changes64(state_->handle); }

std::int64_t database::last_id() const noexcept { return sqlite3_last_insert_rowid(state_->handle); }

bool database::in_transaction() const noexcept { return sqlite3_get_autocommit(state_->handle) == 0; }

}  // namespace pofetch::sqlite
