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

/// Syncs the folder, so that the new name survives a power cut. Some file systems cannot: no failure.
void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

std::string temporary_name() {
  static std::atomic<unsigned> counter{0};
  return ".pofetch-report-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp";
}

}  // namespace

failure replacement_file::cannot_write(int error) const {
  return make_failure(code_of(error), "Cannot write '" + target_.string() + "': " + ::strerror(error) + ".");
}

result<std::unique_ptr<replacement_file>> replacement_file::create(const std::filesystem::path& target) {
  std::error_code ignored;
  const bool is_link = std::filesystem::is_symlink(target, ignored);
  std::filesystem::path real = is_link ? std::filesystem::weakly_canonical(target, ignored) : target;
  if (real.empty()) real = target;
  std::unique_ptr<replacement_file> file(new replacement_file(std::move(real)));
  auto opened = file->open();
  if (!opened) return opened.error();
  return file;
}

result<void> replacement_file::open() {
  struct stat old {};
  const bool replaces = ::stat(target_.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode)) {
    return make_failure(errc::disk,
                        "Cannot write '" + target_.string() +
                            "': something that is no regular file stands there; give another name.");
  }
  for (int i = 0; i < names_tried && fd_ < 0; ++i) {
    temporary_ = target_.parent_path() / temporary_name();
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, ordinary_mode);
    if (fd_ < 0 && errno != EEXIST) break;
  }
  if (fd_ < 0) return cannot_write(errno);
  // Best effort: a report that somebody made private stays so where that is possible.
  if (replaces && ::fchmod(fd_, old.st_mode & permission_bits & ~static_cast<mode_t>(S_ISUID | S_ISGID)) != 0)
    errno = 0;
  return {};
}

replacement_file::~replacement_file() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
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
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return cannot_write(errno);
  ::close(fd_);
  fd_ = -1;
  const std::filesystem::path folder = target_.parent_path();
  sync_folder(folder.empty() ? std::filesystem::path(".") : folder);
  return {};
}

}  // namespace pofetch::lists
