#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

inline constexpr driver_facts web_facts = [] {
  driver_facts facts{source_kind::web};
  facts.by_session = true;
  return facts;
}();

}  // namespace pofetch::sources
