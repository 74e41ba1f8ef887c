#pragma once

#include "ledger/sqlite/migration.hpp"

#include <cstdint>
#include <span>

namespace pofetch::sqlite {

/// Marks a SQLite file as a ledger of pofetch (`PRAGMA application_id`): "POFT".
inline constexpr std::int64_t application_id = 0x504F'4654;

/// The file's format (`PRAGMA user_version`) that this program writes.
inline constexpr int schema_version = 4;

/// All steps from an empty file to `schema_version`, in order.
[[nodiscard]] std::span<const migration> schema_migrations() noexcept;

}  // namespace pofetch::sqlite
