#pragma once

#include <string_view>

namespace pofetch::core {

/// What stands in the place of a secret.
inline constexpr std::string_view masked = "***";

/// Does this (still encoded) value of a parameter hold a secret by its look: a JSON web token, or another URL
/// with a secret in it? Looks at most four levels deep.
[[nodiscard]] bool holds_secret(std::string_view encoded_value);

/// The authority without userinfo, and without what stands where a port should and is none.
[[nodiscard]] std::string_view without_userinfo(std::string_view authority) noexcept;

}  // namespace pofetch::core
