#include "lists/list_form.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "lists/csv_reader.hpp"
#include "lists/line_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/text_reader.hpp"

#include <algorithm>
#include <vector>

namespace pofetch::lists {
namespace {

std::string ending_of(const std::string& input) {
  const std::size_t dot = input.find_last_of("./\\");
  if (dot == std::string::npos || input[dot] != '.') return {};
  return core::to_lower(std::string_view(input).substr(dot));
}

bool is_blank(const std::string& cell) { return core::trim(cell).empty(); }

/// The first record that is not blank, as the CSV reader would give it; empty if there is none.
std::vector<std::string> first_cells(std::string_view sample, const csv_dialect& dialect) {
  csv_reader reader(text_source::of_text(std::string(sample)), dialect, {});
  while (true) {
    auto next = reader.next();
    if (!next || !*next) return {};
    auto& cells = (**next).cells;
    if (!std::all_of(cells.begin(), cells.end(), is_blank)) return std::move(cells);
  }
}

/// Is the first line (after comments) made of POs alone?
bool begins_with_pos(std::string_view sample) {
  text_reader reader(text_source::of_text(std::string(sample)));
  auto first = reader.next();
  if (!first || !*first) return false;
  const core::po_cell cell = core::parse_po_cell((**first).cells.front());
  return !cell.orders.empty() && cell.rejected.empty();
}

bool is_plain_text(std::string_view sample, const csv_dialect& dialect, const list_options& options,
                   const std::string& ending) {
  if (options.kind == list_kind::manifest) return false;
  const std::vector<std::string> header = first_cells(sample, dialect);
  const bool is_comment = header.size() == 1 && core::trim(header[0]).starts_with('#');
  if (!is_comment && find_po_column(header, options)) return false;
  // A table of numbers that lacks its header must not be taken for a list of POs.
  const bool looks_like_table = header.size() > 1 && dialect.even && ending != ".txt";
  if (!looks_like_table && begins_with_pos(sample)) return true;
  return ending == ".txt" && header.size() <= 1;
}

}  // namespace

result<list_form> detect_list_form(std::string_view sample, const list_options& options,
                                   const std::string& name) {
  using enum list_form::kind;
  const std::string ending = ending_of(options.input);
  const std::string_view begin = core::trim(sample);
  if (begin.starts_with('[') && core::trim(begin.substr(1)).starts_with('{')) {
    return make_failure(errc::input, name +
                                         " is one JSON array; write one JSON object a line instead "
                                         "(jq -c '.[]' does that).");
  }
  if (begin.starts_with('{') || ending == ".jsonl" || ending == ".ndjson") return list_form{json_lines, {}};
  list_form form;
  form.dialect = detect_csv_dialect(sample, ending == ".tsv" ? '\t' : '\0');
  form.what = is_plain_text(sample, form.dialect, options, ending) ? list_form::kind::text : csv;
  return form;
}

}  // namespace pofetch::lists
