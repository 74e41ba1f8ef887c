#pragma once

#include "pipeline/circuit_breaker.hpp"

#include <pofetch/ledger.hpp>
#include <pofetch/po_list.hpp>

#include <cstddef>
#include <functional>

namespace pofetch::pipeline {

/// Reads a list to its end into the ledger, some thousand rows at a time. Tells the breaker how large each
/// group is. Levels of folders have at most `longest_name` bytes. Failures: input (the list cannot be read
/// on), ledger, cancelled (`stopped` said so).
result<intake_counts> take_in_list(po_list& list, const run_info& info, ledger& records,
                                   circuit_breaker& breaker, const std::function<bool()>& stopped,
                                   std::size_t longest_name);

/// A row as the ledger takes it, with the attachment that one of a manifest names. Secrets in URLs of its
/// cells are masked by the reader already. A number is the same order with and without leading zeros, but in
/// a manifest.
[[nodiscard]] po_entry entry_of(const po_row& row, bool of_manifest, std::size_t longest_name);

}  // namespace pofetch::pipeline
