#pragma once

#include <string>
#include <string_view>

namespace pofetch::sources {

/// The address of the instance as others are built on it: normalised, without query and slash at its end.
[[nodiscard]] std::string clean_base(std::string_view base_url);

}  // namespace pofetch::sources
