#pragma once

#include "sources/coupa_api/api_driver.hpp"
#include "sources/coupa_web/web_driver.hpp"
#include "sources/manifest/manifest_driver.hpp"
#include "sources/own/own_driver.hpp"

#include <array>

namespace pofetch::sources {

/// What a source is like, and its driver, which only those have to link who ask for it.
template <const driver_facts& Facts, const driver& (*Driver)()>
struct known_source {
  static constexpr const driver_facts& facts = Facts;
  [[nodiscard]] static const driver* its_driver() { return &Driver(); }
};

template <class... Each>
struct source_table {
  static constexpr std::array facts{Each::facts...};
  [[nodiscard]] static std::array<const driver*, sizeof...(Each)> drivers() {
    return {Each::its_driver()...};
  }
};

/// The one table of the sources, in the order in which they are offered.
using all_sources =
    source_table<known_source<web_facts, web_driver>, known_source<api_driver_facts, api_driver>,
                 known_source<manifest_facts, manifest_driver>, known_source<own_facts, own_driver>>;

/// What they are like.
inline constexpr std::array known_sources = all_sources::facts;

}  // namespace pofetch::sources
