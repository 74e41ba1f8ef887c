#pragma once

#include "ledger/postgres/session.hpp"

#include <pofetch/error.hpp>
#include <pofetch/shared_ledger.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::postgres {

/// The batch with that name; nothing: there is none. `make`: then it is made. Failures: ledger, disk_full.
[[nodiscard]] result<std::optional<std::int64_t>> find_batch(session& db, const std::string& name, bool make);

/// What stands of a batch, but for its list.
struct batch_facts {
  std::int64_t id = 0;
  /// No other batch has it, whatever the database.
  std::string token;
  std::string state;   ///< intake, ready, finishing, finished
  std::string wanted;  ///< run, pause, stop
  std::string settings;
  /// Where attachments were looked up in the last run; empty: there was none.
  std::string source;
};
/// Failures: ledger.
[[nodiscard]] result<std::optional<batch_facts>> read_batch(session& db, const std::string& name);

/// Says what people want of all nodes: run, pause, stop. False: there is no such batch. Failures: ledger.
[[nodiscard]] result<bool> want(session& db, const std::string& name, const std::string& what);

/// The nodes of a batch that are there, or of which orders are not free yet; in the order in which they came.
/// Failures: ledger.
[[nodiscard]] result<std::vector<node_status>> list_nodes(session& db, const std::string& batch);

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
