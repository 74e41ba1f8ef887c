#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::sqlite {

/// Has another PO than `own_id` (0: a new one) this folder, or is about to get it? Failures: ledger.
[[nodiscard]] result<bool> is_folder_owned(database& db, std::string_view folder, std::int64_t own_id);

/// A folder that no other PO has or is about to get: `wanted`, else `wanted (2)` and so on. Failures: ledger.
[[nodiscard]] result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id);

}  // namespace pofetch::sqlite
