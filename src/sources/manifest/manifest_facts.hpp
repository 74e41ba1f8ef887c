#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

inline constexpr driver_facts manifest_facts = [] {
  driver_facts facts{source_kind::manifest};
  facts.names_files = true;
  facts.needs_instance = false;
  return facts;
}();

}  // namespace pofetch::sources
