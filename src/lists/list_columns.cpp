#include "lists/list_columns.hpp"

#include "core/ascii.hpp"
#include "core/columns.hpp"
#include "core/po_number.hpp"
#include "core/setting_text.hpp"
#include "lists/report/report_columns.hpp"
#include "lists/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t columns_shown = 40;

std::string name_columns(std::span<const std::string> header) {
  std::string names;
  for (std::size_t i = 0; i < header.size() && i < columns_shown; ++i) {
    if (i > 0) names += ", ";
    names += show(header[i]);
  }
  if (header.size() > columns_shown) names += fmt::format(" and {} more", header.size() - columns_shown);
  return names;
}

failure no_such_column(std::string_view option, const std::string& wanted, const std::string& name,
                       std::span<const std::string> header) {
  return make_failure(errc::input,
                      fmt::format("{} asks for the column {}, which {} does not have; its columns are {}.",
                                  core::spelled(option), show(wanted), name, name_columns(header)));
}

/// How the values of one column look.
struct column_look {
  std::size_t filled = 0;
  std::size_t orders = 0;
  std::size_t prefixed = 0;
  std::set<std::string, std::less<>> distinct;
};

void look_at(const std::string& cell, column_look& look) {
  // Shorter numbers may be years, quantities or positions.
  constexpr std::size_t digits_of_a_po = 5;
  if (core::trim(cell).empty()) return;
  ++look.filled;
  const core::po_cell read = core::parse_po_cell(cell);
  if (!read.all_pos()) return;
  const core::parsed_po& first = read.orders.front();
  if (first.prefix.empty() && first.number.size() < digits_of_a_po) return;
  ++look.orders;
  if (!first.prefix.empty()) ++look.prefixed;
  look.distinct.insert(first.number);
}

/// The column of which nearly all values look like POs, if there is one: those with PO before the digits
/// first, then those that differ most.
std::optional<std::size_t> likely_po_column(std::size_t columns, const std::deque<record>& rows) {
  std::vector<column_look> looks(columns);
  for (const record& row : rows) {
    for (std::size_t i = 0; i < row.cells.size() && i < columns; ++i) look_at(row.cells[i], looks[i]);
  }
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < columns; ++i) {
    const column_look& look = looks[i];
    if (look.orders == 0 || look.orders * 10 < look.filled * 8 || look.filled * 2 < rows.size()) continue;
    const auto rank = [&looks](std::size_t which) {
      return std::pair(looks[which].prefixed, looks[which].distinct.size());
    };
    if (!best || rank(*best) < rank(i)) best = i;
  }
  return best;
}

failure no_po_column(std::span<const std::string> header, const std::deque<record>& rows,
                     const std::string& name) {
  std::string message = fmt::format("No column of {} is known to hold PO numbers; its columns are {}; ", name,
                                    name_columns(header));
  const auto likely = likely_po_column(header.size(), rows);
  if (!likely) {
    message += core::spelled("name the right one with @po_column.");
  } else if (core::trim(header[*likely]).empty()) {
    message += fmt::format(
        "the values of the {}. one, which has no name, look like PO numbers: give it a name.", *likely + 1);
  } else if (core::parse_po_cell(header[*likely]).all_pos()) {
    // With --po-column the row would be taken for names, and its PO would be lost.
    message += fmt::format(
        "they are no names, since {} looks like a PO number: put a row of names above it, with PO in that "
        "column.",
        show(header[*likely]));
  } else {
    message += core::sentence("the values of {} look like PO numbers: if they are, add @po_column {}.",
                              show(header[*likely]), show(header[*likely]));
  }
  return make_failure(errc::input, std::move(message));
}

/// Those of a list that is an earlier report are looked for among its own columns: `BYTES` of a report is no
/// size that a file must have. Its suppliers are as good as the list's.
core::known_columns known_columns_of(std::span<const std::string> header) {
  std::vector<std::string> own(header.size());
  for (const std::size_t i : own_columns(header)) own[i] = header[i];
  core::known_columns known = core::find_columns(own);
  if (!known.supplier) known.supplier = core::find_columns(header).supplier;
  return known;
}

bool is_manifest_column(std::size_t column, const core::known_columns& known) {
  return column == known.url || column == known.file_name || column == known.sha256 || column == known.size;
}

/// The columns right of the mark `<|>`, which users of such lists know.
std::vector<std::size_t> marked_folders(std::span<const std::string> header, const list_columns& columns,
                                        const core::known_columns& known) {
  const auto mark = std::find_if(header.begin(), header.end(),
                                 [](const std::string& name) { return core::trim(name) == "<|>"; });
  std::vector<std::size_t> folders;
  for (const std::size_t i : own_columns(header)) {
    const bool is_right = mark != header.end() && i > static_cast<std::size_t>(mark - header.begin());
    const bool has_name = !core::trim(header[i]).empty() && !is_made_up(header, i);
    if (!is_right || !has_name || i == columns.po) continue;
    if (!columns.is_manifest || !is_manifest_column(i, known)) folders.push_back(i);
  }
  return folders;
}

}  // namespace

std::optional<std::size_t> find_po_column(std::span<const std::string> header, const list_options& options) {
  if (!options.po_column.empty()) return core::find_column(header, options.po_column);
  return core::find_columns(header).po;
}

result<list_columns> resolve_columns(std::span<const std::string> header, const std::deque<record>& rows,
                                     const list_options& options, const std::string& name) {
  const core::known_columns known = known_columns_of(header);
  const auto po = find_po_column(header, options);
  if (!po && !options.po_column.empty()) return no_such_column("@po_column", options.po_column, name, header);
  if (!po) return no_po_column(header, rows, name);
  list_columns columns;
  columns.po = *po;
  columns.supplier = known.supplier;
  if (!options.supplier_column.empty()) {
    columns.supplier = core::find_column(header, options.supplier_column);
    if (!columns.supplier) return no_such_column("@supplier_column", options.supplier_column, name, header);
  }
  for (const std::string& wanted : options.folder_columns) {
    const auto folder = core::find_column(header, wanted);
    if (!folder) return no_such_column("@folder_columns", wanted, name, header);
    columns.folders.push_back(*folder);
  }
  columns.is_manifest = known.url.has_value() && options.kind != list_kind::purchase_orders;
  if (options.kind == list_kind::manifest && !known.url) {
    return make_failure(
        errc::input,
        fmt::format("A manifest needs a column 'url', which {} does not have; its columns are {}.", name,
                    name_columns(header)));
  }
  if (options.folder_columns.empty()) columns.folders = marked_folders(header, columns, known);
  if (columns.is_manifest) {
    columns.url = known.url;
    columns.file_name = known.file_name;
    columns.sha256 = known.sha256;
    columns.size = known.size;
  }
  return columns;
}

}  // namespace pofetch::lists
