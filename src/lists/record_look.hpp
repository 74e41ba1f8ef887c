#pragma once

#include "lists/record_reader.hpp"

#include <string_view>

namespace pofetch::lists {

/// Nothing but spaces and ends of file (Ctrl-Z), which joined files have in their middle.
[[nodiscard]] bool is_blank_cell(std::string_view cell) noexcept;

/// All cells are, and there is nothing wrong with the record.
[[nodiscard]] bool is_blank(const record& from);

/// A rule that is drawn under titles and names, as SAP and Markdown do: nothing but dashes, equals signs,
/// underscores and their crossings, two of them side by side at least (a single dash stands for "none").
[[nodiscard]] bool is_rule(const record& from);

/// No row of a list: blank or a rule.
[[nodiscard]] inline bool is_no_row(const record& from) { return is_blank(from) || is_rule(from); }

}  // namespace pofetch::lists
