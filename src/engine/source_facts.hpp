#pragma once

#include "sources/known_sources.hpp"

#include <pofetch/source_kind.hpp>

#include <string_view>
#include <vector>

namespace pofetch::engine {

/// The sources that a person may choose, in the order in which they are offered; `automatic` is none of them.
[[nodiscard]] inline std::vector<source_kind> offered_sources() {
  std::vector<source_kind> offered;
  for (const auto& each : sources::known_sources)
    if (each.by_word) offered.push_back(each.kind);
  return offered;
}

/// The source of a batch whose options name none, and whose list has purchase orders.
[[nodiscard]] constexpr source_kind usual_source() { return sources::known_sources.front().kind; }

/// What it is like; of `automatic`, what the usual one is like.
[[nodiscard]] constexpr sources::driver_facts facts_of(std::string_view word) {
  for (const auto& each : sources::known_sources)
    if (each.kind.word() == word) return each;
  return sources::known_sources.front();
}
[[nodiscard]] constexpr sources::driver_facts facts_of(source_kind source) { return facts_of(source.word()); }

}  // namespace pofetch::engine
