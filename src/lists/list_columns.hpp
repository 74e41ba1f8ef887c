#pragma once

#include "lists/po_list_reader.hpp"

#include <cstddef>
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

/// Has the header the PO column that the options ask for, or one that is known by its name?
[[nodiscard]] bool has_po_column(std::span<const std::string> header, const list_options& options);

/// Finds the columns. Failure `input` names the option and the columns that there are; `name` is what
/// it calls the input.
[[nodiscard]] result<list_columns> resolve_columns(std::span<const std::string> header,
                                                   const list_options& options, const std::string& name);

}  // namespace pofetch::lists
