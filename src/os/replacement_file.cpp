#include "os/replacement_file.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "os/replace_file.hpp"

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

namespace pofetch::os {
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
  const unique_fd file(::openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat facts {};
  const bool ours =
      file && ::fstat(file.get(), &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid();
  if (ours && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlinkat(folder, name, 0);
}

/// Best effort: what stays is small, hidden, and looked at again with the next file.
void sweep(int folder) {
  unique_fd again(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* const entries = again ? ::fdopendir(again.get()) : nullptr;
  if (entries == nullptr) return;
  again.release();
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

}  // namespace

failure replacement_file::cannot_write(int error) const {
  return make_failure(code_of(error), "Cannot write '" + target_.string() + "': " + words_of(error) + ".");
}

result<std::unique_ptr<replacement_file>> replacement_file::create(const std::filesystem::path& target) {
  const std::filesystem::path real = followed(target);
  std::unique_ptr<replacement_file> file(new replacement_file(real, real.filename().string()));
  const std::filesystem::path folder = real.has_parent_path() ? real.parent_path() : ".";
  file->own_folder_ = unique_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file->own_folder_) return file->cannot_write(errno);
  auto opened = file->open(file->own_folder_.get());
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
  for (int i = 0; i < names_tried && !file_; ++i) {
    temporary_ = temporary_name();
    file_ = new_file(folder_, temporary_, ordinary_mode);
    if (!file_ && errno != EEXIST) break;
    if (!file_ || claim(file_.get())) continue;
    file_.reset();
    errno = EEXIST;
  }
  if (!file_) return cannot_write(errno);
  // Best effort: a report that somebody made private stays so where that is possible.
  const bool keeps_mode = replaces && S_ISREG(old.st_mode);
  const mode_t mode = old.st_mode & permission_bits & ~static_cast<mode_t>(S_ISUID | S_ISGID);
  if (keeps_mode && ::fchmod(file_.get(), mode) != 0) errno = 0;
  return {};
}

replacement_file::~replacement_file() {
  if (file_) ::unlinkat(folder_, temporary_.c_str(), 0);
}

result<void> replacement_file::write(std::string_view bytes) {
  const int error = write_all(file_.get(), bytes);
  return error == 0 ? result<void>() : cannot_write(error);
}

result<void> replacement_file::commit() {
  if (const int error = sync(file_.get()); error != 0) return cannot_write(error);
  if (::renameat(folder_, temporary_.c_str(), folder_, name_.c_str()) != 0) return cannot_write(errno);
  // Not before: it is the lock that keeps others from sweeping it.
  file_.reset();
  // So that the new name survives a power cut. Some file systems cannot: no failure.
  static_cast<void>(sync(folder_));
  return {};
}

}  // namespace pofetch::os
