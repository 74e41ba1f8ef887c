#pragma once

#include "sources/driver.hpp"

namespace pofetch::sources {

/// Coupa's REST API.
[[nodiscard]] const driver& api_driver();

}  // namespace pofetch::sources
