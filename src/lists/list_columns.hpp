#pragma once

#include "lists/po_list_reader.hpp"
#include "lists/record_reader.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch::lists {

/// Positions of the columns that matter in one list.
struct list_columns {
  std::size_t po = 0;
  std::optional<std::size_t> supplier;
  std::vector<std::size_t> folders;
  bool is_manifest = false;
  // Of a manifest only.
  std::optional<std::size_t> url;
  std::optional<std::size_t> file_name;
  std::optional<std::size_t> sha256;
  std::optional<std::size_t> size;
};

/// The PO column that the options ask for, or the one that is known by its name.
[[nodiscard]] std::optional<std::size_t> find_po_column(std::span<const std::string> header,
                                                        const list_options& options);

/// Finds the columns. Folder levels are the --folder-columns, else the named columns right of one that is
/// headed `<|>` (but for the PO column, those of a manifest and those that an earlier report added). Failure
/// `input` names the option and the columns that there are, and offers the one whose values in `rows`, the
/// first of the list, look like POs; `name` is what it calls the input.
[[nodiscard]] result<list_columns> resolve_columns(std::span<const std::string> header,
                                                   const std::deque<record>& rows,
                                                   const list_options& options, const std::string& name);

}  // namespace pofetch::lists
