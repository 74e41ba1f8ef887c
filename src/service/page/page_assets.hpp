#pragma once

#include <span>
#include <string_view>

namespace pofetch::service {

/// A file of the page, as it was built in.
struct page_asset {
  std::string_view name;  ///< `index.html`, `app.js`
  std::string_view type;  ///< Content-Type
  std::string_view mark;  ///< of what is in it: hexadecimal digits
  std::string_view plain;
  std::string_view gzipped;
};

/// All of them; made by tools/cmake/PofetchPage.cmake.
[[nodiscard]] std::span<const page_asset> page_assets() noexcept;

}  // namespace pofetch::service
