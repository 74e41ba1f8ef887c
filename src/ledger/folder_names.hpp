#pragma once

#include "ledger/database.hpp"

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace pofetch::sqlite {

/// What makes two folders the same one on a file system that ignores case.
[[nodiscard]] std::string folder_key(std::string_view folder);

/// `a/b`, 2 gives `a/b (2)`; the last level is cut to 255 bytes before the number.
[[nodiscard]] std::string numbered_folder(std::string_view folder, std::size_t number);

/// The folder with the name of a state behind it: `a/7`, completed gives `a/7_COMPLETED`. The last level is
/// cut so that there is room for the state, and for a number behind that.
[[nodiscard]] std::string folder_with_status(std::string_view folder, po_status status);

using folder_question = std::function<result<bool>(const std::string& folder)>;

/// A folder that no other PO of the ledger has or is about to get, and of which `is_taken`, if there is such
/// a question, says no: `wanted`, else `wanted (2)` and so on. `own_id` is the PO that asks (0: a new one);
/// its own folder counts as free. Asks the ledger some ten times at most, however many POs want the same
/// one. Failures: ledger, those of `is_taken`.
[[nodiscard]] result<std::string> free_folder(database& db, std::string_view wanted, std::int64_t own_id,
                                              const folder_question& is_taken = {});

}  // namespace pofetch::sqlite
