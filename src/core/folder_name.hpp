#pragma once

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// What makes two folders the same one on a file system that ignores case.
[[nodiscard]] std::string folder_key(std::string_view folder);

/// `a/b`, 2 gives `a/b (2)`; the last level is cut to 255 bytes before the number.
[[nodiscard]] std::string numbered_folder(std::string_view folder, std::size_t number);

/// The folder with the name of a state behind it: `a/7`, completed gives `a/7_COMPLETED`. The last level is
/// cut so that there is room for the state, and for a number behind that.
[[nodiscard]] std::string folder_with_status(std::string_view folder, po_status status);

/// `wanted`, else `wanted (2)` and so on: the first of which `is_free` says yes. Asks some ten times at most,
/// however many names are taken, where numbers are given in order. Failures: those of `is_free`.
[[nodiscard]] result<std::string> first_free_folder(
    std::string_view wanted, const std::function<result<bool>(const std::string& folder)>& is_free);

}  // namespace pofetch::core
