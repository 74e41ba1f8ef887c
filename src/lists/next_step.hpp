#pragma once

#include <pofetch/error.hpp>

#include <string_view>

namespace pofetch::lists {

/// What a person can do about a failure of that kind: one sentence.
[[nodiscard]] std::string_view next_step(errc code) noexcept;

}  // namespace pofetch::lists
