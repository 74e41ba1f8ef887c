#pragma once

#include "sources/driver.hpp"

namespace pofetch::sources {

/// The pages of Coupa, with a browser's session.
[[nodiscard]] const driver& web_driver();

}  // namespace pofetch::sources
