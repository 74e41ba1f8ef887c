#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// `name:password` as it stands in an address (percent-encoded), as credentials of Basic (RFC 7617). Nothing:
/// a control character, or a colon in the name, which Basic cannot carry. A secret.
[[nodiscard]] std::optional<std::string> basic_credentials(std::string_view userinfo);

/// What stands before the `@` of an address; empty if there is none. A secret.
[[nodiscard]] std::string_view userinfo_of(std::string_view url) noexcept;

}  // namespace pofetch::core
