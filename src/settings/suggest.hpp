#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

/// The candidate that a misspelt word most likely meant: at most two letters wrong, missing, too many or
/// swapped (one in short words), or the word is the beginning of just one candidate. Empty if there is none.
[[nodiscard]] std::string_view closest(std::string_view word, std::span<const std::string_view> candidates);

/// ` (did you mean X?)` or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                                       std::string_view prefix = "");

}  // namespace pofetch::settings
