#pragma once

#include <pofetch/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace pofetch::sqlite {

/// What went wrong in the last call on `db`, as a failure for a person. `disk_full` if there is no
/// space left, else `ledger`. `file`: its name, where `db` may not know it yet.
[[nodiscard]] failure failure_of(sqlite3* db, int code, std::string_view file = {});

/// What to do about a ledger that is damaged or no ledger.
[[nodiscard]] std::string damaged_advice();

/// The name of a column, written in the program: so its address alone tells it from others.
class column_name {
 public:
  consteval column_name(const char* literal) : text(literal) {}
  const char* text;
};

/// One use of a prepared statement, borrowed from its database; handed back (reset, bindings cleared)
/// when destroyed. Texts that are bound must stay alive until then. Parameter numbers
/// begin at 1.
class statement {
 public:
  /// `in_use` is the database's mark for a borrowed statement, cleared at the end. Without a mark the
  /// statement is owned and finalized.
  statement(sqlite3_stmt* handle, bool* in_use) noexcept;
  ~statement();
  statement(statement&& other) noexcept;
  statement& operator=(statement&&) = delete;
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  /// Binds one parameter. A failure is kept and comes out of the next `step`.
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  /// Numbers that SQLite cannot hold are stored as its largest.
  void bind(int index, std::uint64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view value);
  void bind(int index, std::nullptr_t);

  /// Binds the parameters 1, 2, ... in order.
  template <class... Values>
  statement& bind_all(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  /// Goes to the next row: true if there is one, false at the end. Failures: ledger, disk_full.
  [[nodiscard]] result<bool> step();

  /// Runs a statement that gives no rows.
  [[nodiscard]] result<void> run();

  /// Makes it ready for the next parameters; those bound before stay.
  void reset() noexcept;

  // --- the present row; a name that the statement does not give is a bug: std::logic_error ---

  [[nodiscard]] std::int64_t integer(column_name column) const;
  /// Negative numbers, which only a damaged file holds, are read as 0.
  [[nodiscard]] std::uint64_t count(column_name column) const;
  [[nodiscard]] double real(column_name column) const;
  /// NULL is read as an empty text.
  [[nodiscard]] std::string text(column_name column) const;
  [[nodiscard]] bool is_null(column_name column) const;
  /// Of a statement with one column.
  [[nodiscard]] std::int64_t only_integer() const noexcept;
  [[nodiscard]] std::string only_text() const { return text_at(0); }

 private:
  void keep(int code) noexcept;
  [[nodiscard]] int place_of(column_name column) const;
  [[nodiscard]] int find_column(column_name column) const;
  [[nodiscard]] std::string text_at(int place) const;

  sqlite3_stmt* handle_;
  bool* in_use_;
  int bind_code_ = 0;
  struct asked_column {
    const char* name;
    int place;
  };
  /// The columns of a row in the order in which they were asked for: a reader asks every row alike.
  mutable std::vector<asked_column> asked_;
  mutable std::size_t next_asked_ = 0;
};

}  // namespace pofetch::sqlite
