#pragma once

#include "lists/report/report_writer.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/batch_reader.hpp>
#include <pofetch/error.hpp>

#include <filesystem>

namespace pofetch::engine {

/// What a ledger says of its last run, wherever the ledger is. Failures: those of the ledger.
[[nodiscard]] result<batch_status> status_in(batch_reader& records);

/// Writes the report of the last run to `to`, which must not be the list of the batch (failure config).
/// Failures: those of `lists::write_report`.
[[nodiscard]] result<void> report_to(const std::filesystem::path& to, lists::report_format format,
                                     batch_reader& records, const std::filesystem::path& out);

}  // namespace pofetch::engine
