#include "lists/list_header.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "core/setting_text.hpp"
#include "lists/list_columns.hpp"
#include "lists/record_look.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t records_looked_at = 50;
constexpr std::size_t bytes_looked_at = 1U << 20;
/// Shorter ones may be years, quantities or positions.
constexpr std::size_t digits_of_a_po = 5;

std::size_t filled_cells(const record& from) {
  return static_cast<std::size_t>(std::count_if(from.cells.begin(), from.cells.end(),
                                                [](const auto& cell) { return !is_blank_cell(cell); }));
}

bool is_po(const std::string& cell) { return core::parse_po_cell(cell).all_pos(); }

/// Names do not look like POs: a row with one is a row of the list.
bool has_po(const record& from) {
  return std::any_of(from.cells.begin(), from.cells.end(), [](const std::string& cell) {
    const core::po_cell read = core::parse_po_cell(cell);
    return read.rejected.empty() && std::any_of(read.orders.begin(), read.orders.end(), [](const auto& one) {
             return one.number.size() >= digits_of_a_po || !one.prefix.empty();
           });
  });
}

bool names_po(const record& from, const list_options& options) {
  return !has_po(from) && find_po_column(from.cells, options).has_value();
}

/// A title such as `Purchase orders` reads like a column's name: is there a row of names below it, before
/// POs?
std::size_t below_title(const std::deque<record>& ahead, std::size_t title, const list_options& options) {
  for (std::size_t i = title + 1; i < ahead.size() && !has_po(ahead[i]); ++i) {
    if (filled_cells(ahead[i]) > 1 && names_po(ahead[i], options)) return i;
  }
  return title;
}

bool is_one_column_of_pos(const std::deque<record>& ahead) {
  return is_po(ahead.front().cells.front()) && std::all_of(ahead.begin(), ahead.end(), [](const record& one) {
           return filled_cells(one) == 1 && !is_blank_cell(one.cells.front());
         });
}

const cell_range* covering(const std::vector<cell_range>& merged, std::size_t column) {
  const auto found = std::find_if(merged.begin(), merged.end(), [column](const cell_range& one) {
    return one.first_column <= column && column <= one.last_column;
  });
  return found == merged.end() ? nullptr : &*found;
}

/// Adds a lower row of names to those above it, which may span several columns.
void add_names(std::vector<std::string>& names, const record& lower, const std::vector<cell_range>& merged) {
  const std::vector<std::string> above = names;
  names.resize(std::max(names.size(), lower.cells.size()));
  for (std::size_t i = 0; i < lower.cells.size(); ++i) {
    if (is_blank_cell(lower.cells[i])) continue;
    const cell_range* span = covering(merged, i);
    const std::size_t from = span == nullptr ? i : span->first_column;
    names[i] = std::string(core::trim(from < above.size() ? above[from] : ""));
    if (!names[i].empty()) names[i] += ' ';
    names[i] += core::trim(lower.cells[i]);
  }
}

/// Takes out the rows that the merged cell of the PO column's name goes down to, or the one that says what
/// the columns are over which it goes.
result<void> take_lower_names(peeked_records& records, sheet_rows& rows, std::size_t po,
                              const list_options& options, list_header& header) {
  auto looked = records.look_ahead();
  if (!looked) return looked.error();
  const std::deque<record>& ahead = **looked;
  // Merged cells are at the end of the sheet: only where no PO stands below it is it worth a look.
  if (ahead.empty() || (po < ahead[0].cells.size() && is_po(ahead[0].cells[po]))) return {};
  auto merged = rows.merged_in(header.line);
  if (!merged) return merged.error();
  const cell_range* span = covering(*merged, po);
  while (span != nullptr && !ahead.empty() && ahead[0].line <= span->last_row) {
    add_names(header.names, ahead[0], *merged);
    records.drop(1);
  }
  if (span == nullptr || span->last_row > header.line || has_po(ahead[0])) return {};
  std::vector<std::string> joined = header.names;
  add_names(joined, ahead[0], *merged);
  if (!find_po_column(joined, options)) return {};
  header.names = std::move(joined);
  records.drop(1);
  return {};
}

/// The row that a person would take for the names, though none of them is known.
std::size_t likely_names(const std::deque<record>& ahead) {
  const auto several =
      std::find_if(ahead.begin(), ahead.end(), [](const record& one) { return filled_cells(one) > 1; });
  return several == ahead.end() ? 0 : static_cast<std::size_t>(several - ahead.begin());
}

}  // namespace

