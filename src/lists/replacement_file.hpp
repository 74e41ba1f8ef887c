#pragma once

#include <pofetch/error.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

namespace pofetch::lists {

/// A file that takes the place of another in one step. Until `commit` the old one is as it was; without
/// `commit` nothing is left behind. A link is followed; the permissions of the old file stay.
class replacement_file {
 public:
  /// Creates a hidden file in the folder of `target`. Failures: disk, disk_full, permission; also if
  /// `target` is there and is no regular file.
  [[nodiscard]] static result<std::unique_ptr<replacement_file>> create(const std::filesystem::path& target);
  ~replacement_file();

  replacement_file(const replacement_file&) = delete;
  replacement_file& operator=(const replacement_file&) = delete;

  [[nodiscard]] result<void> write(std::string_view bytes);

  /// Brings the bytes to stable storage and renames the file over the target.
  [[nodiscard]] result<void> commit();

 private:
  explicit replacement_file(std::filesystem::path target) : target_(std::move(target)) {}
  [[nodiscard]] result<void> open();
  [[nodiscard]] failure cannot_write(int error) const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int fd_ = -1;
};

}  // namespace pofetch::lists
