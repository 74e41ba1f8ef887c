#pragma once

#include <string>
#include <string_view>

namespace pofetch::sources {

/// The address of the instance as others are built on it: its origin (`https://tenant.coupahost.com`),
/// whichever of its pages the given address is of. What is no web address stays as it is.
[[nodiscard]] std::string clean_base(std::string_view base_url);

}  // namespace pofetch::sources
