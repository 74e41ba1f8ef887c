#include "ledger/sqlite/migration.hpp"

#include "ledger/sqlite/statement.hpp"
#include "ledger/sqlite/transaction.hpp"

#include <fmt/format.h>

namespace pofetch::sqlite {
namespace {

result<void> apply(database& db, const migration& step) {
  auto change = transaction::begin(db);
  if (!change) return change.error();
  if (auto done = db.execute(step.sql); !done) return done;
  const std::string mark = fmt::format("PRAGMA user_version = {}", step.to);
  if (auto done = db.execute(mark.c_str()); !done) return done;
  return change->commit();
}

}  // namespace

result<int> format_version(database& db) {
  const auto version = db.number("PRAGMA user_version");
  if (!version) return version.error();
  return static_cast<int>(*version);
}

result<int> known_version(database& db, std::span<const migration> steps) {
  const auto version = format_version(db);
  if (!version) return version;
  const int newest = steps.empty() ? 0 : steps.back().to;
  if (*version > newest) {
    return make_failure(errc::ledger,
                        fmt::format("The ledger was written by a newer pofetch: its format is {}, "
                                    "this program knows formats up to {}. Use the newer one.",
                                    *version, newest));
  }
  if (*version < 0) {
    return make_failure(errc::ledger, fmt::format("The ledger is damaged: its format number is {}. {}",
                                                  *version, damaged_advice()));
  }
  return version;
}

result<void> migrate(database& db, std::span<const migration> steps) {
  const auto version = known_version(db, steps);
  if (!version) return version.error();
  for (const migration& step : steps) {
    if (step.to <= *version) continue;
    if (auto done = apply(db, step); !done) return done;
  }
  return {};
}

}  // namespace pofetch::sqlite
