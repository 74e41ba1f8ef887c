#pragma once

#include "ledger/sqlite/database.hpp"
#include "ledger/words.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace pofetch::sqlite {

using records::before_of;

/// See ledger::page_outside. Failures: ledger.
[[nodiscard]] result<std::optional<std::string>> find_page_outside(database& db, const page_area& area);

/// Counts the POs of the present list in that scope. Failures: ledger.
[[nodiscard]] result<refresh_facts> count_scope(database& db, const refresh_scope& scope);

/// See ledger::note_changes and ledger::end_changes; a transaction each. Failures: ledger, disk_full.
[[nodiscard]] result<void> mark_changed(database& db, std::span<const order_change> changes);
[[nodiscard]] result<void> mark_unchanged(database& db, const refresh_scope& scope,
                                          std::chrono::system_clock::time_point at);

}  // namespace pofetch::sqlite
