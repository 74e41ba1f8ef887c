#pragma once

#include <string_view>

namespace pofetch::core {

/// Does the whole name match? `*` any characters, `?` one, `[abc]`, `[a-z]` one of a set, `[!a]` one that is
/// not in it; a set that is not closed stands for itself. Without regard to case (`fold_case`); one character
/// is one code point. Time is at most the product of both lengths.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view name);

}  // namespace pofetch::core
