#include "lists/list_columns.hpp"

#include "core/columns.hpp"
#include "lists/show.hpp"

#include <fmt/format.h>

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
                                  option, show(wanted), name, name_columns(header)));
}

}  // namespace

bool has_po_column(std::span<const std::string> header, const list_options& options) {
  if (!options.po_column.empty()) return core::find_column(header, options.po_column).has_value();
  return core::find_columns(header).po.has_value();
}

result<list_columns> resolve_columns(std::span<const std::string> header, const list_options& options,
                                     const std::string& name) {
  const core::known_columns known = core::find_columns(header);
  const auto po = options.po_column.empty() ? known.po : core::find_column(header, options.po_column);
  if (!po && !options.po_column.empty())
    return no_such_column("--po-column", options.po_column, name, header);
  if (!po) {
    return make_failure(errc::input,
                        fmt::format("No column of {} is known to hold PO numbers; its columns are {}; "
                                    "name the right one with --po-column.",
                                    name, name_columns(header)));
  }
  list_columns columns;
  columns.po = *po;
  columns.supplier = known.supplier;
  if (!options.supplier_column.empty()) {
    columns.supplier = core::find_column(header, options.supplier_column);
    if (!columns.supplier) return no_such_column("--supplier-column", options.supplier_column, name, header);
  }
  for (const std::string& wanted : options.folder_columns) {
    const auto folder = core::find_column(header, wanted);
    if (!folder) return no_such_column("--folder-columns", wanted, name, header);
    columns.folders.push_back(*folder);
  }
  columns.is_manifest = known.url.has_value() && options.kind != list_kind::purchase_orders;
  if (options.kind == list_kind::manifest && !known.url) {
    return make_failure(
        errc::input,
        fmt::format("A manifest needs a column 'url', which {} does not have; its columns are {}.", name,
                    name_columns(header)));
  }
  if (columns.is_manifest) {
    columns.url = known.url;
    columns.file_name = known.file_name;
    columns.sha256 = known.sha256;
    columns.size = known.size;
  }
  return columns;
}

}  // namespace pofetch::lists
