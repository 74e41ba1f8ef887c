#pragma once

#include "ledger/sqlite/database.hpp"

#include <pofetch/attachment.hpp>
#include <pofetch/error.hpp>

#include <cstdint>
#include <vector>

namespace pofetch::sqlite {

// What a list says of attachments (a manifest), see `listed_attachments` in schema.cpp. Addresses in it are
// secrets: they are there only until their files are.

/// Where a line stands in a list.
struct list_place {
  std::int64_t po_id = 0;
  std::int64_t generation = 0;
  std::int64_t position = 0;
};

/// Adds one line to what the present list says of a PO, over what an earlier list said of the same
/// attachment. An address that the list has named for this PO before is left alone. Failures: ledger,
/// disk_full.
[[nodiscard]] result<void> add_listed(database& db, const list_place& place, const listed_attachment& listed);

/// Forgets what earlier lists said. Failures: ledger, disk_full.
[[nodiscard]] result<void> keep_one_list(database& db, std::int64_t generation);

/// What the list says of one PO, in its order. Failures: ledger.
[[nodiscard]] result<std::vector<listed_attachment>> read_listed(database& db, std::int64_t po_id);

/// Erases the addresses of a PO's attachments that are COMPLETED or EXCLUDED. Failures: ledger, disk_full.
[[nodiscard]] result<void> erase_addresses(database& db, std::int64_t po_id);

/// The same for all POs. Failures: ledger, disk_full.
[[nodiscard]] result<void> erase_all_addresses(database& db);

}  // namespace pofetch::sqlite
