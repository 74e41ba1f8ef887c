#pragma once

#include <string>
#include <string_view>

namespace pofetch::core {

/// A host name as it is asked for: in lower case, names with letters outside of ASCII by UTS 46 and punycode
/// (`m\u00fcller.example` is `xn--mller-kva.example`). Empty if it is UTF-8 of no such name.
[[nodiscard]] std::string ascii_host(std::string_view host);

}  // namespace pofetch::core
