#pragma once

#include <string_view>

namespace pofetch::lists {

/// What the lines of a text without a row of names look like.
enum class text_look {
  orders,   ///< a PO each, or several, and hardly anything else
  columns,  ///< several POs a line as columns would have them
  mixed,    ///< most lines that have digits hold more than POs
};

/// Looks at the lines that have digits. Several POs a line may be columns if there are as many on every line,
/// if tabs or bars stand between, or if their lengths differ; where all have their `PO` or `PM` before them
/// they are none.
[[nodiscard]] text_look look_of(std::string_view sample);

}  // namespace pofetch::lists