std::optional<std::size_t> find_names(const std::deque<record>& ahead, const list_options& options) {
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    if (!names_po(ahead[i], options)) continue;
    return filled_cells(ahead[i]) > 1 ? i : below_title(ahead, i, options);
  }
  return std::nullopt;
}

bool has_only_words(const record& from) {
  return filled_cells(from) > 1 && std::none_of(from.cells.begin(), from.cells.end(), [](const auto& cell) {
           return std::any_of(cell.begin(), cell.end(), core::is_digit);
         });
}

bool may_be_title(const list_header& header, const std::deque<record>& rows, std::size_t po) {
  if (header.line == 0 || rows.empty()) return false;
  const auto po_cell = [po](const record& row) {
    return po < row.cells.size() ? row.cells[po] : std::string();
  };
  const std::size_t names = filled_cells({header.line, header.names, {}});
  const record& first = rows.front();
  if (filled_cells(first) > std::max<std::size_t>(names, 1) && !has_po(first) && !is_po(po_cell(first)))
    return true;
  const auto count = [&rows](const auto& what) {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), what));
  };
  const std::size_t wide = count([](const record& row) { return filled_cells(row) > 1; });
  const std::size_t good = count([&](const record& row) { return has_po({row.line, {po_cell(row)}, {}}); });
  return names == 1 && wide * 2 > rows.size() && good * 2 < rows.size();
}

failure uncertain(const std::string& name) {
  return make_failure(
      errc::input,
      name + core::spelled(": it is not certain which numbers are purchase orders, since there is more in "
                           "its rows and no row of names says what. Put a row of names above them, with PO "
                           "over the orders, name their column with @po_column, or give one order a line."));
}

failure no_rows(const std::string& name, std::uint64_t hidden) {
  const std::string why = hidden == 0 ? std::string()
                                      : " but hidden ones (" + std::to_string(hidden) +
                                            core::spelled("), which @visible_rows leaves out");
  return make_failure(errc::input,
                      "There are no rows in " + name + why + "; expected at least one purchase order.");
}

result<const std::deque<record>*> peeked_records::look_ahead() {
  std::size_t bytes = 0;
  while (ahead_.size() < records_looked_at && bytes < bytes_looked_at) {
    auto next = records_->next();
    if (!next) return next.error();
    if (!*next) break;
    if (is_no_row(**next)) continue;
    for (const std::string& cell : (**next).cells) bytes += cell.size();
    ahead_.push_back(std::move(**next));
  }
  return &ahead_;
}

void peeked_records::drop(std::size_t count) {
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(std::min(count, ahead_.size())));
}

result<std::optional<record>> peeked_records::next() {
  if (ahead_.empty()) return records_->next();
  std::optional<record> first(std::move(ahead_.front()));
  ahead_.pop_front();
  return first;
}

result<list_header> plain_header() { return list_header{{"po_number"}, 0}; }

result<list_header> read_header(peeked_records& records, const std::string& name) {
  while (true) {
    auto next = records.next();
    if (!next) return next.error();
    if (!*next) return no_rows(name);
    if (!is_no_row(**next)) return list_header{std::move((**next).cells), (**next).line};
  }
}

result<list_header> find_header(peeked_records& records, const list_options& options,
                                const std::string& name) {
  auto looked = records.look_ahead();
  if (!looked) return looked.error();
  if ((**looked).empty()) return no_rows(name);
  records.drop(find_names(**looked, options).value_or(likely_names(**looked)));
  return read_header(records, name);
}

result<list_header> find_sheet_header(peeked_records& records, sheet_rows& rows, const list_options& options,
                                      const std::string& name) {
  auto looked = records.look_ahead();
  if (!looked) return looked.error();
  const std::deque<record>& ahead = **looked;
  const bool is_plain = !ahead.empty() && options.po_column.empty() && is_one_column_of_pos(ahead);
  if (is_plain && !find_names(ahead, options)) return plain_header();
  auto header = find_header(records, options, name);
  const auto po = header ? find_po_column(header->names, options) : std::nullopt;
  if (!po) return header;
  auto lower = take_lower_names(records, rows, *po, options, *header);
  if (!lower) return lower.error();
  return header;
}

}  // namespace pofetch::lists
