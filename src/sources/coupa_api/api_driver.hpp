#pragma once

#include "sources/driver_facts.hpp"

namespace pofetch::sources {

class driver;

/// Coupa's REST API.
[[nodiscard]] const driver& api_driver();

inline constexpr driver_facts api_driver_facts = [] {
  driver_facts facts{source_kind::api};
  facts.by_credentials = true;
  // Just under the 25 a second that Coupa allows, so that clocks which differ never lead into a refusal.
  facts.requests_per_second = 24.9;
  return facts;
}();

}  // namespace pofetch::sources
