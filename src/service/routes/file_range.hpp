#pragma once

#include <cstdint>
#include <string_view>

namespace pofetch::service {

/// What of a file is wanted.
struct file_range {
  enum class kind { whole, part, none };
  kind what = kind::whole;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Range of a file of that size (RFC 9110 14.2): one range is a part; several, or what is not understood, the
/// whole; one behind the end: none.
[[nodiscard]] file_range read_range(std::string_view field, std::uint64_t size);

}  // namespace pofetch::service
