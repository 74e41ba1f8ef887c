#include "sources/manifest_rows.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace pofetch::sources {

namespace {

/// Rows in one transaction.
constexpr std::uint64_t batch_rows = 10'000;

// Nothing here outlives the process, so nothing needs to survive a crash. The cache is what bounds the
// memory.
constexpr const char* schema =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-8192;"
    "CREATE TABLE rows(po_key TEXT NOT NULL, seq INTEGER NOT NULL, line INTEGER NOT NULL, url TEXT NOT NULL,"
    " filename TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER, PRIMARY KEY(po_key, seq)) WITHOUT ROWID;";

struct statement_deleter {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using owned_statement = std::unique_ptr<sqlite3_stmt, statement_deleter>;

/// Leaves a statement ready for its next use, whatever happens in between.
struct rewinder {
  sqlite3_stmt* statement;
  ~rewinder() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text64(statement, place, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

std::string text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const int size = sqlite3_column_bytes(statement, column);
  return text == nullptr ? std::string{} : std::string(text, static_cast<std::size_t>(size));
}

}  // namespace

struct manifest_rows::database {
  sqlite3* handle = nullptr;
  owned_statement insert;
  owned_statement select;
  std::uint64_t rows = 0;
  bool open = false;
  bool in_transaction = false;

  database() {
    // The empty name is SQLite's for a private temporary database.
    open =
        sqlite3_open_v2("", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr) == SQLITE_OK &&
        run(schema) && prepare(insert, "INSERT INTO rows VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)") &&
        prepare(select, "SELECT line, url, filename, sha256, size FROM rows WHERE po_key = ?1 ORDER BY seq");
  }
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database() {
    insert.reset();
    select.reset();
    sqlite3_close(handle);
  }

  bool run(const char* sql) { return sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

  bool prepare(owned_statement& made, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const bool done =
        sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) == SQLITE_OK;
    made.reset(raw);
    return done;
  }

  [[nodiscard]] failure problem() const {
    const bool full = handle != nullptr && sqlite3_errcode(handle) == SQLITE_FULL;
    return make_failure(full ? errc::disk_full : errc::disk,
                        fmt::format("The rows of the manifest cannot be kept in a temporary file: {}.",
                                    handle == nullptr ? "no memory" : sqlite3_errmsg(handle)));
  }

  bool begin() {
    if (!in_transaction) in_transaction = run("BEGIN");
    return in_transaction;
  }

  bool commit() {
    in_transaction = false;
    return run("COMMIT");
  }
};

manifest_rows::manifest_rows() : database_(std::make_unique<database>()) {}

manifest_rows::~manifest_rows() = default;

result<void> manifest_rows::add(std::string_view po_key, const manifest_row& row) {
  database& db = *database_;
  if (!db.open || !db.begin()) return db.problem();
  sqlite3_stmt* insert = db.insert.get();
  const rewinder after{insert};
  bind_text(insert, 1, po_key);
  sqlite3_bind_int64(insert, 2, static_cast<sqlite3_int64>(db.rows));
  sqlite3_bind_int64(insert, 3, row.line);
  bind_text(insert, 4, row.url);
  bind_text(insert, 5, row.filename);
  bind_text(insert, 6, row.sha256);
  if (row.size) sqlite3_bind_int64(insert, 7, static_cast<sqlite3_int64>(*row.size));
  if (sqlite3_step(insert) != SQLITE_DONE) return db.problem();
  ++db.rows;
  if (db.rows % batch_rows == 0 && !db.commit()) return db.problem();
  return {};
}

result<std::vector<manifest_row>> manifest_rows::rows_of(std::string_view po_key) {
  database& db = *database_;
  if (!db.open) return db.problem();
  if (db.in_transaction && !db.commit()) return db.problem();
  sqlite3_stmt* select = db.select.get();
  const rewinder after{select};
  bind_text(select, 1, po_key);
  std::vector<manifest_row> rows;
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(select)) == SQLITE_ROW) {
    manifest_row row;
    row.line = sqlite3_column_int64(select, 0);
    row.url = text_of(select, 1);
    row.filename = text_of(select, 2);
    row.sha256 = text_of(select, 3);
    if (sqlite3_column_type(select, 4) != SQLITE_NULL)
      row.size = static_cast<std::uint64_t>(sqlite3_column_int64(select, 4));
    rows.push_back(std::move(row));
  }
  if (step != SQLITE_DONE) return db.problem();
  return rows;
}

std::uint64_t manifest_rows::size() const noexcept { return database_->rows; }

}  // namespace pofetch::sources
