#include "sources/drivers.hpp"

#include "sources/known_sources.hpp"

#include <array>

namespace pofetch::sources {

std::span<const driver* const> drivers() {
  static const auto all = all_sources::drivers();
  return all;
}

const driver* find_driver(std::string_view word) {
  for (const driver* each : drivers())
    if (each->facts().kind.word() == word) return each;
  return nullptr;
}

const driver& driver_for_list(bool names_files) { return names_files ? manifest_driver() : web_driver(); }

const driver& driver_for_page(std::string_view page) {
  for (const driver* each : drivers())
    if (each->has_page(page)) return *each;
  return web_driver();
}

}  // namespace pofetch::sources
