#include "sources/coupa/base_url.hpp"

#include "core/url.hpp"

namespace pofetch::sources {

std::string clean_base(std::string_view base_url) {
  const auto origin = core::origin_of(base_url);
  return origin ? core::to_string(*origin) : std::string(base_url);
}

}  // namespace pofetch::sources
