#pragma once

#include "service/server/route_table.hpp"

#include <vector>

namespace pofetch::service {

/// The page for people: `/`, and what it is made of. Needs no token: what it shows it asks the API for.
[[nodiscard]] std::vector<route> page_routes();

}  // namespace pofetch::service
