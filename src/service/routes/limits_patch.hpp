#pragma once

#include "service/batches/batch_desk.hpp"
#include "service/server/problem.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace pofetch::service {

/// Changes limits by a merge patch (RFC 7396): `{"max_running": 2, "profiles": {"main":
/// {"requests_per_second": 5, "max_connections": 4}}}`; null puts back what is configured. Nothing is changed
/// where one of them is wrong: `invalid-member`, with a pointer for each.
[[nodiscard]] std::optional<problem> patch_limits_by(const boost::json::object& body,
                                                     const batch_desk::limits& configured,
                                                     batch_desk::limits& into);

}  // namespace pofetch::service
