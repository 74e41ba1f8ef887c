#include "lists/list_form.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "lists/csv/csv_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/list_header.hpp"
#include "lists/record_look.hpp"
#include "lists/text/text_look.hpp"
#include "lists/text/text_reader.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace pofetch::lists {
namespace {

std::string ending_of(const std::string& input) {
  const std::size_t dot = input.find_last_of("./\\");
  if (dot == std::string::npos || input[dot] != '.') return {};
  return core::to_lower(std::string_view(input).substr(dot));
}

bool is_comment(const record& from) {
  return from.cells.size() == 1 && core::trim(from.cells.front()).starts_with('#');
}

/// The first records, as the CSV reader would give them, without comments.
std::deque<record> first_records(std::string_view sample, const csv_dialect& dialect) {
  constexpr std::size_t records_looked_at = 50;
  csv_reader reader(text_source::of_text(std::string(sample)), dialect, {});
  std::deque<record> records;
  while (records.size() < records_looked_at) {
    auto next = reader.next();
    if (!next || !*next) break;
    if (!is_no_row(**next) && !is_comment(**next)) records.push_back(std::move(**next));
  }
  return records;
}

/// The first line (after comments and rules) as a cell of POs.
core::po_cell first_line(std::string_view sample) {
  text_reader reader(text_source::of_text(std::string(sample)));
  auto first = reader.next();
  while (first && *first && is_no_row(**first)) first = reader.next();
  return first && *first ? core::parse_po_cell((**first).cells.front()) : core::po_cell();
}

/// Do words stand there, as the name of a column does (`Quantity`, `Column1`), and no order that somebody has
/// mistyped?
bool reads_like_name(const core::po_cell& line) {
  std::string words;
  for (const std::string& word : line.rejected) words += word;
  const auto digits = static_cast<std::size_t>(std::count_if(words.begin(), words.end(), core::is_digit));
  return line.orders.empty() && digits * 2 < words.size();
}

/// Tables of SAP and Markdown have a bar before the first and behind the last cell.
bool is_framed(const record& names, char delimiter) {
  return delimiter == '|' && names.cells.size() > 2 && is_blank_cell(names.cells.front()) &&
         is_blank_cell(names.cells.back());
}

/// The dialect with which a row of several names comes to light, if there is one. Titles above the names hide
/// the delimiter, or show a wrong one: the one that splits the most rows as the names wins, `seen` in a draw.
std::optional<csv_dialect> with_names(std::string_view sample, const csv_dialect& seen,
                                      const list_options& options) {
  std::optional<csv_dialect> best;
  std::size_t best_alike = 0;
  for (const char delimiter : {seen.delimiter, ';', ',', '\t', '|'}) {
    csv_dialect tried = seen;
    tried.delimiter = delimiter;
    const std::deque<record> records = first_records(sample, tried);
    const auto names = find_names(records, options);
    if (!names || records[*names].cells.size() < 2) continue;
    const auto alike = static_cast<std::size_t>(std::count_if(
        records.begin(), records.end(),
        [&cells = records[*names].cells](const record& one) { return one.cells.size() == cells.size(); }));
    if (alike <= best_alike) continue;
    tried.is_framed = is_framed(records[*names], delimiter);
    best = tried;
    best_alike = alike;
    if (seen.has_sep_line) break;
  }
  return best;
}

/// What stands below the first lines, from where one delimiter splits the rest evenly; empty: nowhere.
std::string_view even_rest(std::string_view sample) {
  constexpr int lines_left_out = 20;
  for (int i = 0; i < lines_left_out && !sample.empty(); ++i) {
    const csv_dialect tried = detect_csv_dialect(sample);
    if (tried.delimiter != csv_dialect::none && tried.even) return sample;
    const std::size_t end = sample.find_first_of("\r\n");
    sample.remove_prefix(std::min(end == std::string_view::npos ? end : end + 1, sample.size()));
  }
  return {};
}

/// Do names stand below the first lines that nobody knows? Then what reads like the name of a PO column is a
/// title.
bool has_unknown_names(std::string_view sample) {
  const std::string_view rest = even_rest(sample);
  if (rest.empty() || rest.data() == sample.data()) return false;
  const std::deque<record> records = first_records(rest, detect_csv_dialect(rest));
  return !records.empty() && has_only_words(records.front());
}

/// A list of one column that has its name above it. What stands behind a tab or bar is no part of that
/// column.
result<csv_dialect> under_one_name(std::string_view sample, const csv_dialect& seen,
                                   const std::string& name) {
  const text_look look = look_of(sample);
  if (look == text_look::columns || has_unknown_names(sample)) return uncertain(name);
  if (look == text_look::orders) return seen;
  for (const char delimiter : {'\t', '|'}) {
    csv_dialect tried = seen;
    tried.delimiter = delimiter;
    const std::deque<record> records = first_records(sample, tried);
    const bool is_even = records.size() > 1 && records[1].cells.size() > 1 &&
                         std::all_of(records.begin() + 1, records.end(), [&records](const record& one) {
                           return one.cells.size() == records[1].cells.size();
                         });
    if (is_even) return tried;
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
  const std::deque<record> records = first_records(sample, form.dialect);
  const std::size_t width = records.empty() ? 0 : records.front().cells.size();
  if (const auto table = with_names(sample, form.dialect, options)) {
    form.dialect = *table;
    return form;
  }
  const bool is_named = width > 0 && find_po_column(records.front().cells, options);
  if (is_named && width > 1) return form;
  if (is_named || find_names(records, options)) {
    auto dialect = under_one_name(sample, form.dialect, name);
    if (!dialect) return dialect.error();
    form.dialect = *dialect;
    return form;
  }
  const core::po_cell first = first_line(sample);
  const bool is_text_name = ending == ".txt" && width <= 1;
  const bool has_orders_alone = look_of(sample) == text_look::orders;
  // What stands below the name of a column is what that name says, whatever the file is called.
  const bool is_text = first.all_pos() || (is_text_name && !reads_like_name(first));
  if (is_text && has_orders_alone && options.kind != list_kind::manifest) {
    form.what = text;
    return form;
  }
  if (const auto rest = even_rest(sample); !rest.empty()) form.dialect = detect_csv_dialect(rest);
  const bool has_cells = form.dialect.delimiter != csv_dialect::none;
  if (!has_cells && !has_orders_alone && (is_text_name || !first.orders.empty())) return uncertain(name);
  return form;
}

}  // namespace pofetch::lists
