#include "lists/text/text_look.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "lists/record_look.hpp"
#include "lists/text/text_reader.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace pofetch::lists {
namespace {

bool has_bare_number(const core::po_cell& read) {
  return std::any_of(read.orders.begin(), read.orders.end(),
                     [](const core::parsed_po& one) { return one.prefix.empty(); });
}

/// Quantities and items have fewer digits than the orders beside them, also where these are short.
bool differ_in_length(const core::po_cell& read) {
  const auto digits = [](const core::parsed_po& one) {
    return core::without_leading_zeros(one.number).size();
  };
  const auto [shortest, longest] =
      std::minmax_element(read.orders.begin(), read.orders.end(),
                          [&](const auto& a, const auto& b) { return digits(a) < digits(b); });
  return digits(*longest) > digits(*shortest) + 1;
}

/// Counts of the lines of a text.
struct line_counts {
  std::size_t lines = 0;
  std::size_t with_digits = 0;
  std::size_t pure = 0;          ///< of these, POs and nothing else
  std::size_t doubtful = 0;      ///< of these, several that are not all called POs
  std::set<std::size_t> widths;  ///< POs on a pure line
  bool has_cells = false;        ///< with tabs or bars between doubtful ones, or doubtful ones of odd lengths

  void add(const std::string& line) {
    ++lines;
    if (std::none_of(line.begin(), line.end(), core::is_digit)) return;
    ++with_digits;
    const core::po_cell read = core::parse_po_cell(line);
    if (!read.all_pos()) return;
    ++pure;
    widths.insert(read.orders.size());
    // Quotes say that it is one cell.
    const bool is_one_cell = line.find('"') != std::string::npos;
    if (read.orders.size() == 1 || is_one_cell || !has_bare_number(read)) return;
    ++doubtful;
    has_cells = has_cells || differ_in_length(read) ||
                core::trim(line).find_first_of("\t|") != std::string_view::npos;
  }
};

}  // namespace

text_look look_of(std::string_view sample) {
  text_reader reader(text_source::of_text(std::string(sample)));
  line_counts seen;
  while (true) {
    auto next = reader.next();
    if (!next || !*next) break;
    if (!is_no_row(**next)) seen.add((**next).cells.front());
  }
  // A single line may well be all POs that somebody has; where there are more, columns show.
  const bool is_even = seen.doubtful > 1 && seen.doubtful == seen.pure && seen.widths.size() == 1;
  if (seen.doubtful > 0 && seen.lines > 1 && (is_even || seen.has_cells)) return text_look::columns;
  return seen.pure * 2 < seen.with_digits ? text_look::mixed : text_look::orders;
}

}  // namespace pofetch::lists
