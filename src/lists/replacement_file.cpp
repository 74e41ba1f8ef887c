#include "lists/replacement_file.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr int names_tried = 100;
constexpr mode_t ordinary_mode = 0666;
constexpr mode_t permission_bits = 07777;

constexpr std::string_view temporary_front = ".pofetch-report-";
constexpr std::string_view temporary_back = ".tmp";

std::string temporary_name() {
  static std::atomic<unsigned> counter{0};
  return std::string(temporary_front) + std::to_string(::getpid()) + "-" + std::to_string(counter++) +
         std::string(temporary_back);
}

bool is_temporary_name(std::string_view name) {
  if (!name.starts_with(temporary_front) || !name.ends_with(temporary_back)) return false;
  name.remove_prefix(temporary_front.size());
  name.remove_suffix(std::min(name.size(), temporary_back.size()));
  const auto dash = name.find('-');
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  };
  return dash != name.npos && is_number(name.substr(0, dash)) && is_number(name.substr(dash + 1));
}

/// Removes what a killed predecessor left, and only that: a plain file of this user's that nobody has locked.
void remove_if_left(int folder, const char* name) {
  // Without waiting, should a FIFO stand there; for writing, because NFS has no other exclusive lock.
  const int file = ::openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (file < 0) return;
  struct stat facts {};
  const bool ours = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid();
  if (ours && ::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name, 0);
  ::close(file);
}

/// Best effort: what stays is small, hidden, and looked at again with the next report.
void sweep(int folder) {
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const entries = again < 0 ? nullptr : ::fdopendir(again);
  if (entries == nullptr) {
    if (again >= 0) ::close(again);
    return;
  }
  while (const dirent* entry = ::readdir(entries))
    if (is_temporary_name(entry->d_name)) remove_if_left(folder, entry->d_name);
  ::closedir(entries);
}

/// Marks the file as in use, until it is closed. False: somebody's sweep was quicker, and it has no name any
/// more.
bool claim(int file) {
  // A file system without locks sweeps nothing either.
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
  struct stat facts {};
  return ::fstat(file, &facts) != 0 || facts.st_nlink > 0;
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
  return make_failure(os::code_of(error),
                      "Cannot write '" + target_.string() + "': " + os::words_of(error) + ".");
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
  sweep(folder_);
  for (int i = 0; i < names_tried && fd_ < 0; ++i) {
    temporary_ = temporary_name();
    fd_ = ::openat(folder_, temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   ordinary_mode);
    if (fd_ < 0 && errno != EEXIST) break;
    if (fd_ < 0 || claim(fd_)) continue;
    ::close(std::exchange(fd_, -1));
    errno = EEXIST;
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
  const int error = os::write_all(fd_, bytes);
  return error == 0 ? result<void>() : cannot_write(error);
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
