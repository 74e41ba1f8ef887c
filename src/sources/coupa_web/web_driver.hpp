#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

class driver;

/// The pages of Coupa, with a browser's session.
[[nodiscard]] const driver& web_driver();

inline constexpr driver_facts web_facts = [] {
  driver_facts facts{source_kind::web};
  facts.by_session = true;
  return facts;
}();

}  // namespace pofetch::sources
