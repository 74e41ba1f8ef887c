#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

class driver;

/// The list itself.
[[nodiscard]] const driver& manifest_driver();

inline constexpr driver_facts manifest_facts = [] {
  driver_facts facts{source_kind::manifest};
  facts.names_files = true;
  facts.needs_instance = false;
  return facts;
}();

}  // namespace pofetch::sources
