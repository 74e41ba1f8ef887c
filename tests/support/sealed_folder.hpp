#pragma once

#include "support/temp_dir.hpp"

#include <fcntl.h>
#include <filesystem>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace pofetch::test {

/// A folder in which nobody can make anything, not even root: one without the right to write, an immutable
/// one, or a read-only file system, whatever this machine allows.
class sealed_folder {
 public:
  sealed_folder() {
    const auto& path = inside_.path();
    if (::geteuid() != 0) {
      std::filesystem::permissions(path, std::filesystem::perms(0555));
      sealed_ = true;
      return;
    }
    immutable_ = make_immutable(true);
    mounted_ = !immutable_ && ::mount("tmpfs", path.c_str(), "tmpfs", MS_RDONLY, "") == 0;
    sealed_ = immutable_ || mounted_;
  }
  ~sealed_folder() {
    if (immutable_) make_immutable(false);
    if (mounted_) ::umount2(inside_.path().c_str(), MNT_DETACH);
    std::error_code ignored;
    std::filesystem::permissions(inside_.path(), std::filesystem::perms(0755), ignored);
  }
  sealed_folder(const sealed_folder&) = delete;
  sealed_folder& operator=(const sealed_folder&) = delete;

  /// False where root may neither mark a folder as immutable nor mount anything, as in many containers.
  [[nodiscard]] bool is_sealed() const { return sealed_; }
  [[nodiscard]] const std::filesystem::path& path() const { return inside_.path(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return inside_ / name; }

 private:
  bool make_immutable(bool wanted) {
    const int folder = ::open(inside_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int flags = 0;
    bool done = folder >= 0 && ::ioctl(folder, FS_IOC_GETFLAGS, &flags) == 0;
    flags = wanted ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
    done = done && ::ioctl(folder, FS_IOC_SETFLAGS, &flags) == 0;
    if (folder >= 0) ::close(folder);
    return done;
  }

  temp_dir inside_;
  bool immutable_ = false;
  bool mounted_ = false;
  bool sealed_ = false;
};

}  // namespace pofetch::test
