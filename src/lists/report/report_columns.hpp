#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace pofetch::lists {

/// Positions of the list's own columns. A list that is an earlier report has result columns as well, which
/// are not its own.
[[nodiscard]] std::vector<std::size_t> own_columns(std::span<const std::string> columns);

/// What these are called in a report, where no two columns have names that are equal but for case and blanks
/// around them: further ones of a name are `Note_2`, `Note_3`, and one without a name is `UNNAMED_4` by its
/// place in the list.
[[nodiscard]] std::vector<std::string> own_names(std::span<const std::string> columns);

/// Is the list an earlier report, and the name of this column one that the report has given to a column
/// without?
[[nodiscard]] bool is_made_up(std::span<const std::string> columns, std::size_t column);

/// What the result columns are called behind those of that list: a name that the list has itself (in any
/// case) gets the prefix `POFETCH_`.
[[nodiscard]] std::vector<std::string> result_names(std::span<const std::string> columns);

}  // namespace pofetch::lists
