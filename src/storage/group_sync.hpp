#pragma once

#include <pofetch/pool_config.hpp>

#include <cstddef>
#include <span>

namespace pofetch::storage {

/// From so many files or folders on, one syncfs(2) takes the place of a sync of each. Measured on ext4
/// with files of 10 KB: 8 one by one take 2 to 5 ms, one syncfs 0.5 to 2 ms; 64 take 10 to 25 ms against
/// 2 to 3 ms. Not for fewer: syncfs waits for what other programs have written on that file system, too.
inline constexpr std::size_t syncfs_from = 8;

/// Brings files to stable storage, as many at once as `durability` allows. Since Linux 5.8 syncfs
/// reports failed writes as fsync does.
class group_sync {
 public:
  /// `root` is an open folder on the file system in question; it must outlive the object.
  group_sync(int root, durability how) noexcept : root_(root), how_(how) {}

  /// Contents and sizes of these files. 0 or an errno.
  [[nodiscard]] int files(std::span<const int> handles) const noexcept;

  /// The entries of one folder. 0 or an errno.
  [[nodiscard]] int folder(int handle) const noexcept;

  /// Everything on the file system, in one go. 0 or an errno.
  [[nodiscard]] int file_system() const noexcept;

  /// Are so many better synced in one go?
  [[nodiscard]] bool as_one(std::size_t count) const noexcept;

  [[nodiscard]] durability how() const noexcept { return how_; }

 private:
  int root_;
  durability how_;
};

}  // namespace pofetch::storage
