#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::lists {

/// Does a formula (with its `=`) make a link: `=HYPERLINK(...)`, also as Portuguese and Spanish programs
/// write it into text files?
[[nodiscard]] bool is_link_formula(std::string_view formula) noexcept;

/// Where it leads, if its first argument is a text, or texts joined by `&`. Nothing if cells are part of it:
/// formulas are not calculated.
[[nodiscard]] std::optional<std::string> link_target(std::string_view formula);

}  // namespace pofetch::lists
