#pragma once

#include "core/url.hpp"
#include "http/cookie_text.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// A larger cookie file is refused.
inline constexpr std::size_t max_cookie_file_bytes = 4U << 20;

/// Tells one version of a file from another, whoever wrote it.
struct file_version {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t changed_ns = 0;  ///< modification time

  bool operator==(const file_version&) const = default;
};

/// Of the file as it is now; nothing if there is none. Blocks.
[[nodiscard]] std::optional<file_version> version_of(const std::filesystem::path& path);

struct cookie_file {
  /// As it is on disk, in UTF-8; a secret.
  std::string text{};
  cookie_reading read{};
};

/// Reads a cookie file in any of the forms of `parse_cookie_text`, which see. Failure config, in plain words,
/// if it cannot be read or understood; it never quotes a value. Blocks.
[[nodiscard]] result<cookie_file> read_cookie_file(const std::filesystem::path& path,
                                                   const core::origin* instance = nullptr);

/// Puts the text, mode 0600, in place of the file: whole or not at all, also in a crash. Failures: disk_full,
/// permission, disk. Blocks.
[[nodiscard]] result<void> write_cookie_file(const std::filesystem::path& path, std::string_view text);

/// A sentence of warning if none of the cookies of a file would be sent to the instance: they are for other
/// hosts, or have expired. It names hosts and times, never a value.
[[nodiscard]] std::optional<std::string> warn_if_useless(const std::filesystem::path& path,
                                                         std::span<const cookie> cookies,
                                                         const core::origin& instance,
                                                         std::chrono::system_clock::time_point now);

}  // namespace pofetch::http
