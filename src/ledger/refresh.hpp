#pragma once

#include "ledger/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace pofetch::sqlite {

/// Milliseconds before which a look must be to be in that scope.
[[nodiscard]] std::int64_t before_of(const refresh_scope& scope) noexcept;

/// See ledger::page_outside. Failures: ledger.
[[nodiscard]] result<std::optional<std::string>> find_page_outside(database& db, const page_area& area);

/// Counts the POs of the present list in that scope. Failures: ledger.
[[nodiscard]] result<refresh_facts> count_scope(database& db, const refresh_scope& scope);

/// See ledger::note_changes and ledger::end_changes; a transaction each. Failures: ledger, disk_full.
[[nodiscard]] result<void> mark_changed(database& db, std::span<const order_change> changes);
[[nodiscard]] result<void> mark_unchanged(database& db, const refresh_scope& scope,
                                          std::chrono::system_clock::time_point at);

}  // namespace pofetch::sqlite
