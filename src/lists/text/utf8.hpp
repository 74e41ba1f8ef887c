#pragma once

#include <cstddef>
#include <string_view>

namespace pofetch::lists {

/// What stands at the beginning of some bytes, read as UTF-8 (Unicode 15, table 3-7).
struct utf8_step {
  enum class kind {
    whole,    ///< a well-formed sequence of `length` bytes
    cut_off,  ///< the beginning of one; the rest is not there
    wrong,    ///< not UTF-8
  };
  kind what = kind::wrong;
  std::size_t length = 0;
};

/// Looks at the first sequence of `bytes`, which must not be empty.
[[nodiscard]] utf8_step utf8_next(std::string_view bytes) noexcept;

/// The bytes without a sequence that is cut off at their end, if there is one.
[[nodiscard]] std::string_view without_cut_off(std::string_view bytes) noexcept;

}  // namespace pofetch::lists
