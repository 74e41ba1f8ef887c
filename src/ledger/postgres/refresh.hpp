#pragma once

#include "ledger/postgres/queue.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace pofetch::postgres {

/// See ledger. Failures: ledger, disk_full.
[[nodiscard]] result<std::optional<std::string>> find_page_outside(batch_at where, const page_area& area);
[[nodiscard]] result<refresh_facts> count_scope(batch_at where, const refresh_scope& scope);
[[nodiscard]] result<void> mark_changed(batch_at where, std::span<const order_change> changes);
[[nodiscard]] result<void> mark_unchanged(batch_at where, const refresh_scope& scope,
                                          std::chrono::system_clock::time_point at);

}  // namespace pofetch::postgres
