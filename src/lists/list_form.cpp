#include "lists/list_form.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "lists/csv_reader.hpp"
#include "lists/line_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/list_header.hpp"
#include "lists/text_reader.hpp"

#include <deque>
#include <utility>
#include <vector>

namespace pofetch::lists {
namespace {

std::string ending_of(const std::string& input) {
  const std::size_t dot = input.find_last_of("./\\");
  if (dot == std::string::npos || input[dot] != '.') return {};
  return core::to_lower(std::string_view(input).substr(dot));
}

/// The first record that is not blank, as the CSV reader would give it; empty if there is none.
std::vector<std::string> first_cells(std::string_view sample, const csv_dialect& dialect) {
  csv_reader reader(text_source::of_text(std::string(sample)), dialect, {});
  while (true) {
    auto next = reader.next();
    if (!next || !*next) return {};
    if (!is_blank(**next)) return std::move((**next).cells);
  }
}

/// Is the first line (after comments) made of POs alone?
bool begins_with_pos(std::string_view sample) {
  text_reader reader(text_source::of_text(std::string(sample)));
  auto first = reader.next();
  if (!first || !*first) return false;
  return core::parse_po_cell((**first).cells.front()).all_pos();
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

/// Titles above the names of the columns hide the delimiter: the one with which a row of names comes to
/// light, if there is one.
csv_dialect below_titles(std::string_view sample, const csv_dialect& seen, const list_options& options) {
  constexpr std::size_t records_looked_at = 50;
  for (const char delimiter : std::string_view(";,\t|")) {
    csv_dialect tried = seen;
    tried.delimiter = delimiter;
    csv_reader reader(text_source::of_text(std::string(sample)), tried, {});
    std::deque<record> records;
    while (records.size() < records_looked_at) {
      auto next = reader.next();
      if (!next || !*next) break;
      records.push_back(std::move(**next));
    }
    const auto names = find_names(records, options);
    if (names && records[*names].cells.size() > 1) return tried;
  }
  return seen;
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
  if (form.what == csv && !find_po_column(first_cells(sample, form.dialect), options))
    form.dialect = below_titles(sample, form.dialect, options);
  return form;
}

}  // namespace pofetch::lists
