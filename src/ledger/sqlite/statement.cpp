#include "ledger/sqlite/statement.hpp"

#include "core/setting_text.hpp"
#include "os/failure_of.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace pofetch::sqlite {
namespace {

std::string name_of(sqlite3* db, std::string_view file) {
  const char* known = db == nullptr ? nullptr : sqlite3_db_filename(db, "main");
  const std::string_view name = !file.empty() || known == nullptr ? file : std::string_view(known);
  return name.empty() ? "The temporary ledger" : fmt::format("The ledger {}", name);
}

/// What the last failed call on that file said; 0: there was none, or it is not open.
int errno_of(sqlite3_file* file) {
  int number = 0;
  // A journal in memory cannot be asked.
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->xFileControl == nullptr) return 0;
  file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

sqlite3_file* file_of(sqlite3* db, int which) {
  sqlite3_file* file = nullptr;
  return sqlite3_file_control(db, "main", which, &file) == SQLITE_OK ? file : nullptr;
}

/// The error of the operating system behind an error of SQLite, or 0.
int system_error(sqlite3* db, int code) {
  const int primary = code & 0xff;
  if (db == nullptr || (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN)) return 0;
  if (primary == SQLITE_IOERR) {
    // A COMMIT that fails does not come by the place where SQLite takes note of errno; its files know.
    for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER})
      if (const int number = errno_of(file_of(db, which)); number != 0) return number;
  }
  return sqlite3_system_errno(db);
}

bool is_out_of_space(int code, int system) {
  // SQLite itself knows only ENOSPC; a quota comes as a general I/O error, and a new file (a journal) that
  // has no room as one that cannot be opened.
  return (code & 0xff) == SQLITE_FULL || os::code_of(system) == errc::disk_full;
}

}  // namespace

std::string damaged_advice() {
  return core::spelled(
      "It is not overwritten: bring it back from a backup, or fetch into a new folder (@out).");
}

failure failure_of(sqlite3* db, int code, std::string_view file) {
  const std::string name = name_of(db, file);
  const int system = system_error(db, code);
  std::string why = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  if (system != 0) why += fmt::format(" ({})", os::words_of(system));
  if (is_out_of_space(code, system)) {
    return make_failure(errc::disk_full,
                        fmt::format("{} cannot be written, no space is left: {}.", name, why));
  }
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make_failure(errc::ledger, fmt::format("{} is damaged: {}. {}", name, why, damaged_advice()));
    case SQLITE_BUSY:
      return make_failure(
          errc::ledger, fmt::format("{} is kept locked by another program: {}. End that program (a backup, a "
                                    "database browser), then run the same command again.",
                                    name, why));
    case SQLITE_READONLY:
      return make_failure(errc::ledger,
                          fmt::format("{} may not be written: {}. Let the user who runs pofetch write there, "
                                      "then run the same command again.",
                                      name, why));
    default:
      return make_failure(errc::ledger,
                          fmt::format("{} cannot be used: {}. See that the disk or share is there and sound, "
                                      "then run the same command again.",
                                      name, why));
  }
}

statement::statement(sqlite3_stmt* handle, bool* in_use) noexcept : handle_(handle), in_use_(in_use) {
  if (in_use_ != nullptr) *in_use_ = true;
}

statement::statement(statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      bind_code_(other.bind_code_),
      asked_(std::move(other.asked_)),
      next_asked_(other.next_asked_) {}

statement::~statement() {
  if (handle_ == nullptr) return;
  if (in_use_ == nullptr) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  *in_use_ = false;
}

void statement::keep(int code) noexcept {
  if (code != SQLITE_OK && bind_code_ == SQLITE_OK) bind_code_ = code;
}

void statement::bind(int index, std::int64_t value) { keep(sqlite3_bind_int64(handle_, index, value)); }

void statement::bind(int index, std::uint64_t value) {
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  bind(index, static_cast<std::int64_t>(std::min(value, largest)));
}

void statement::bind(int index, double value) { keep(sqlite3_bind_double(handle_, index, value)); }

void statement::bind(int index, std::string_view value) {
  // A null pointer would bind NULL, also for an empty text.
  const char* data = value.data() == nullptr ? "" : value.data();
  keep(sqlite3_bind_text64(handle_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind(int index, std::nullptr_t) { keep(sqlite3_bind_null(handle_, index)); }

result<bool> statement::step() {
  next_asked_ = 0;
  const int code = bind_code_ != SQLITE_OK ? bind_code_ : sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure_of(sqlite3_db_handle(handle_), code);
}

result<void> statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return row.error();
    if (!*row) return {};
  }
}

void statement::reset() noexcept { sqlite3_reset(handle_); }

int statement::place_of(column_name column) const {
  const std::size_t nth = next_asked_++;
  if (nth < asked_.size() && asked_[nth].name == column.text) return asked_[nth].place;
  asked_.resize(std::min(nth, asked_.size()));
  asked_.push_back({column.text, find_column(column)});
  return asked_.back().place;
}

int statement::find_column(column_name column) const {
  const int columns = sqlite3_column_count(handle_);
  const int first = asked_.empty() ? 0 : asked_.back().place + 1;
  for (int i = 0; i < columns; ++i) {
    const int place = (first + i) % columns;
    const char* name = sqlite3_column_name(handle_, place);
    if (name != nullptr && std::string_view(column.text) == name) return place;
  }
  throw std::logic_error("no column '" + std::string(column.text) + "' in: " + sqlite3_sql(handle_));
}

std::int64_t statement::integer(column_name column) const {
  return sqlite3_column_int64(handle_, place_of(column));
}

std::uint64_t statement::count(column_name column) const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(integer(column), 0));
}

double statement::real(column_name column) const { return sqlite3_column_double(handle_, place_of(column)); }

std::string statement::text(column_name column) const { return text_at(place_of(column)); }

std::string statement::text_at(int place) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, place));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, place))};
}

bool statement::is_null(column_name column) const {
  return sqlite3_column_type(handle_, place_of(column)) == SQLITE_NULL;
}

std::int64_t statement::only_integer() const noexcept { return sqlite3_column_int64(handle_, 0); }

}  // namespace pofetch::sqlite
