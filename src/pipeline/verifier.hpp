#pragma once

#include <pofetch/batch.hpp>
#include <pofetch/batch_reader.hpp>
#include <pofetch/store.hpp>

#include <functional>

namespace pofetch::pipeline {

/// Reads every file that the ledger calls completed, in the order of the list, and compares size and SHA-256.
/// Only reads. `found` is told of each that is missing or other than recorded.
result<verify_result> verify(batch_reader& records, store& files,
                             const std::function<void(const damage&)>& found);

}  // namespace pofetch::pipeline
