#pragma once

#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace pofetch::storage {

/// What a file system is like for an output folder.
struct folder_facts {
  /// Where it was tried out: the folder itself, or the one in which it would be made.
  std::filesystem::path where;
  std::uint64_t free_bytes = 0;
  /// Files that can still be made; all ones if the file system knows no bound.
  std::uint64_t free_files = ~std::uint64_t{0};
  /// `A.pdf` and `a.pdf` are two files.
  bool tells_case = true;
  /// A name of 255 bytes can be made.
  bool long_names = true;
  /// Bringing a file and its folder to stable storage took so long.
  std::chrono::milliseconds syncing{};
};

/// Does in a folder of its own within `dir` what a run does there: writes a file, syncs it, renames it into
/// place and reads it back. That folder is removed again, and `dir` is not made. Blocks. Failures: disk,
/// disk_full, permission, config (there is no place for such a folder).
[[nodiscard]] result<folder_facts> probe_folder(const std::filesystem::path& dir);

}  // namespace pofetch::storage
