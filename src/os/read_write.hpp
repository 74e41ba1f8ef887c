#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace pofetch::os {

/// Writes all of it, and waits where the descriptor is not ready (a pipe or terminal that somebody made
/// non-blocking). 0 or an errno.
[[nodiscard]] int write_all(int descriptor, std::string_view bytes) noexcept;

/// The same from a place of the file on.
[[nodiscard]] int write_all_at(int file, std::string_view bytes, std::uint64_t at) noexcept;

/// What was read.
struct bytes_read {
  std::string bytes{};
  int error = 0;  ///< the errno that ended it, 0 if none did
};

/// `count` bytes from that place of the file on, or those up to its end.
[[nodiscard]] bytes_read read_at(int file, std::uint64_t at, std::size_t count);

/// A file, or what else can be read under that name, from the beginning on; `most` bytes of it at most.
[[nodiscard]] bytes_read read_file(const std::filesystem::path& path, std::size_t most);

}  // namespace pofetch::os
