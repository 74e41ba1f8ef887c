#pragma once

#include <string>
#include <string_view>

namespace pofetch::service {

/// Does a value of Accept-Encoding take gzip (RFC 9110, section 12.5.3)?
[[nodiscard]] bool takes_gzip(std::string_view accepted);

/// As a file of gzip. Throws std::bad_alloc.
[[nodiscard]] std::string gzip(std::string_view text);

}  // namespace pofetch::service
