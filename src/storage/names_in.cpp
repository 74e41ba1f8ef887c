#include "storage/names_in.hpp"

#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>

namespace pofetch::storage {
namespace {

struct close_dir {
  void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};

failure unreadable(int error) { return os::failure_of(error, "A folder's names cannot be read"); }

}  // namespace

result<std::vector<std::string>> names_in(int folder) {
  // A handle of its own: reading moves a position, and closing the stream closes the handle.
  os::unique_fd own(
      os::uninterrupted([folder] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!own) return unreadable(errno);
  const std::unique_ptr<DIR, close_dir> dir(::fdopendir(own.get()));
  if (!dir) return unreadable(errno);
  own.release();
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* item = ::readdir(dir.get());
    if (item == nullptr && errno != 0) return unreadable(errno);
    if (item == nullptr) return names;
    const std::string_view name = item->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
}

}  // namespace pofetch::storage
