#include "lists/replacement_file.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace pofetch::lists {
namespace {

constexpr int names_tried = 100;
constexpr mode_t ordinary_mode = 0666;
constexpr mode_t permission_bits = 07777;

errc code_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return errc::disk_full;
    case EACCES:
    case EPERM:
    case EROFS:
      return errc::permission;
    default:
      return errc::disk;
  }
}

std::string temporary_name() {
  static std::atomic<unsigned> counter{0};
  return ".pofetch-report-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
}

/// Where a path of the user's leads. A link that somebody else made, in a folder that others may write
/// to, is not the user's wish.
std::filesystem::path followed(const std::filesystem::path& target) {
  struct stat link {};
  const bool is_link = ::lstat(target.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  if (!is_link || (link.st_uid != ::geteuid() && link.st_uid != 0)) return target;
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::weakly_canonical(target, ignored);
  return real.empty() ? target : real;
}

}  // namespace

failure replacement_file::cannot_write(int error) const {
  return make_failure(code_of(error), "Cannot write '" + target_.string() + "': " + ::strerror(error) + ".");
}

result<std::unique_ptr<replacement_file>> replacement_file::create(const std::filesystem::path& target) {
  const std::filesystem::path real = followed(target);
  std::unique_ptr<replacement_file> file(new replacement_file(real, real.filename().string()));
  const std::filesystem::path folder = real.has_parent_path() ? real.parent_path() : ".";
  file->own_folder_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file->own_folder_ < 0) return file->cannot_write(errno);
  auto opened = file->open(file->own_folder_);
  if (!opened) return opened.error();
  return file;
}

result<std::unique_ptr<replacement_file>> replacement_file::create_in(int folder, std::string name,
                                                                      std::filesystem::path shown) {
  std::unique_ptr<replacement_file> file(new replacement_file(std::move(shown) / name, name));
  auto opened = file->open(folder);
  if (!opened) return opened.error();
  return file;
}

result<void> replacement_file::open(int folder) {
  folder_ = folder;
  struct stat old {};
  const bool replaces = ::fstatat(folder_, name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0;
  if (replaces && !S_ISREG(old.st_mode) && !S_ISLNK(old.st_mode)) {
    return make_failure(errc::disk,
                        "Cannot write '" + target_.string() +
                            "': something that is no regular file stands there; remove it, or give another "
                            "name.");
  }
  for (int i = 0; i < names_tried && fd_ < 0; ++i) {
    temporary_ = temporary_name();
    fd_ = ::openat(folder_, temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   ordinary_mode);
    if (fd_ < 0 && errno != EEXIST) break;
  }
  if (fd_ < 0) return cannot_write(errno);
  // Best effort: a report that somebody made private stays so where that is possible.
  const bool keeps_mode = replaces && S_ISREG(old.st_mode);
  const mode_t mode = old.st_mode & permission_bits & ~static_cast<mode_t>(S_ISUID | S_ISGID);
  if (keeps_mode && ::fchmod(fd_, mode) != 0) errno = 0;
  return {};
}

replacement_file::~replacement_file() {
  if (fd_ >= 0) {
    ::close(fd_);
    ::unlinkat(folder_, temporary_.c_str(), 0);
  }
  if (own_folder_ >= 0) ::close(own_folder_);
}

result<void> replacement_file::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot_write(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

result<void> replacement_file::commit() {
  if (::fsync(fd_) != 0) return cannot_write(errno);
  if (::renameat(folder_, temporary_.c_str(), folder_, name_.c_str()) != 0) return cannot_write(errno);
  ::close(fd_);
  fd_ = -1;
  // So that the new name survives a power cut. Some file systems cannot: no failure.
  ::fsync(folder_);
  return {};
}

}  // namespace pofetch::lists
