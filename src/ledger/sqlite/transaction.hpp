#pragma once

#include "ledger/sqlite/database.hpp"

namespace pofetch::sqlite {

/// A write transaction. Undone when destroyed without `commit`, so a failure half-way leaves nothing.
class transaction {
 public:
  /// Takes the write lock at once. Failures: ledger.
  [[nodiscard]] static result<transaction> begin(database& db);

  ~transaction();
  transaction(transaction&& other) noexcept;
  transaction& operator=(transaction&&) = delete;
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  /// Makes the changes last. After a failure everything is undone. Failures: ledger, disk_full.
  [[nodiscard]] result<void> commit();

 private:
  explicit transaction(database& db) noexcept : db_(&db) {}

  database* db_;
};

/// What is read while it lives comes from one state of the file, whoever writes meanwhile.
class read_snapshot {
 public:
  [[nodiscard]] static result<read_snapshot> begin(database& db);

  ~read_snapshot();
  read_snapshot(read_snapshot&& other) noexcept;
  read_snapshot& operator=(read_snapshot&&) = delete;
  read_snapshot(const read_snapshot&) = delete;
  read_snapshot& operator=(const read_snapshot&) = delete;

 private:
  explicit read_snapshot(database* db) noexcept : db_(db) {}

  database* db_;
};

}  // namespace pofetch::sqlite
