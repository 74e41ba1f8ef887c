#pragma once

#include <string>
#include <string_view>

namespace pofetch::lists {

/// The text as UTF-8 without terminal sequences (ECMA-48), control characters and what turns the direction of
/// text (U+202A to U+202E, U+2066 to U+2069); tabs and line breaks stay.
[[nodiscard]] std::string without_controls(std::string_view text);

/// Would a spreadsheet run the cell as a formula? It begins, behind spaces and double quotes, with `=`, `+`,
/// `-`, `@` (also in full width), tab, CR or LF, and is neither a plain number nor that one character alone.
[[nodiscard]] bool is_formula(std::string_view cell);

/// Appends a cell of the CSV report: cleaned, neutralised, quoted where RFC 4180 needs it.
void append_csv_cell(std::string& out, std::string_view text);

/// Appends a JSON string (RFC 8259 section 7) with its quotes. What a terminal would act on, C1 controls and
/// changes of direction included, is escaped, so nothing is lost.
void append_json_string(std::string& out, std::string_view text);

}  // namespace pofetch::lists
