#pragma once

#include "http/cookie.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch::http {

/// A larger cookie file is refused.
inline constexpr std::size_t max_cookie_file_bytes = 4U << 20;

/// Reads a cookie file in any of the forms of `parse_cookie_text`. Failure config, in plain words, if it
/// cannot be read or understood; it never quotes a value. Blocks.
[[nodiscard]] result<std::vector<cookie>> read_cookie_file(const std::filesystem::path& path);

/// Writes Netscape cookies.txt with mode 0600 in place of the file: whole or not at all, also in a crash.
/// Failures: disk_full, permission, disk. Blocks.
[[nodiscard]] result<void> write_cookie_file(const std::filesystem::path& path,
                                             std::span<const cookie> cookies);

/// A sentence of warning if group or others may read the file.
[[nodiscard]] std::optional<std::string> warn_if_readable_by_others(const std::filesystem::path& path);

}  // namespace pofetch::http
