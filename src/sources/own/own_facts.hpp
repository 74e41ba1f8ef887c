#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

inline constexpr driver_facts own_facts = [] {
  driver_facts facts{source_kind::own};
  facts.by_word = false;
  return facts;
}();

}  // namespace pofetch::sources
