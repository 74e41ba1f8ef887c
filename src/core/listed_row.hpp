#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/po_list.hpp>

namespace pofetch::core {

/// The attachment that a row of a manifest names: with its address made whole, the name and password in that
/// taken apart, its key, and what the row announces of the body. A row that names no web address, or a digest
/// that is none, has a `problem` instead, and a key of its own.
[[nodiscard]] listed_attachment listed_of(const po_row& row);

}  // namespace pofetch::core
