#pragma once

#include "ledger/database.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::sqlite {

/// What makes two folders the same one on a file system that ignores case.
[[nodiscard]] std::string folder_key(std::string_view folder);

/// `a/b`, 2 gives `a/b (2)`; the last level is cut to 255 bytes before the number.
[[nodiscard]] std::string numbered_folder(std::string_view folder, std::size_t number);

/// A folder that no other PO of the ledger has: `wanted`, else `wanted (2)` and so on. `own_id` is the
/// PO that asks (0: a new one); its own folder counts as free. Asks the ledger some ten times at most,
/// however many POs want the same one. Failures: ledger.
[[nodiscard]] result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id);

}  // namespace pofetch::sqlite
