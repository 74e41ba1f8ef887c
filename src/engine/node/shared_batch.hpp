#pragma once

#include "ledger/postgres/nodes.hpp"
#include "ledger/postgres/session.hpp"

#include <pofetch/batch.hpp>

#include <functional>
#include <optional>
#include <string>

namespace pofetch::engine {

/// How its database is reached. Failure `config`: the address is of no use.
[[nodiscard]] result<postgres::session_options> server_of(const shared_ledger& where, bool to_write,
                                                          std::function<bool()> stopped = {});

/// The one that is asked for, or the only one that is not finished, else the only one. Failure `input` names
/// those that there are.
[[nodiscard]] result<std::string> find_name(postgres::session& db, const shared_ledger& where);

}  // namespace pofetch::engine
