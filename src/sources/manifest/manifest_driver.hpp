#pragma once

#include "sources/driver.hpp"

namespace pofetch::sources {

/// The list itself.
[[nodiscard]] const driver& manifest_driver();

}  // namespace pofetch::sources
