#pragma once

#include "ledger/sqlite/sqlite_ledger.hpp"
#include "support/temp_dir.hpp"
#include "unit/ledger/cases/samples.hpp"

#include <sqlite3.h>

#include <filesystem>

namespace pofetch::test {

using sqlite::open_mode;
using sqlite::sqlite_ledger;

/// A ledger file in a folder of its own.
class sqlite_back_end final : public back_end {
 public:
  [[nodiscard]] std::unique_ptr<ledger> open() override;
  [[nodiscard]] std::unique_ptr<ledger> open_to_read() override;
  [[nodiscard]] std::string bytes() override;
  [[nodiscard]] const temp_dir& dir() const noexcept { return dir_; }
  [[nodiscard]] std::filesystem::path file() const { return dir_ / "ledger.db"; }

 private:
  temp_dir dir_;
};

struct file_fixture : ledger_fixture {
  const temp_dir& dir = static_cast<const sqlite_back_end&>(*kept_in).dir();
  std::filesystem::path file = static_cast<const sqlite_back_end&>(*kept_in).file();
};

/// By a connection without our own precautions.
inline void run_raw(const std::filesystem::path& file, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(db) == SQLITE_OK);
}

}  // namespace pofetch::test
