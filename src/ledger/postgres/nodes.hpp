#pragma once

#include "ledger/postgres/session.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::postgres {

/// The batch with that name; nothing: there is none. `make`: then it is made. Failures: ledger, disk_full.
[[nodiscard]] result<std::optional<std::int64_t>> find_batch(session& db, const std::string& name, bool make);

/// Names of the batches that are not finished, and of all.
struct batch_names {
  std::vector<std::string> open{};
  std::vector<std::string> all{};
};
[[nodiscard]] result<batch_names> list_batches(session& db);

/// A new incarnation of a node, alive from now on; gives its identity. Failures: ledger, disk_full.
[[nodiscard]] result<std::int64_t> register_node(session& db, std::int64_t batch, const std::string& name);

/// It gives its orders back and is gone. A node that was taken for dead stays that. Failures: ledger.
[[nodiscard]] result<void> leave(session& db);

}  // namespace pofetch::postgres
