#pragma once

#include "ledger/sqlite/statement.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace pofetch::sqlite {

/// Reads all rows of a borrowed statement. Failures: those of `read`, ledger.
template <class Row, class Read>
result<std::vector<Row>> collect(statement& rows, Read read) {
  std::vector<Row> page;
  for (;;) {
    const auto more = rows.step();
    if (!more) return more.error();
    if (!*more) return page;
    result<Row> row = read(rows);
    if (!row) return row.error();
    page.push_back(std::move(*row));
  }
}

/// Lists are read page by page, each behind the last row of the one before: rows that a damaged index gives
/// in another order would come again and again. Failure: ledger.
inline result<void> go_on(std::int64_t& last, std::int64_t next) {
  if (next <= last)
    return make_failure(errc::ledger, "The ledger is damaged: its rows do not come in their order.");
  last = next;
  return {};
}

/// As a parameter of LIMIT.
inline std::int64_t limit_of(std::size_t count) noexcept {
  constexpr auto largest = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  return static_cast<std::int64_t>(count < largest ? count : largest);
}

}  // namespace pofetch::sqlite
