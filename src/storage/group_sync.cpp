#include "storage/group_sync.hpp"

#include "os/replace_file.hpp"
#include "os/uninterrupted.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace pofetch::storage {
namespace {

/// 0 or an errno.
template <class Call>
int error_of(Call call) noexcept {
  return os::uninterrupted(call) == 0 ? 0 : errno;
}

}  // namespace

bool group_sync::as_one(std::size_t count) const noexcept {
  return how_ == durability::batch && count >= syncfs_from;
}

int group_sync::files(std::span<const int> handles) const noexcept {
  if (how_ == durability::none) return 0;
  if (as_one(handles.size())) return file_system();
  // All writes are started before the first is waited for. Its errors come out of fdatasync.
  if (handles.size() > 1) {
    for (const int file : handles) static_cast<void>(::sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE));
  }
  for (const int file : handles) {
    const int error = error_of([file] { return ::fdatasync(file); });
    if (error != 0) return error;
  }
  return 0;
}

int group_sync::folder(int handle) const noexcept { return os::sync(handle); }

int group_sync::file_system() const noexcept {
  return error_of([this] { return ::syncfs(root_); });
}

}  // namespace pofetch::storage
