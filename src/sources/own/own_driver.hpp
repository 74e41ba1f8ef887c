#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

class driver;

/// A source of the caller's own: `instance_options::own_source`.
[[nodiscard]] const driver& own_driver();

inline constexpr driver_facts own_facts = [] {
  driver_facts facts{source_kind::own};
  facts.by_word = false;
  return facts;
}();

}  // namespace pofetch::sources
