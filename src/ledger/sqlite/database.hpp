#pragma once

#include "ledger/sqlite/statement.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace pofetch::sqlite {

/// How a database file is opened. None of them follows a symbolic link in the file's place.
enum class access {
  create,      ///< read and write; made if it is not there
  read_write,  ///< read and write; must be there
  read_only,   ///< every statement that writes fails
  frozen,      ///< read only, and nobody else writes: for a folder in which no lock file can be made
};

/// One connection to a SQLite database, with its prepared statements. One thread at a time.
class database {
 public:
  /// Opens the file; waits up to 5 s for other connections in every later call. SQLite reads the file
  /// only with the first statement. Failures: ledger, disk_full.
  [[nodiscard]] static result<database> open(const std::filesystem::path& file, access how);

  /// A database in a private temporary file that vanishes with the object.
  [[nodiscard]] static result<database> open_temporary();

  ~database();
  database(database&& other) noexcept;
  database& operator=(database&& other) noexcept;

  /// Runs one or more statements without parameters, their rows are ignored.
  [[nodiscard]] result<void> execute(const char* sql);

  /// Borrows the prepared statement of that text; prepared once and kept. The text must outlive the database:
  /// a literal, or a static string.
  [[nodiscard]] result<statement> query(std::string_view sql);

  /// Runs a statement without rows with these parameters.
  template <class... Values>
  [[nodiscard]] result<void> run(std::string_view sql, const Values&... values) {
    auto use = query(sql);
    if (!use) return use.error();
    return use->bind_all(values...).run();
  }

  /// The first column of the first row of a query without parameters, as a number or text.
  [[nodiscard]] result<std::int64_t> number(const char* sql);
  [[nodiscard]] result<std::string> text(const char* sql);

  /// Rows that the last statement changed.
  [[nodiscard]] std::int64_t changes() const noexcept;
  /// Id of the row inserted last.
  [[nodiscard]] std::int64_t last_id() const noexcept;
  /// Is a transaction open?
  [[nodiscard]] bool in_transaction() const noexcept;

 private:
  struct state;
  explicit database(std::unique_ptr<state> opened) noexcept;
  static result<database> open(const std::string& name, int flags);

  std::unique_ptr<state> state_;
};

}  // namespace pofetch::sqlite
