#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/error.hpp>

#include <filesystem>

namespace pofetch::sqlite {

/// Opens the ledger for the one process that works on the batch; makes it if it is not there, brings
/// an older format up to date. Anything that is not a ledger of a known format is refused and left as
/// it is. `durable`: every committed change is on stable storage (else the operating system decides).
/// Failures: ledger, disk_full.
[[nodiscard]] result<database> open_for_work(const std::filesystem::path& file, bool durable);

/// Opens an existing ledger for reading, also while another process works on it. Leaves no file
/// behind. Failures: ledger.
[[nodiscard]] result<database> open_for_reading(const std::filesystem::path& file);

/// A new ledger in a private temporary file. Failures: ledger, disk_full.
[[nodiscard]] result<database> open_scratch();

}  // namespace pofetch::sqlite
