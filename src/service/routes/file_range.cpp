#include "service/routes/file_range.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace pofetch::service {

file_range read_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  const file_range whole{file_range::kind::whole, 0, size};
  if (!core::istarts_with(field, unit)) return whole;
  const std::string_view spec = core::trim(field.substr(unit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return whole;
  const auto from = core::parse_unsigned(spec.substr(0, dash));
  const auto to = core::parse_unsigned(spec.substr(dash + 1));
  if (dash == 0) {  // the last so many
    if (!to) return whole;
    if (*to == 0 || size == 0) return {file_range::kind::none, 0, 0};
    const std::uint64_t count = std::min(*to, size);
    return {file_range::kind::part, size - count, count};
  }
  if (!from || (!to && dash + 1 != spec.size()) || (to && *to < *from)) return whole;
  if (*from >= size) return {file_range::kind::none, 0, 0};
  const std::uint64_t last = to ? std::min(*to, size - 1) : size - 1;
  return {file_range::kind::part, *from, last - *from + 1};
}

}  // namespace pofetch::service
