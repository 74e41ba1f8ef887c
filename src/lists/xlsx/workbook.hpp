#pragma once

#include "lists/xlsx/zip_archive.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::lists {

struct sheet_place {
  std::string name;
  std::string part;  ///< its part of the archive
  bool hidden = false;
};

/// What a workbook (ECMA-376, also its strict form) says of itself, before a sheet is read.
struct workbook {
  std::vector<sheet_place> sheets;  ///< those with rows, in the order of their tabs
  std::string strings_part;         ///< empty: there are none
  bool from_1904 = false;
  std::vector<bool> date_styles;  ///< by number of the cell's style: does it show a date?
};

/// Reads the parts that describe the workbook. Failure `input`: the archive is no workbook, or another kind
/// of one; the message says which, and what to do.
[[nodiscard]] result<workbook> read_workbook(const zip_archive& archive, const std::string& name);

/// The part with what another part is related to.
[[nodiscard]] std::string relations_of(const std::string& part);

/// The sheet that `wanted` names (exactly, else without case), or by its number from 1; empty: the first
/// that is not hidden. Failure `input` lists the sheets that there are.
[[nodiscard]] result<sheet_place> choose_sheet(const workbook& book, const std::string& wanted,
                                               const std::string& name);

/// The names of the sheets for a message, all or all but one.
[[nodiscard]] std::string sheet_names(const workbook& book, std::string_view but = {});

}  // namespace pofetch::lists
