#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace pofetch::os {

/// A file that is written bit by bit and takes the place of another in one step. Until `commit` the old one
/// is as it was; without `commit` nothing is left behind; what a killed process left is swept by the next
/// one. The permissions of the old file stay. What has the name of the target but is neither a regular file
/// nor a link is a failure (`disk`).
class replacement_file {
 public:
  /// Creates a hidden file in the folder of `target`, which is a path of the user's (see `followed`).
  /// Failures: disk, disk_full, permission.
  [[nodiscard]] static result<std::unique_ptr<replacement_file>> create(const std::filesystem::path& target);

  /// The same under an open folder, whose content is not to be trusted: a link there is replaced itself.
  /// `shown` is the folder in messages. The handle must stay open.
  [[nodiscard]] static result<std::unique_ptr<replacement_file>> create_in(int folder, std::string name,
                                                                           std::filesystem::path shown);
  ~replacement_file();

  replacement_file(const replacement_file&) = delete;
  replacement_file& operator=(const replacement_file&) = delete;

  [[nodiscard]] result<void> write(std::string_view bytes);

  /// Brings the bytes to stable storage and renames the file over the target.
  [[nodiscard]] result<void> commit();

 private:
  replacement_file(std::filesystem::path target, std::string name)
      : target_(std::move(target)), name_(std::move(name)) {}
  [[nodiscard]] result<void> open(int folder);
  [[nodiscard]] failure cannot_write(int error) const;

  std::filesystem::path target_;  ///< for messages
  std::string name_;
  std::string temporary_;
  unique_fd own_folder_;
  int folder_ = -1;
  unique_fd file_;
};

}  // namespace pofetch::os
