#include "sources/drivers.hpp"

#include "sources/coupa_api/api_driver.hpp"
#include "sources/coupa_web/web_driver.hpp"
#include "sources/manifest/manifest_driver.hpp"
#include "sources/own/own_driver.hpp"

#include <algorithm>
#include <array>

namespace pofetch::sources {

std::span<const driver* const> drivers() {
  static const std::array all{
      &web_driver(),
      &api_driver(),
      &manifest_driver(),
      &own_driver(),
  };
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
