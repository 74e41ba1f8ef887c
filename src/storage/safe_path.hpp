#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::storage {

/// pofetch's own folder within the output folder.
inline constexpr const char* private_folder = ".pofetch";

/// The levels of a folder path such as `Acme/123`. Failure `permission` for what may not stand in the
/// output folder: an absolute or empty path, `.`, `..`, an empty or overlong level, a NUL character,
/// pofetch's own folder.
[[nodiscard]] result<std::vector<std::string_view>> levels_of(std::string_view folder);

/// The same for the name of one file.
[[nodiscard]] result<void> check_name(std::string_view name);

/// Printable form of a path from outside for a message, cut when it is very long.
[[nodiscard]] std::string shown(std::string_view path);

}  // namespace pofetch::storage
