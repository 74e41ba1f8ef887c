#pragma once

#include "core/unicode.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::core {

/// Bytes that most file systems allow in one name.
inline constexpr std::size_t max_name_bytes = 255;
/// Below this nothing is left to tell names apart by.
inline constexpr std::size_t least_name_bytes = 64;

/// A name that Linux, macOS and Windows all take, made of a name from outside: one path level, never
/// empty, `.` or `..`; separators and `:*?"<>|` become `_`; control, bidirectional and zero-width
/// characters are dropped; no leading or trailing spaces, no trailing dots; reserved device names get
/// a leading `_`; NFC; at most 255 bytes, cut before the extension. What is not UTF-8 is read as
/// Windows-1252. If nothing is left, the same is done with `fallback`, and at last the name is `file`.
/// `most`: a file system that takes fewer bytes (`store::longest_name`), at least `least_name_bytes`.
[[nodiscard]] std::string safe_file_name(std::string_view name, std::string_view fallback,
                                         std::size_t most = max_name_bytes);

/// The same for one level of folders: there is no extension to keep, and names that pofetch uses
/// itself at the top of the output folder (`.pofetch...`, `report.csv`) get a leading `_`.
[[nodiscard]] std::string safe_folder_name(std::string_view name, std::string_view fallback = "unnamed",
                                           std::size_t most = max_name_bytes);

struct name_parts {
  std::string_view stem;
  /// With its dot; empty if there is none.
  std::string_view extension;
};

/// The extension is what follows the last dot: 1 to 10 ASCII letters or digits behind a stem that is not
/// empty. `.tar.gz` and its like stay together.
[[nodiscard]] name_parts split_extension(std::string_view name) noexcept;

/// `a.pdf`, 2 gives `a (2).pdf`, cut to `most` bytes before the number.
[[nodiscard]] std::string numbered_name(std::string_view name, std::size_t number,
                                        std::size_t most = max_name_bytes);

}  // namespace pofetch::core
