#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>

#include <span>

namespace pofetch::sqlite {

/// One step of the file's format: brings a file of version `to - 1` to version `to`.
struct migration {
  int to;
  const char* sql;
};

/// The format version of the open file (`PRAGMA user_version`).
[[nodiscard]] result<int> format_version(database& db);

/// Checks that the file's version is one that these steps lead to or lead over. Failure `ledger` for
/// one that only a newer program knows.
[[nodiscard]] result<int> known_version(database& db, std::span<const migration> steps);

/// Runs the steps that the file has not had yet, each with its version number in one transaction: a
/// kill in between leaves a whole older version. Failures: ledger (also for a newer file, which is not
/// touched), disk_full.
[[nodiscard]] result<void> migrate(database& db, std::span<const migration> steps);

}  // namespace pofetch::sqlite
