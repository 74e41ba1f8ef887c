#pragma once

#include <pofetch/purchase_order.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace pofetch::core {

/// POs by their status, as totals have them; index: po_status.
using status_counts = std::array<std::uint64_t, po_status_count>;

/// Nothing is left to do for it; it is looked at again with --refresh only, or when a file of it has changed.
[[nodiscard]] bool is_done(po_status status) noexcept;

/// Does a run take it up? `retry_skipped`: also what the circuit breaker held back.
[[nodiscard]] bool is_taken_up(po_status status, bool retry_skipped) noexcept;

/// Did something fail that is reported to a person while the run works?
[[nodiscard]] bool is_bad(po_status status) noexcept;

[[nodiscard]] std::uint64_t count_done(const status_counts& counts) noexcept;
[[nodiscard]] std::uint64_t count_bad(const status_counts& counts) noexcept;
[[nodiscard]] std::uint64_t count_taken_up(const status_counts& counts, bool retry_skipped) noexcept;

/// The numbers of the done ones as they stand on disk, for lists in SQL: `1, 4`.
[[nodiscard]] std::string numbers_done();

}  // namespace pofetch::core
