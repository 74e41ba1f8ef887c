#pragma once

#include "lists/csv/csv_dialect.hpp"
#include "lists/po_list_reader.hpp"

#include <string>
#include <string_view>

namespace pofetch::lists {

/// The form of a list.
struct list_form {
  enum class kind { csv, json_lines, text };
  kind what = kind::csv;
  csv_dialect dialect{};
};

/// Finds the form from the beginning of the text, and where that does not tell, from the ending of the
/// name (`.csv .tsv .txt .jsonl .ndjson`). A table has a row of names with a PO column, maybe below titles;
/// plain text is a list without one whose lines hold POs and nothing else. Failure `input`: JSON that is not
/// one object a line, or a form that is not certain, so that numbers of other columns might be taken for POs.
[[nodiscard]] result<list_form> detect_list_form(std::string_view sample, const list_options& options,
                                                 const std::string& name);

}  // namespace pofetch::lists
