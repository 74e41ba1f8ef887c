#pragma once

#include "ledger/postgres/connection.hpp"

#include <pofetch/error.hpp>

namespace pofetch::postgres {

/// SQLSTATE of the fence: the node is not alive any more, or has written something else meanwhile.
inline constexpr const char* fenced_off = "PF001";

/// Makes the ledger's schema or brings an older one up to date, in one transaction; of several programs that
/// try one does it. Failures: ledger (a newer program has been here, or the database refuses), config (the
/// database is none that can be used).
[[nodiscard]] result<void> prepare_schema(connection& link, connection::deadline until);

/// For somebody who only reads. Failures: ledger; input: there is no ledger in this database.
[[nodiscard]] result<void> check_schema(connection& link, connection::deadline until);

}  // namespace pofetch::postgres
