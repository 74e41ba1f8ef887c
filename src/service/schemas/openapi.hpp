#pragma once

#include "service/server/route_table.hpp"

#include <string>
#include <vector>

namespace pofetch::service {

/// OpenAPI 3.1 of these routes, as JSON: addresses, methods and scopes come from the table, the rest from the
/// JSON files beside this one.
[[nodiscard]] std::string openapi_json(const std::vector<route>& routes);

}  // namespace pofetch::service
