#include "os/replace_file.hpp"

#include "os/read_write.hpp"
#include "os/uninterrupted.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace pofetch::os {
namespace {

int write_new(int folder, const replacement& how, std::string_view text) {
  unique_fd file = new_file(folder, how.fresh, how.mode);
  if (!file) return errno;
  int error = write_all(file.get(), text);
  if (error == 0 && how.synced) error = sync(file.get());
  // File systems on the network tell some errors only now.
  return ::close(file.release()) != 0 && error == 0 ? errno : error;
}

}  // namespace

unique_fd new_file(int folder, const std::string& name, mode_t mode) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  return unique_fd(uninterrupted([&] { return ::openat(folder, name.c_str(), flags, mode); }));
}

int sync(int handle) noexcept {
  const int outcome = uninterrupted([handle] { return ::fsync(handle); });
  // Some file systems cannot sync a folder and say so with EINVAL: nothing more can be done there.
  return outcome == 0 || errno == EINVAL ? 0 : errno;
}

std::filesystem::path followed(const std::filesystem::path& path) {
  struct stat link {};
  const bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  if (!is_link || (link.st_uid != ::geteuid() && link.st_uid != 0)) return path;
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  return error ? path : real;
}

int replace_file(int folder, const replacement& how, std::string_view text) {
  const auto remove_fresh = [&] { static_cast<void>(::unlinkat(folder, how.fresh.c_str(), 0)); };
  int error = write_new(folder, how, text);
  if (error == EEXIST) {
    remove_fresh();
    error = write_new(folder, how, text);
  }
  if (error == 0 && ::renameat(folder, how.fresh.c_str(), folder, how.name.c_str()) != 0) error = errno;
  if (error != 0) remove_fresh();
  return error;
}

}  // namespace pofetch::os
