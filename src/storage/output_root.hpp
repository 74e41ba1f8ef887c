#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace pofetch::storage {

/// The output folder as an open handle: whatever happens to names outside, everything is opened and
/// made under it. May be used by several threads.
class output_root {
 public:
  /// Opens the folder (the path to it is the user's own: links in it are followed) and, within it,
  /// pofetch's private folder. `create`: makes both if need be. Failures: input (not there, or no batch
  /// in it, when nothing may be made), disk, permission.
  [[nodiscard]] static result<output_root> open(const std::filesystem::path& dir, bool create);

  /// Absolute, without links.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] int handle() const noexcept { return root_.get(); }
  [[nodiscard]] int private_handle() const noexcept { return private_.get(); }
  /// Bytes that the file system takes in one name, between `core::least_name_bytes` and
  /// `core::max_name_bytes`: encrypted ones take 143.
  [[nodiscard]] std::size_t longest_name() const noexcept { return longest_name_; }

  /// Opens a folder under it. Failures: not_found, permission, disk (a file or link in the way, too).
  [[nodiscard]] result<os::unique_fd> open_folder(std::string_view folder) const;

  /// The same for a folder that somebody may have replaced: `not_found` also if a file or link stands in
  /// its way.
  [[nodiscard]] result<os::unique_fd> find_folder(std::string_view folder) const;

  /// Opens a folder under it, making the levels that are not there. The paths of folders that got a new
  /// entry by that are added to `changed` (the root is the empty path). Failures: permission, disk,
  /// disk_full.
  [[nodiscard]] result<os::unique_fd> make_folder(std::string_view folder,
                                                  std::set<std::string>& changed) const;

 private:
  [[nodiscard]] result<os::unique_fd> open_folder(std::string_view folder, bool find) const;

  output_root(std::filesystem::path path, os::unique_fd root, os::unique_fd private_dir) noexcept;

  std::filesystem::path path_;
  os::unique_fd root_;
  os::unique_fd private_;
  std::size_t longest_name_;
};

/// Makes one level in the open folder `at` if it is not there, and opens it; a link or anything else
/// that is no folder is refused. `made` tells whether it is new. Failures: disk, disk_full, permission;
/// `what` names it in the message.
[[nodiscard]] result<os::unique_fd> make_level(int at, const std::string& level, std::string_view what,
                                               bool& made);

}  // namespace pofetch::storage
