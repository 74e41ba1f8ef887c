#include "sources/base_url.hpp"

#include "core/url.hpp"

#include <algorithm>

namespace pofetch::sources {

std::string clean_base(std::string_view base_url) {
  auto normal = core::normalize_url(base_url);
  std::string base(normal ? *normal : std::string(base_url));
  base.resize(std::min(base.size(), base.find('?')));
  while (base.ends_with('/')) base.pop_back();
  return base;
}

}  // namespace pofetch::sources
