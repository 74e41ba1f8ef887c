#pragma once

#include "sources/coupa_api/api_driver_facts.hpp"
#include "sources/coupa_web/web_facts.hpp"
#include "sources/manifest/manifest_facts.hpp"
#include "sources/own/own_facts.hpp"

#include <array>

namespace pofetch::sources {

/// What the sources are like, in the order in which they are offered. Their drivers: `drivers.cpp`.
inline constexpr std::array known_sources{web_facts, api_driver_facts, manifest_facts, own_facts};

}  // namespace pofetch::sources
