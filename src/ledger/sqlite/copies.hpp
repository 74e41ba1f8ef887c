#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <functional>

namespace pofetch::sqlite {

/// Visits every completed attachment whose content is that of an earlier one. They are looked for once, at
/// the beginning, into a table that vanishes with the call; no statement is open during a visit. Failures:
/// ledger, disk_full.
[[nodiscard]] result<void> visit_copies(database& db,
                                        const std::function<result<void>(const same_content&)>& visit);

}  // namespace pofetch::sqlite
