#pragma once

#include "sources/driver.hpp"

namespace pofetch::sources {

/// A source of the caller's own: `instance_options::own_source`.
[[nodiscard]] const driver& own_driver();

}  // namespace pofetch::sources
